"""The words of a prompt that mean something, and the words of an app: in its structure, and in what its pages say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from espalier.blueprint.blocks.custom import Custom

from ..structure import Structure
from ..subject import Subject
from ..words import groups, stem

WORD = re.compile(r"[a-z][a-z']+|\d+")
CAMEL = re.compile(r"([a-z])([A-Z])")
MOST_CODE = 4000  # letters of a script in which names are looked for
LONG = 7  # letters of a word that may be made of two
SYNONYM = 0.6  # of a word: a desk may be a table, but not in a game of times tables
# What every prompt says whatever it is about.
EMPTY = frozenset(
    """an the of for to in on at by with and or per my your our their its his her is are was be we you they it this that from as can
    should must may will would could not no so if but have has do does who what when where how all each every any some more one two
    three also please want need make get see us me them then than into about only just like such use using which while there here
    app application website web site page build create design develop implement system tool platform track tracker tracking manage
    management manager simple small little portal online thing things people user users everyone everybody team list lists show shows
    log keep add able allow allows let lets view
    time times day days date dates name names new number""".split()
)


def plain(text: str) -> list[str]:
    """The words of a text in small letters."""
    return WORD.findall(CAMEL.sub(r"\1 \2", text.replace("_", " ")).lower())


def stems(words: Iterable[str]) -> set[str]:
    """The stems of those that mean something."""
    return {stem(word) for word in words if len(word) > 2 and word not in EMPTY}


@dataclass(frozen=True)
class Said:
    """prompt: its stems. structure: those of entities, fields, choices, roles, actions, page names. told: of what pages say.
    rows: of the seed."""

    prompt: frozenset[str]
    structure: frozenset[str]
    told: tuple[str, ...]
    rows: frozenset[str]

    @classmethod
    def of(cls, subject: Subject) -> Said:
        if subject in _KNOWN:
            return _KNOWN[subject]
        structure = subject.structure
        named = plain("\n".join(_names(structure)))
        pages = plain("\n".join(text for placed in structure.blocks for text in structure.texts(placed.block)))
        rows = plain("\n".join(cell for rows in subject.blueprint.seed.values() for row in rows for cell in row.cells))
        _KNOWN[subject] = cls(
            frozenset(stems(plain(subject.prompt))),
            frozenset(stems(named)),
            tuple(stem(word) for word in pages if len(word) > 2 and word not in EMPTY),
            frozenset(stems(rows)),
        )
        return _KNOWN[subject]

    def share_met(self, words: Iterable[str]) -> float:
        """Which share of the prompt's words is among these; a synonym counts for less."""
        known = set(words)
        meant = set().union(*map(groups, known)) if known else set()
        met = 0.0
        for word in self.prompt:
            if word in known:
                met += 1
            elif groups(word) & meant or _holds_one(word, known):
                met += SYNONYM
        return met / max(1, len(self.prompt))


def _holds_one(word: str, known: set[str]) -> bool:
    """Does a long word begin or end with one of these (`helpdesk` with `desk`)?"""
    if len(word) < LONG:
        return False
    return any(word[:at] in known or word[at:] in known for at in range(3, len(word) - 2))


_KNOWN: WeakKeyDictionary[Subject, Said] = WeakKeyDictionary()  # several checks ask for the same


def _names(structure: Structure) -> Iterator[str]:
    blueprint = structure.blueprint
    yield blueprint.app
    yield blueprint.about
    yield from blueprint.roles
    yield from (page.name for page in blueprint.page_list)
    for placed in structure.blocks:
        if isinstance(placed.block, Custom):
            yield placed.block.html
            yield placed.block.js[:MOST_CODE]
    for name, entity in blueprint.data.items():
        yield name
        yield from (action.label for action in entity.action_list)
        for field in entity.fields.values():
            yield field.name
            yield from field.choices
