"""Recombination: a pair of the corpus with something more in it, asked for in the prompt in one more sentence."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from espalier.blueprint import Blueprint, BlueprintError, print_blueprint, read, read_tree

from ..canonical import canonical
from ..pairs import Pair
from .changes import ALL, Case, Change
from .noise import hurried

TRIES = 20
LEAST_WORDS = 9  # a shorter prompt has a style that one more sentence would spoil


@dataclass(frozen=True)
class Recombined:
    """The new pair and how it came about."""

    pair: Pair
    kind: str


def recombined(pair: Pair, rng: random.Random, number: int) -> Recombined | None:
    """The pair with one or two things more; None when nothing fits."""
    if len(pair.prompt.split()) < LEAST_WORDS or pair.language != "en" or "custom:" in pair.blueprint:
        return None
    text, sentences, kinds = pair.blueprint, [], []
    for _ in range(TRIES):
        idea = rng.choices([one for one, _ in ALL], [often for _, often in ALL])[0]
        name = f"{idea.__module__.rsplit('.', 1)[-1]}.{idea.__name__}"
        if name in kinds or (idea.__module__.endswith(".looks") and idea.__name__ != "name" and _has_look(pair.prompt)):
            continue
        change = idea(Case(read(text), rng))
        if change is None or not change.added:
            continue
        if idea.__name__ == "name" and pair.blueprint.split("\n")[0].removeprefix("app: ") in pair.prompt:
            continue
        try:
            text = canonical(print_blueprint(_after(change)))
        except BlueprintError:
            continue
        sentences.append(change.added)
        kinds.append(name)
        if len(sentences) >= (2 if rng.random() < 0.35 else 1):
            break
    if not sentences:
        return None
    prompt = _with(pair, sentences, rng)
    made = replace(
        pair, id=f"{pair.id}+{number}", prompt=prompt, blueprint=text, edits=(), source="recombined", lineage=pair.id
    )
    return Recombined(made, "+".join(kinds))


def _after(change: Change) -> Blueprint:
    return read_tree(change.tree)


def _has_look(prompt: str) -> bool:
    from ..generate.look import LIGHT, PLAIN, PRIMARY, spaced

    low = prompt.lower()
    return any(word in low for word in ("color", "colour", "dark", *PLAIN, *PRIMARY, *LIGHT, *map(spaced, PRIMARY)))


def _with(pair: Pair, sentences: list[str], rng: random.Random) -> str:
    text = pair.prompt.rstrip()
    for said in sentences:
        if pair.style == "list" and "\n" in text:
            mark = "- " if "\n- " in text else "* " if "\n* " in text else ""
            text += f"\n{mark}{said}"
        elif pair.style in ("messy", "short"):
            text += rng.choice((". ", ", ", " and ", ". also ", " - ")) + hurried(said[:1].lower() + said[1:], rng, 0.6)
        else:
            text = text.rstrip(".") + ("." if text[-1] not in "!?" else "") + f" {said}."
    return text
