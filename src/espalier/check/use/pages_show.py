"""Is there something on the pages for the people they are for? Worked out from the data, whoever they are drawn for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .covered import entity_of, has_something
from .drawn import drawn, openers, records_of

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page
    from espalier.runtime.access import Visitor

    from ..subject import Subject


@check("use", weight=3, order=-80)
def pages_show(subject: Subject) -> Iterator[Finding]:
    """Every page has something to show, or something to do, for the people it is for."""
    world = subject.world
    strangers: list[Finding] = []
    for page in subject.pages:
        if not page.blocks:
            yield wrong(f"pages > {page.key}", "the page has no blocks", "Give it blocks, or leave it out.")
            continue
        for who in openers(subject, page):
            subject.in_time()
            finding = _finding(subject, page, who)
            if who.id is None:
                strangers.append(finding)
            else:
                yield finding
    outside = world.of(subject.cast.stranger)
    if not any(outside.readable(entity) for entity in world.rows) and not all(finding.met for finding in strangers):
        # An app for people with accounts alone: said once, not for every page.
        advice = f"Say whose pages they are, `{subject.pages[0].name} (user):`, or let anyone read something."
        strangers = [wrong("/ as anyone", "visitors without an account may open pages but read nothing there", advice)]
    yield from strangers
    for entity in dict.fromkeys(page.each for page in subject.blueprint.page_list if page.each):
        for _, each, who, row in records_of(subject, entity):
            where = f"{subject.record_url(entity, row['id'])} as {subject.cast.named(who)}"
            blocks = each.blocks if each is not None else ()
            if any(has_something(world.of(who), block, entity, (entity, row)) is not False for block in blocks):
                yield fine(where)
            else:
                yield wrong(where, "there is nothing on this record's page", f"Give it a `detail: {entity}`.")
    for one in drawn(subject):
        if one.answer.status == 200:
            words = one.answer.main.text(separator=" ").split()
            yield fine(one.where) if len(words) >= 4 else wrong(one.where, "the page as drawn holds next to nothing")


def _finding(subject: Subject, page: Page, who: Visitor) -> Finding:
    """Is there something on the page for this person?"""
    view = subject.world.of(who)
    where = f"{subject.url(page)} as {subject.cast.named(who)}"
    shown = [(block, entity_of(view, block), has_something(view, block)) for block in page.blocks]
    if any(found is not False for _, _, found in shown):
        return fine(where)
    empty = ", ".join(f"{block.kind} {entity}" for block, entity, _ in shown if entity) or "nothing but decoration"
    closed = [entity for _, entity, _ in shown if entity and not view.readable(entity)]
    if not closed:
        return wrong(
            where, f"there is nothing on it for them ({empty})", "Loosen the `where`, or seed records that fit."
        )
    if who.id is None:
        advice = f"Say whose page it is, `{page.name} (user):`, or let anyone read {closed[0]}."
        return wrong(where, f"visitors without an account find it empty: they may read nothing of it ({empty})", advice)
    advice = f"Let them read {closed[0]}, or seed records that they may read."
    return wrong(where, f"there is nothing on it for them ({empty})", advice)
