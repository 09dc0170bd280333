"""What a drawn block tells: the records that stand in it, in their order, and the numbers. Read from the page alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks import KINDS
from espalier.blueprint.meaning import anchor

if TYPE_CHECKING:
    from espalier.blueprint.blocks.base import Block
    from espalier.blueprint.schema import Page

    from .drawn import Drawn

# Where the address of a record stands in each kind of block: a selector and the attribute.
RECORDS = {
    "table": ("tbody tr[data-link]", "data-link"),
    "cards": (".card-title a", "href"),
    "list": ("li.list-item .list-title a", "href"),
    "gallery": ("li.wall-item > a, li.slide > a", "href"),
    "timeline": ("li.timeline-item .list-title a", "href"),
    "leaderboard": ("li.place .place-words > a", "href"),
    "progress": ("li.progress .progress-title a", "href"),
}
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
AT_THE_END = re.compile(r"/(\d+)$")


def drawn_as(block: Block) -> str:
    """The kind that draws a block: its own, or the one that stands in for it."""
    kind = type(block).kind
    while KINDS[kind].stands_in:
        kind = str(KINDS[kind].stands_in)
    return kind


def section(one: Drawn, page: Page, at: int) -> Any:
    """The node of the page's block at this place; None when it is not on the page."""
    name = anchor(page.blocks[at])
    first = next(other for other, block in enumerate(page.blocks) if anchor(block) == name)
    wanted = name if first == at else f"{name}-{at}"
    return one.answer.tree.css_first(f'[id="{wanted}"]')


def records_in(node: Any, kind: str) -> list[int]:
    """The ids of the records in a block, in the order in which they stand there."""
    if kind == "feed":
        names = [each.attributes.get("id") or "" for each in node.css("article.feed-item")]
        return [int(name.rpartition("-")[2]) for name in names]
    selector, attribute = RECORDS[kind]
    urls = [each.attributes.get(attribute) or "" for each in node.css(selector)]
    return [int(found[1]) for url in urls if (found := AT_THE_END.search(url))]


def number_in(text: str) -> tuple[float, int] | None:
    """The first number in a text, and how many digits it has behind its point; None when there is none."""
    found = NUMBER.search(text.replace("−", "-"))
    if found is None:
        return None
    plain = found[0].replace(",", "")
    minus = -1 if re.search(r"-\D{0,4}$", text[: found.start()]) else 1  # `-€5.00`
    return minus * float(plain), len(plain.partition(".")[2])


def says_number(text: str, value: float) -> bool:
    """Does the text say this number, as far as it is rounded there?"""
    found = number_in(text)
    if found is None:
        return False
    said, digits = found
    # Large amounts are said without cents.
    return abs(said - value) <= 0.5 * 10**-digits + 1e-6 * max(1, abs(value)) + 1e-9
