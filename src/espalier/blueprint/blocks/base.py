"""What every block kind says about itself, and the list of kinds.

A kind's file here holds its half of the language: its options, and a sample. How it is drawn is the runtime's half, in
the file of the same name under runtime/blocks/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from ..condition import Expression, Who
from ..spelled import Spelled
from ..steps import ONE_OR_LIST, PATH, alone_or_list

KINDS: dict[str, type[Block]] = {}

Words = Annotated[str, StringConstraints(max_length=5_000)]
Title = Annotated[str, StringConstraints(max_length=200)]
Lines = Annotated[dict[Title, Words], Field(max_length=60)]


class Path(Spelled, str):
    """A field, or a field through references: `price`, `service.price`."""

    describes = "a field or a dotted path"
    pattern = r"^[^\s.]+(\.[^\s.]+)*$"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        text = text.strip()
        if not PATH.fullmatch(text):
            raise ValueError(
                f"`{text[:40]}` is not a field: write a name such as `price`, or a path such as `service.price`"
            )
        return cls(text)


@dataclass(frozen=True)
class Sort(Spelled):
    """`created`, or `-created` for the newest first."""

    path: str
    descending: bool = False

    describes: ClassVar[str] = "a field; with - before it the largest first"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        match = re.fullmatch(
            r"([-+]?)\s*(\S+?)(?:\s+(asc|desc|ascending|descending|up|down))?", text.strip(), re.IGNORECASE
        )
        if not match or not PATH.fullmatch(match[2]):
            raise ValueError(
                f"`{text[:40]}` is not an order: write a field such as `name`, or `-created` for the newest first"
            )
        return cls(match[2], match[1] == "-" or (match[3] or "").lower() in ("desc", "descending", "down"))

    def __str__(self) -> str:
        return f"-{self.path}" if self.descending else self.path


@dataclass(frozen=True)
class Source(Spelled):
    """What a data block shows: `Ticket`, or `Ticket by status`."""

    entity: str
    by: str = ""

    describes: ClassVar[str] = "Entity, or Entity by field"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        entity, _, by = text.strip().partition(" by ")
        entity, by = entity.strip(), by.strip()
        if not entity.isidentifier() or (by and not PATH.fullmatch(by)):
            raise ValueError(f"`{text[:60]}` is not understood: write an entity, or `Entity by field`")
        return cls(entity, by)

    def __str__(self) -> str:
        return f"{self.entity} by {self.by}" if self.by else self.entity


def _one_or_more(value: Any) -> Any:
    return [part for part in re.split(r"\s*,\s*", value) if part] if isinstance(value, str) else value


Paths = Annotated[list[Path], BeforeValidator(_one_or_more)]
Sorts = Annotated[
    list[Sort], BeforeValidator(_one_or_more), PlainSerializer(alone_or_list), WithJsonSchema(ONE_OR_LIST)
]
Limit = Annotated[int, Field(ge=1, le=1000)]


class Block(BaseModel):
    """One block of a page. Subclasses register by their kind; adding one is adding a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: ClassVar[str] = ""
    group: ClassVar[Literal["data", "flow", "content"]]
    says: ClassVar[str]  # what it shows, in a few words
    sample: ClassVar[str]  # one block as YAML, for the card, the tests and the kit
    stands_in: ClassVar[str | None] = None  # the block that shows it until its full behaviour is built

    title: Title = ""
    text: Words = ""
    shown: Who | None = Field(None, alias="if", description="a condition without which the block is not shown")

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" in cls.__dict__:
            KINDS[cls.kind] = cls


class DataBlock(Block):
    """A block that shows records. Every subclass has `of: Source` under its own name."""

    group: ClassVar[Literal["data", "flow", "content"]] = "data"
    needs_by: ClassVar[tuple[str, ...]] = ()  # field types that `by` takes; empty when the block has no `by`

    show: Paths = []
    where: Expression | None = None
    filter: Paths = []
    sort: Sorts = []
    limit: Limit | None = None
    empty: Words = ""

    @property
    def source(self) -> Source:
        return self.of  # type: ignore[attr-defined]
