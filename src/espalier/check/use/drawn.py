"""Which pages are drawn for whom. Drawing is what costs, so that all checks look at the same drawn pages: in a quick look a few
pages, the first for the one person who has most to see there, others for one of those they are for; thoroughly every page for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..subject import Answer
from .covered import covered, entity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.blueprint.schema import Page
    from espalier.runtime.access import Visitor

    from ..subject import Subject
    from ..world import Row

MOST_PAGES = 2  # drawn in a quick look
_drawn: WeakKeyDictionary[Subject, Sequence[Drawn]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Drawn:
    """A page as somebody sees it. this: the entity and row of an `Each` page, or of the page that every record has."""

    page: Page | None
    who: Visitor
    where: str  # how findings call it: `/book as client`
    url: str
    answer: Answer
    this: tuple[str, Row] | None = None


def openers(subject: Subject, page: Page) -> list[Visitor]:
    """Everybody for whom a page is, the stranger first, the admin only where it is for nobody else."""
    world = subject.world
    found = [who for who in subject.cast.everybody if world.of(who).holds(page.who)]
    return found if len(found) == 1 else [who for who in found if not who.is_admin]


def reader(subject: Subject, page: Page) -> Visitor:
    """The one of them who has most to see there; the first of those who are alike."""
    return max(openers(subject, page), key=lambda who: _seen(subject, page, who))


def _seen(subject: Subject, page: Page, who: Visitor) -> int:
    view = subject.world.of(who)
    entities = [entity for block in page.blocks if (entity := entity_of(view, block))]
    blocks = sum(1 for block in page.blocks if entity_of(view, block) and covered(view, block, entity_of(view, block)))
    return 1000 * blocks + sum(len(view.readable(entity)) for entity in entities)


def drawn(subject: Subject) -> Sequence[Drawn]:
    """The pages that are drawn: the first one and a few of the others, pages of one record among them. Drawn once."""
    if subject not in _drawn:
        _drawn[subject] = _draw(subject)
    return _drawn[subject]


def _draw(subject: Subject) -> Sequence[Drawn]:
    found = [_page(subject, home, who) for home in subject.pages[:1] for who in _for_whom(subject, home)]
    others: list[Page | str] = [*subject.pages[1:], *_with_records(subject)]
    for one in subject.some(others, MOST_PAGES - 1):
        if isinstance(one, str):
            found += [_record(subject, *found_one) for found_one in records_of(subject, one, most=1)]
        else:  # for one of those it is for: over many apps everybody has their turn
            found += [_page(subject, one, who) for who in subject.some(openers(subject, one), 1)]
    return found


def records_of(subject: Subject, entity: str, most: int = 0) -> list[tuple[str, Page | None, Visitor, Row]]:
    """The pages of one record of the entity that can be drawn: entity, its `Each` page if it has one, who opens it, and the
    record. One record for each person. most: in a quick look, so many."""
    page = next((one for one in subject.blueprint.page_list if one.each == entity), None)
    found: list[tuple[str, Page | None, Visitor, Row]] = []
    for who in subject.cast.everybody:
        view = subject.world.of(who)
        rows = [row for row in view.readable(entity) if page is None or view.holds(page.who, entity, row)]
        if rows and not who.is_admin:
            found.append((entity, page, who, rows[len(rows) // 2]))
    return subject.some(found, most) if most else found


def _with_records(subject: Subject) -> list[str]:
    """Entities whose records have a page worth looking at: those with an `Each` page; all when there is none."""
    rows = subject.world.rows
    said = [page.each for page in subject.blueprint.page_list if page.each and rows[page.each]]
    if said and not subject.thorough:
        return list(dict.fromkeys(said))
    some = [entity for entity in subject.blueprint.entities if rows[entity] and entity != "User"]
    return [*dict.fromkeys([*said, *some])] if subject.thorough else some[:1]


def _for_whom(subject: Subject, page: Page) -> list[Visitor]:
    return openers(subject, page) if subject.thorough else [reader(subject, page)]


def _page(subject: Subject, page: Page, who: Visitor) -> Drawn:
    url = subject.url(page)
    return Drawn(page, who, f"{url} as {subject.cast.named(who)}", url, subject.page(page, who))


def _record(subject: Subject, entity: str, page: Page | None, who: Visitor, row: Row) -> Drawn:
    url = subject.record_url(entity, row["id"])
    where = f"{url} as {subject.cast.named(who)}"
    return Drawn(page, who, where, url, subject.seeded(url, who), (entity, row))
