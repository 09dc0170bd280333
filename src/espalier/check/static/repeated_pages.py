"""The same page, or the same block, over and over."""

from __future__ import annotations

from collections.abc import Iterator

from espalier.blueprint.blocks import Block

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject

ALIKE = 0.8  # of the blocks of two pages
FEWEST = 2  # blocks, for two pages to be compared; a page of one table is like another by chance


@check("static", weight=2)
def repeated_pages(subject: Subject) -> Iterator[Finding]:
    """No page says what another says already, and no page says the same thing twice."""
    seen: list[tuple[str, list[Block]]] = []
    for page in subject.blueprint.page_list:
        where = f"pages > {page.key}"
        blocks = list(page.blocks)
        twice = next(
            (block for at, block in enumerate(blocks) if block in blocks[:at] and block.kind != "footer"), None
        )
        twin = next((name for name, others in seen if _alike(blocks, others)), None)
        seen.append((page.name, blocks))
        if twin is not None:
            yield wrong(where, f"the page says the same as `{twin}`", "leave one of the two out")
        elif twice is not None:
            yield wrong(where, f"the same `{twice.kind}` stands there twice", "leave one out")
        else:
            yield fine(where)


def _alike(blocks: list[Block], others: list[Block]) -> bool:
    """Are most blocks of two pages the same?"""
    told = [block for block in blocks if block.kind not in ("footer", "banner")]
    before = [block for block in others if block.kind not in ("footer", "banner")]
    most = max(len(told), len(before))
    if not told or not before or (most < FEWEST and told != before):
        return False
    return sum(block in before for block in told) >= ALIKE * most
