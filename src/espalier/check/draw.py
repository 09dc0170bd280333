"""A rubric from a free prompt, by rules: what any reader would say was asked for, and nothing that was not.

Precision goes before recall: a requirement that nobody made punishes an honest app. What can be heard is in drawing/; here it is
put together. A prompt in another language than English says little to these rules: its colour codes, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .drawing import choices, colors, content, features, fields, people, privacy, things, ties, usual
from .drawing.prompt import Prompt
from .requirements.base import Requirement, Rubric
from .requirements.block import Block
from .requirements.choice import Choice
from .requirements.entity import Entity
from .requirements.field import Field
from .requirements.public import Public
from .requirements.role import Role
from .words import SYNONYM, likeness

MOST = 40
LONGEST = 8_000  # characters that are read
HEARERS: tuple[Callable[[Prompt], Iterator[Requirement]], ...] = (
    colors.hear,
    choices.hear,
    people.hear,
    things.hear,
    ties.hear,
    privacy.hear,
    fields.hear,
    features.hear,
    content.hear,
)


# What nearly every app has says little of whether it is the one that was asked for; what few have says much. By how often apps of
# other prompts met it (benchmarks/rubrics.py).
COMMON = frozenset(
    "name title description date text notes note price photo email phone address status type category number amount comment".split()
)
WIDE = 4  # kinds of block of which any one will do


def _weight(one: Requirement) -> float:
    """How much a requirement counts."""
    match one:
        case Choice():
            return one.weight * 2
        case Entity():
            return one.weight * 1.5
        case Field() if str(one.like) in COMMON:
            return one.weight * 0.5
        case Block() if len(one.any) >= WIDE:
            return one.weight * 0.5
        case Public() if one.entity is None:
            return one.weight * 0.5
    return one.weight


def draw(prompt: str) -> Rubric:
    """What the prompt asks for. Never raises; a prompt that says nothing gives an empty rubric."""
    heard = Prompt(prompt[:LONGEST])
    if not heard.english:
        found = [one for one in colors.hear(heard) if getattr(one, "color", "").startswith("#")]
        return Rubric(requirements=found, source="drawn", notes=["not in English: only colour codes were heard"])
    kept: list[Requirement] = []
    for hear in HEARERS:
        _keep(kept, hear(heard))
    said = list(kept)
    _keep(kept, usual.follow(said))
    _keep(kept, usual.shown(heard, said))
    weighed = [one.model_copy(update={"weight": _weight(one)}) for one in kept[:MOST]]
    return Rubric(requirements=weighed, source="drawn")


def _keep(kept: list[Requirement], found: Iterable[Requirement]) -> None:
    """Add what was not heard before."""
    for one in found:
        if not any(_same(one, other) for other in kept):
            kept.append(one)


def _same(one: Requirement, other: Requirement) -> bool:
    """Do the two ask for the same? The same thing by another name, the same field of no one in particular."""
    if isinstance(one, Entity) and isinstance(other, Role):
        return one.like.any[0] == other.like.any[0]
    if type(one) is not type(other):
        return False
    match one, other:
        case Entity(), Entity():
            return one.like.any[0] in other.like.any or likeness(one.like.any[0], other.like.any[0]) >= SYNONYM
        case Field(), Field():
            same = one.like.any[0] == other.like.any[0]
            return same and (one.entity is None or one.entity == other.entity or "/./" in one.like.any)
    return one == other
