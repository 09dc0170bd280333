"""Plain HTML and JavaScript in a sandboxed frame, for what no block offers: a game, a calculator."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Block, Title

Code = Annotated[str, StringConstraints(max_length=60_000)]


class Custom(Block):
    kind = "custom"
    group = "content"
    says = "title, `html`, `js`, `css`, `data: [Entity]`: only when nothing else fits, a game or calculator"
    sample = """\
- custom: Tip calculator
  html: |
    <input id="bill" type="number" value="40"> <output id="tip"></output>
  js: |
    const show = () => tip.value = (bill.value * 0.15).toFixed(2);
    bill.oninput = show; show();
"""

    of: Title = Field("", alias="custom")
    html: Code = ""
    js: Code = ""
    css: Code = ""
    data: list[str] = Field([], description="entities whose records the code may read and write as the visitor")
