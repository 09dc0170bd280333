"""Edits of an app: what somebody asks to change, and the patch that does just that."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from espalier.blueprint import Blueprint, BlueprintError, print_blueprint, read, read_tree
from espalier.blueprint.patch import Patch, derive, print_patch
from espalier.blueprint.rename import rename
from espalier.check.requirements import Rubric

from ..canonical import ordered
from .changes import ALL, Case, Change
from .changes.base import mannered

TRIES = 12


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
    for _ in range(TRIES):
        idea = rng.choices([one for one, _ in ALL], [often for _, often in ALL])[0]
        kind = f"{idea.__module__.rsplit('.', 1)[-1]}.{idea.__name__}"
        if kind in avoid:
            continue
        case = Case(blueprint, rng)
        change = idea(case)
        if change is None:
            continue
        try:
            after = changed(blueprint, change)
            patch = derive(blueprint, after, change.renames or None)
        except BlueprintError:
            continue
        if not patch:
            continue
        request = mannered(case, change.request)
        return MadeEdit(
            request,
            print_patch(_in_order(patch)),
            print_blueprint(after),
            Rubric(requirements=list(change.needs), source="built"),
            kind,
        )
    return None


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
