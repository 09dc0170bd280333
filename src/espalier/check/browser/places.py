"""Which pages are opened in a browser, and as whom: each page as somebody it is for, a record, a form. Opening is opening.py's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.runtime.access import ANYONE, AUTHOR, Visitor
from espalier.runtime.records import Records

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..subject import Subject

MOST = 4
MUCH_LESS = 0.7  # a stranger who sees less than this of what a member sees is not whom a page is for


@dataclass(frozen=True)
class Place:
    """An address and the person who goes there. custom: how many custom blocks it has."""

    url: str
    who: Visitor
    named: str
    custom: int = 0


def places(subject: Subject) -> list[Place]:
    """Where to look: at most MOST, the first page and those with custom blocks among them; all when thorough."""
    first: list[Place] = []
    rest: list[Place] = []
    for page in subject.pages:
        if place := _of_page(subject, page):
            (first if not first or place.custom else rest).append(place)
    for page in subject.blueprint.page_list:
        if page.each and (place := _of_record(subject, page.each, page)):
            (first if place.custom else rest).append(place)
    rest += _of_entities(subject)
    chosen = first + subject.some(rest, max(1, MOST - len(first)))
    return list(dict.fromkeys(chosen))


def _of_page(subject: Subject, page: Page) -> Place | None:
    cast = subject.cast
    best: tuple[int, Visitor] | None = None
    for who in cast.everybody:
        answer = subject.page(page, who)
        if answer.status != 200:
            continue
        size = len(answer.text)
        if best is None or best[0] < size * MUCH_LESS:
            if best is not None and best[1].id is not None:
                break  # between members the first counts
            best = (size, who)
        if best[1].id is not None or who.id is not None:
            break
    if best is None:
        return None
    return Place(subject.url(page), best[1], cast.named(best[1]), _customs(page))


def _of_record(subject: Subject, entity: str, page: Page | None = None) -> Place | None:
    """The page of one record, as the first person who may see it; the last seeded has usually most to show."""
    found = Records(subject.app, AUTHOR).query(entity, show=(), limit=2, count=False).records
    for record in found:
        url = subject.record_url(entity, record.id)
        for who in (*subject.cast.members[:2], ANYONE, *subject.cast.members[2:]):
            if subject.get(who, url).status == 200:
                return Place(url, who, subject.cast.named(who), _customs(page) if page else 0)
    return None


def _of_entities(subject: Subject) -> list[Place]:
    """One record without a page of its own, and one form: the platform draws all of them alike."""
    pages = {page.each for page in subject.blueprint.page_list}
    found: list[Place] = []
    entities = [name for name in subject.blueprint.data if name != "User"]
    for entity in [name for name in entities if name not in pages]:
        if place := _of_record(subject, entity):
            found.append(place)
            if not subject.thorough:
                break
    makers = [who for who in subject.cast.members if not who.is_admin or subject.thorough]
    by_size = sorted(entities, key=lambda name: -len(subject.blueprint.data[name].fields))
    for entity in by_size:
        url = f"/{subject.app.entity_slugs[entity]}/new"
        who = next((who for who in makers if subject.get(who, url).status == 200), None)
        if who is not None:
            found.append(Place(url, who, subject.cast.named(who)))
            if not subject.thorough:
                break
    return found


def _customs(page: Page) -> int:
    return sum(block.kind == "custom" for block in page.blocks)
