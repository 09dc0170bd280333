"""The same page, or the same block, over and over."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject

ALIKE = 0.8  # of the blocks of two pages
FEWEST = 2  # blocks, for two pages to be compared; a page of one table is like another by chance


@check("static", weight=2)
def repeated_pages(subject: Subject) -> Iterator[Finding]:
    """No page says what another says already, and no page says the same thing twice."""
    firsts = subject.structure.first_of_its_kind
    seen: list[tuple[str, list[int], frozenset[int]]] = []
    for page in subject.blueprint.page_list:
        where = f"pages > {page.key}"
        told = [block for block in page.blocks if block.kind not in ("footer", "banner")]
        marks = [id(firsts[id(block)].block) for block in told]
        twice = next((block for at, block in enumerate(told) if marks[at] in marks[:at]), None)
        subject.in_time()
        twin = next((name for name, others, known in seen if _alike(marks, others, known)), None)
        seen.append((page.name, marks, frozenset(marks)))
        if twin is not None:
            yield wrong(where, f"the page says the same as `{twin}`", "leave one of the two out")
        elif twice is not None:
            yield wrong(where, f"the same `{twice.kind}` stands there twice", "leave one out")
        else:
            yield fine(where)


def _alike(blocks: list[int], others: list[int], known: frozenset[int]) -> bool:
    """Are most blocks of two pages the same?"""
    most = max(len(blocks), len(others))
    if not blocks or not others or (most < FEWEST and blocks != others):
        return False
    return sum(block in known for block in blocks) >= ALIKE * most
