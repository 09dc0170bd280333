"""One search box over several entities."""

from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from ..condition import Expression
from ..steps import ONE_OR_LIST, alone_or_list
from .base import Block, Paths, Source, _one_or_more

Sources = Annotated[
    list[Source],
    BeforeValidator(_one_or_more),
    PlainSerializer(alone_or_list),
    WithJsonSchema(ONE_OR_LIST),
    Field(min_length=1, max_length=12),
]


class Search(Block):
    kind = "search"
    group = "data"
    says = "one search box over several entities"
    sample = """\
- search: [Ticket, Customer]
"""

    of: Sources = Field(alias="search")
    show: Paths = []
    filter: Paths = []
    where: Expression | None = None
