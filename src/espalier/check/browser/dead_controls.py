"""Does every button do something, and does every link lead somewhere?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject

MOST_LEADS = 10  # addresses that are asked for, of an app


@check("browser", weight=2)
def dead_controls(subject: Subject) -> Iterator[Finding]:
    """Every button that is pressed does something, and every link leads to a page that is there."""
    leads: dict[str, str] = {}
    for page in opened(subject):
        if page.tried is None:
            continue
        for dead in page.dead:
            block = f' of "{dead.block}"' if dead.block else ""
            yield wrong(page.where, f'"{dead.text}"{block}: {dead.why}')
        for _ in range(page.tried - len(page.dead)):
            yield fine(page.where)
        leads |= {lead: page.who for lead in page.leads if lead not in leads}
    known = {page.page for page in opened(subject)}
    people = {subject.cast.named(who): who for who in subject.cast.everybody}
    for lead in subject.some([lead for lead in leads if lead not in known], MOST_LEADS):
        status = subject.get(people[leads[lead]], lead).status
        if status >= 400:
            yield wrong(f"{lead} as {leads[lead]}", f"a link leads there, but it answers with status {status}")
        else:
            yield fine(lead)
