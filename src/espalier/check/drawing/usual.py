"""What goes without saying, once it is heard what an app keeps: a booking has a date, a review is of something.

The table is usual.toml. What is drawn from it counts less than what was said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..requirements.base import Requirement
from ..requirements.block import Block
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.public import Public
from ..requirements.reference import Reference
from ..requirements.role import Role
from ..requirements.seed import Seed
from ..words import Like, alike, tokens
from .nouns import one_of
from .prompt import Prompt

MOST_TIES = 8


@dataclass(frozen=True)
class Has:
    """Something that is known of every record of a kind: its names (`/./` for any) and types."""

    names: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of record."""

    words: tuple[str, ...]
    names: frozenset[str]
    has: tuple[Has, ...]


@cache
def _text() -> str:
    return resources.files(__package__).joinpath("usual.toml").read_text("utf-8")


@cache
def _table() -> tuple[tuple[Kind, ...], tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...]]:
    said = tomllib.loads(_text())
    kinds = tuple(
        Kind(
            tuple(_key(word) for word in one["words"]),
            frozenset(_key(word) for word in one.get("names", ())),
            tuple(_has(text) for text in one.get("has", ())),
        )
        for one in said["record"]
    )
    apps = tuple((re.compile(one["says"]), tuple(one["keeps"]), tuple(one.get("or", ()))) for one in said["app"])
    return kinds, apps


def _has(text: str) -> Has:
    names, types = text.split(":")
    return Has(tuple("/./" if name.strip() == "*" else name.strip() for name in names.split(",")), tuple(types.split()))


def _key(word: str) -> str:
    return " ".join(tokens(word, False))


@cache
def _by_word() -> dict[str, tuple[Kind, ...]]:
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in _table()[0]:
        for word in kind.words:
            found[word] = (*found.get(word, ()), kind)
    return found


def kinds_of(word: str) -> tuple[Kind, ...]:
    """The kinds that a word for records speaks of, by the whole of it or by its last word."""
    key = _key(word)
    return _by_word().get(key) or _by_word().get(key.split(" ")[-1], ())


def sorts(prompt: Prompt) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What apps of a known sort keep, with the blocks that do instead."""
    for says, keeps, blocks in _table()[1]:
        if says.search(prompt.low):
            yield keeps, blocks


@cache
def _anywhere() -> re.Pattern[str]:
    said = tomllib.loads(_text())["anywhere"]
    names = sorted((name.strip() for name in said.split(",")), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


SAMPLES = re.compile(r"\([^()]*(?:\betc\b|\.\.|\bwhatever\b|\blol\b|\band so on\b)[^()]*\)")
NOT = re.compile(r"\b(?:no|not|without|never|nor|any)(?: \w+){0,2} $")


def anywhere(prompt: Prompt) -> Iterator[str]:
    """Names that ask for a field wherever they stand."""
    low = SAMPLES.sub(" ", prompt.low)
    for match in _anywhere().finditer(low):
        if not NOT.search(low[max(0, match.start() - 30) : match.start()]):
            yield match[0]


@cache
def _shown() -> frozenset[str]:
    return frozenset(_key(word) for one in tomllib.loads(_text())["shown"] for word in one["words"])


OPEN = re.compile(
    r"\b(?:web ?site|visitors?|public|menu|web ?shop|online (?:shop|store)|shop for my|portfolio (?:site|of|for)|without (?:an account|login|logging in))\b"
)
SHUT = re.compile(
    r"\b(?:internal|private|intranet|(?:members|staff|family|me|us) only|only (?:signed|logged|members|staff|for me|me|we|us)|just for (?:me|us)|not public|no public|strangers|sign(?:ed|ing)? in|log(?:ged|ging)? in)\b"
)


def shown(prompt: Prompt, found: Sequence[Requirement]) -> Iterator[Requirement]:
    """What a public site shows to everybody, from the first day."""
    if not OPEN.search(prompt.low) or SHUT.search(prompt.low):
        return
    for one in found:
        if isinstance(one, Entity) and one.weight >= 1 and _among(one.like.any[0], _shown()):
            yield Public(entity=one.like, weight=0.5)
            yield Seed(entity=one.like, weight=0.5)


def follow(found: Sequence[Requirement]) -> Iterator[Requirement]:
    """What follows from the entities and roles that were heard."""
    kept = [one for one in found if isinstance(one, Entity)]
    people = [one for one in found if isinstance(one, Role)]
    told = [(one.entity, one.to) for one in found if isinstance(one, Reference)]
    yield from _ties(kept, people, told)
    for one in kept:
        yield from _fields(one, found)


def _ties(kept: list[Entity], people: list[Role], told: list[tuple[Like | None, Like]]) -> Iterator[Requirement]:
    count = 0
    for child in kept:
        names = {name for kind in kinds_of(child.like.any[0]) for name in kind.names}
        if not names:
            continue
        others: list[Entity | Role] = [*kept, *people]
        parents = [one for one in others if one is not child and _among(one.like.any[0], names)]
        for parent in parents:
            word = parent.like.any[0]
            if word in child.like.any or parent.like.hits(child.like.any[0]) or (word == "item" and len(parents) > 1):
                continue
            if any(
                whose and set(whose.any) & set(child.like.any) and set(to.any) & set(parent.like.any)
                for whose, to in told
            ):
                continue
            told.append((child.like, parent.like))
            count += 1
            if count > MOST_TIES:
                return
            yield Reference(
                entity=child.like,
                to=parent.like,
                through=True,
                alternatives=(Field(like=Like(any=(one_of(word),))),),
                weight=0.7,
            )


def _among(word: str, names: Collection[str]) -> bool:
    key = _key(word)
    return key in names or key.split(" ")[-1] in names


def _fields(one: Entity, found: Sequence[Requirement]) -> Iterator[Requirement]:
    seen: set[tuple[str, ...]] = set()
    for kind in kinds_of(one.like.any[0]):
        for has in kind.has:
            if has.types in seen or _said(has, found):
                continue
            seen.add(has.types)
            like = Like(any=has.names)
            others: tuple[Requirement, ...] = (Field(like=like, types=has.types),)
            if "datetime" in has.types:
                others = (*others, Block(any=("calendar", "booking")))
            if "phone" in has.types:
                others = (*others, Role(like=one.like))  # who has an account has an address there
            yield Field(like=like, entity=one.like, types=has.types, weight=0.5, alternatives=others)


def _said(has: Has, found: Sequence[Requirement]) -> bool:
    """Was such a field asked for already?"""
    plain = [name for name in has.names if not name.startswith("/")]
    return any(isinstance(one, Field) and any(alike(name, one.like.any[0]) for name in plain[:3]) for one in found)
