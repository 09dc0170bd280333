"""Pages that nobody may open."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static")
def unreachable_pages(subject: Subject) -> Iterator[Finding]:
    """Every page can be opened by somebody who can exist."""
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
