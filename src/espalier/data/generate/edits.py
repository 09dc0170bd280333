"""Edits of an app: what somebody asks to change, and the patch that does just that."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from espalier.blueprint import Blueprint, BlueprintError, print_blueprint, read, read_tree
from espalier.blueprint.patch import Patch, derive, print_patch
from espalier.blueprint.rename import rename
from espalier.check.requirements import Outline, Rubric

from ..canonical import ordered
from .changes import ALL, Case, Change
from .changes.base import mannered

TRIES = 12
BOTH = 0.12  # of the requests ask for two things


@dataclass(frozen=True)
class MadeEdit:
    """A request with its patch (canonical text), and the app after it (text)."""

    request: str
    patch: str
    after: str
    rubric: Rubric
    kind: str


def make_edit(text: str, rng: random.Random, avoid: Sequence[str] = ()) -> MadeEdit | None:
    """An edit of a blueprint (canonical text); None when none of a dozen ideas fits. avoid: kinds that have been had."""
    blueprint = read(text)
    first = _step(blueprint, rng, avoid)
    if first is None:
        return None
    change, after, kind = first
    request, needs, renames = change.request, list(change.needs), change.renames
    if rng.random() < BOTH:
        second = _step(after, rng, (*avoid, kind))
        # What is renamed is renamed first; a second name would have to be told apart from it.
        if second and not second[0].renames:
            change, after, other = second
            request = join(request, change.request, rng)
            needs += change.needs
            kind = f"{kind}+{other}"
    try:
        patch = derive(blueprint, after, renames or None)
    except BlueprintError:
        return None
    if not patch or any(not need.met_by(Outline(after)) for need in needs):
        return None
    return MadeEdit(
        mannered(Case(blueprint, rng), request), print_patch(_in_order(patch)), print_blueprint(after),
        Rubric(requirements=needs, source="built"), kind,
    )  # fmt: skip


def _step(blueprint: Blueprint, rng: random.Random, avoid: Sequence[str]) -> tuple[Change, Blueprint, str] | None:
    """One change that makes sense, the app after it, and its kind; None when none of a dozen ideas fits."""
    for _ in range(TRIES):
        idea = rng.choices([one for one, _ in ALL], [often for _, often in ALL])[0]
        kind = f"{idea.__module__.rsplit('.', 1)[-1]}.{idea.__name__}"
        if kind in avoid:
            continue
        change = idea(Case(blueprint, rng))
        if change is None:
            continue
        try:
            return change, changed(blueprint, change), kind
        except BlueprintError:
            continue
    return None


def join(one: str, other: str, rng: random.Random) -> str:
    """Two wishes in one breath."""
    low = other[:1].lower() + other[1:] if not other[:2].isupper() else other
    return one.rstrip(".") + rng.choice((f" and {low}", f", and {low}", f". {other}", f". Also {low}", f"; {low}"))


def changed(blueprint: Blueprint, change: Change) -> Blueprint:
    """The blueprint after a change. Raises BlueprintError when the change makes no sense."""
    return rename(blueprint, change.renames) if change.renames else read_tree(change.tree)


def _in_order(patch: Patch) -> Patch:
    """The keys of a patch in the order of a blueprint's, renames first."""
    first = (
        "rename",
        "app",
        "about",
        "theme",
        "roles",
        "signup",
        "data",
        "access",
        "pages",
        "seed",
        "automations",
        "order",
    )
    return {key: patch[key] for key in first if key in patch}


__all__ = ["MadeEdit", "changed", "make_edit", "ordered"]
