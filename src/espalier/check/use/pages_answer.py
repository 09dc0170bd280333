"""Do the pages answer: drawn in full for those they are for, closed to all others?"""

from __future__ import annotations

from collections.abc import Iterator

from espalier.blueprint.schema import Page
from espalier.runtime.access import Visitor

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Answer, Subject
from .drawn import drawn

BROKEN = "This part cannot be shown right now."
UNFINISHED = "This part is not available yet."
REFUSALS = 2  # tried in a quick look


@check("use", weight=3, strict=True, order=-90)
def pages_answer(subject: Subject) -> Iterator[Finding]:
    """Every page opens for those it is for, and for nobody else."""
    for one in drawn(subject):
        said = fault(one.answer)
        yield wrong(one.where, said, "Mend what its blocks show.") if said else fine(one.where)
    for page, who in subject.some(_closed(subject), REFUSALS):
        yield _refusal(subject, page, who)


def fault(answer: Answer) -> str:
    """What is wrong with a page that should be drawn; "" when nothing is."""
    text = answer.text
    if answer.status != 200:
        return f"answers {answer.status} instead of a page"
    if BROKEN in text or "Traceback (most recent call last)" in text:
        return "a block of the page failed"
    if UNFINISHED in text:
        return "a block of the page does not exist"
    head, found, main = text.partition("<main")
    if not found or "</main>" not in main or not text.rstrip().endswith("</html>"):
        return "the page is not whole"
    if "<title>" not in head or "<h1" not in main:
        return "the page has no title"
    return ""


def _closed(subject: Subject) -> list[tuple[Page, Visitor]]:
    """Pages with people for whom they are not."""
    world = subject.world
    return [
        (page, who) for page in subject.pages for who in subject.cast.everybody if not world.of(who).holds(page.who)
    ]


def _refusal(subject: Subject, page: Page, who: Visitor) -> Finding:
    where = f"{subject.url(page)} as {subject.cast.named(who)}"
    answer = subject.page(page, who)
    view = subject.world.of(who)
    if page is subject.pages[0] and any(view.holds(one.who) for one in subject.pages):
        # Somebody who may not open the first page gets the first that they may.
        said = fault(answer)
        return wrong(where, said) if said else fine(where)
    right = answer.to_login if who.id is None else answer.status == 403
    if right:
        return fine(where)
    return wrong(where, f"answers {answer.status}, though the page is for {page.who} only")
