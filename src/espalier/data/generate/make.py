"""Making pairs: draws a domain, composes an app, writes the prompt. The same seed and number give the same pair for ever."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from espalier.blueprint import BlueprintError, print_blueprint, read_tree
from espalier.check.requirements import Rubric

from ..canonical import canonical
from . import entities, extras, fields_told, look, pages, people, prompt, seeds
from .draft import Draft
from .taxonomy import Domain, domains

STYLES = {"short": 0.22, "messy": 0.24, "formal": 0.24, "list": 0.14, "chatty": 0.16}
SIZES = {
    "short": (1, 1, 1, 2),
    "messy": (1, 2, 2, 3),
    "formal": (2, 3, 3, 4),
    "list": (2, 2, 3, 4),
    "chatty": (2, 2, 3, 3),
}


@dataclass(frozen=True)
class Made:
    """A generated pair: canonical blueprint text, and what the prompt demands of it."""

    number: int
    prompt: str
    blueprint: str
    rubric: Rubric
    style: str
    domain: str
    purpose: str


def source(*parts: object) -> random.Random:
    """A source of randomness of its own, so that one pair does not depend on another."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - nothing secret


def compose(number: int, seed: int, among: Sequence[Domain], style: str = "") -> Draft:
    """A whole draft."""
    rng = source("pair", seed, number)
    domain = among[rng.randrange(len(among))]
    purpose = domain.purposes[rng.randrange(len(domain.purposes))]
    style = style or rng.choices(list(STYLES), list(STYLES.values()))[0]
    draft = Draft(rng, domain, purpose, style, rng.choice(SIZES[style]))
    entities.choose(draft)
    people.settle(draft)
    pages.lay_out(draft)
    extras.add(draft)
    fields_told.tell(draft)
    seeds.plant(draft)
    look.dress(draft)
    if draft.signup:
        draft.tree["signup"] = draft.signup
    return draft


def make(number: int, seed: int = 0, among: Sequence[Domain] | None = None, style: str = "") -> Made | None:
    """One pair, or None when what was composed cannot be read (a name that clashes)."""
    draft = compose(number, seed, among or domains(), style)
    try:
        text = canonical(print_blueprint(read_tree(draft.tree)))
    except BlueprintError:
        return None
    said, needs = prompt.write(draft)
    rubric = Rubric(requirements=needs, source="built")
    return Made(
        number, said, text, rubric, draft.style, draft.domain.key, "/".join((draft.audience, draft.purpose.does[0]))
    )


def made(numbers: Sequence[int] | range, seed: int = 0, among: Sequence[Domain] | None = None) -> Iterator[Made]:
    """Those of these numbers that came about."""
    for number in numbers:
        one = make(number, seed, among)
        if one is not None:
            yield one
