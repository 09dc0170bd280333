"""Whether there is anything: what a block gives to those who meet it, and the two gates that ask for it.

A block counts by what it does, not by being there: a table of records that exist or can be made, a form that somebody may
send, a script that reacts, words that say something. What stands twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from espalier.blueprint.blocks import DataBlock
from espalier.blueprint.blocks.custom import Custom

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import ADMIN
from ..structure import FORMS, Placed, Structure
from ..subject import Subject
from .dead_code import reacts
from .filler_words import filler

ENOUGH = 3.0  # of a whole app: one list that can be added to, a game, a page with an opening, a text and an address
ENOUGH_AT_HOME = 1.0
ENOUGH_WORDS = 6
GIVES = {
    "search": 1.0,
    "stats": 1.0,
    "chart": 1.0,
    "newsletter": 1.0,
    "image": 0.5,
    "video": 0.5,
    "banner": 0.25,
    "button": 0.25,
}


def gives(structure: Structure, placed: Placed, person: str) -> float:
    """How much the block gives to a person, from 0 (nothing) to 3 (a game of its own)."""
    block = placed.block
    if isinstance(block, Custom):
        return 3.0 if reacts(block) else 0.0
    if isinstance(block, DataBlock):
        entity = block.source.entity
        if block.kind in FORMS:
            return 2.0 if structure.may("create", entity, person) is not False else 0.0
        if structure.may("read", entity, person) is False:
            return 0.0
        adds = entity in structure.makes(block) and structure.may("create", entity, person) is not False
        return _there(structure, entity) * (3.0 if adds or _told(structure, entity) else 2.0)
    counted = [*structure.counts(block), *structure.shows(block)]
    if counted:
        there = [_there(structure, name) for name in counted if structure.may("read", name, person) is not False]
        return GIVES[block.kind] * max(there, default=0.0)
    words = {word for text in structure.texts(block) for word in text.lower().split()}
    if words and filler("\n".join(structure.texts(block))):
        return 0.0
    if block.kind in GIVES:
        return GIVES[block.kind] if words else 0.0
    if block.kind == "footer":
        return 0.0
    return min(1.0, len(words) / ENOUGH_WORDS)


def _there(structure: Structure, entity: str) -> float:
    """1 when there are such records or people can make some, little when only the admin's data pages can."""
    return 1.0 if entity == "User" or structure.blueprint.seed.get(entity) or structure.made.get(entity) else 0.4


def _told(structure: Structure, entity: str) -> bool:
    """Do the seeded records hold something to read?"""
    rows = structure.blueprint.seed.get(entity, [])
    return len(rows) > 1 and sum(len(row.cells) for row in rows) > 2 * len(rows)


def _sum(structure: Structure, blocks: Iterable[Placed], person: str) -> float:
    firsts = structure.first_of_its_kind
    seen: set[int] = set()
    total = 0.0
    for placed in blocks:
        first = id(firsts[id(placed.block)].block)
        if first not in seen and (person in structure.audience(placed) or person == ADMIN):
            seen.add(first)
            total += gives(structure, placed, person)
    return total


def worth(structure: Structure) -> float:
    """What the whole app gives to the person to whom it gives most."""
    return max(_sum(structure, structure.blocks, person) for person in structure.people)


@check("static", gate=True)
def substance(subject: Subject) -> Iterator[Finding]:
    """There is something in this app to see or to do."""
    most = worth(subject.structure)
    if most >= ENOUGH:
        yield fine()
    else:
        yield Finding(
            False,
            "pages",
            "there is next to nothing to see or to do for anybody",
            "show records, let people make some, or write what visitors came to read",
            (most / ENOUGH) ** 2,
        )


@check("static", gate=True)
def home_content(subject: Subject) -> Iterator[Finding]:
    """The first page has something for the people it is for."""
    structure = subject.structure
    pages = [page for page in subject.blueprint.page_list if not page.each]
    if not pages:
        yield wrong("pages", "there is no page but those of single records", "write `Home:` first")
        return
    home = [placed for placed in structure.blocks if placed.page is pages[0]]
    people = [person for person in structure.people if structure.opens(pages[0], person) is not False]
    # Whoever may not open it gets the first page that they may; only the admin's own is left out.
    most = max((_sum(structure, home, person) for person in people), default=0.0)
    where = f"pages > {pages[0].key}"
    if most >= ENOUGH_AT_HOME:
        yield fine(where)
    else:
        yield Finding(
            False,
            where,
            "the first page holds next to nothing for the people who open it",
            "open with a hero and what people came for, such as a list they may read",
            0.4 + 0.6 * most / ENOUGH_AT_HOME,
        )
