"""Pages that nobody may open, and blocks that are hidden from everybody."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=3)
def unreachable_pages(subject: Subject) -> Iterator[Finding]:
    """Every page can be opened, and every block be seen, by somebody who can exist."""
    structure = subject.structure
    for page in subject.blueprint.page_list:
        where = f"pages > {page.key}"
        if not structure.readers(page):
            yield wrong(where, "nobody may open this page", "name a role, `user`, or leave the brackets out")
        elif page.each and page.each not in structure.met and page.each != "User":
            yield wrong(
                where, f"no page shows `{page.each}`, so nothing leads here", f"write `- list: {page.each}` on a page"
            )
        else:
            yield fine(where)
    for placed in structure.blocks:
        if placed.block.shown is not None and structure.readers(placed.page):
            if structure.audience(placed):
                yield fine(placed.where)
            else:
                yield wrong(placed.where, f"nobody sees this block: `if: {placed.block.shown}`", "leave the `if` out")
