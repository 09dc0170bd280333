"""A patch that fits: what of it can be used is, and the blueprint after it reads.

Of a patch that was cut off the lines are taken up to where it can be read. What the patch would break elsewhere (a page that shows
a field it takes away) is mended as in any blueprint.
"""

from __future__ import annotations

from typing import Any

from ..patch import Patch, apply, derive, merge, print_patch, read_patch
from ..printer import print_tree
from ..problems import BlueprintError
from ..reader import read_all
from ..rename import rename
from ..schema import Blueprint
from .mend import Mended, mend

MOST_LINES = 40  # that are left off at the end of a patch


def mend_patch(before: Blueprint, text: str) -> Mended:
    """The text when it applies; else the patch that can be made of it, "" when that is none. Never raises."""
    patch, cut = _beginning(text)
    if not cut and _after(before, patch):
        return Mended(text)
    fixes = ["left out the end, which could not be read"] if cut else []
    asked = patch.pop("rename", None)
    renames = _renames(before, asked)
    if asked and renames != asked:
        fixes.append("left out new names that cannot be given")
    if patch.pop("order", None):
        fixes.append("left out the order")
    renamed = rename(before, renames) if renames else before
    mended = mend(print_tree(merge(renamed.model_dump(), patch)))
    after = read_all(mended.text).blueprint if mended.text else None
    if after is None:
        return Mended("")
    said = derive(before, after, renames)
    if not said or not _after(before, said):
        return Mended("")
    return Mended(print_patch(said), (*fixes, *mended.fixes))


def _beginning(text: str) -> tuple[Patch, bool]:
    """The patch of as many lines as can be read, and whether some were left off."""
    lines = text.rstrip().split("\n")
    for left_off in range(min(len(lines), MOST_LINES)):
        try:
            return read_patch("\n".join(lines[: len(lines) - left_off]) + "\n"), left_off > 0
        except BlueprintError:
            continue
    return {}, True


def _after(before: Blueprint, patch: Patch) -> bool:
    try:
        apply(before, patch)
    except (BlueprintError, ValueError, RecursionError):
        return False
    return True


def _renames(before: Blueprint, said: Any) -> dict[str, str]:
    """Of the new names those that can be given."""
    known: dict[str, str] = {}
    for old, new in said.items() if isinstance(said, dict) else ():
        if not isinstance(new, str):
            continue
        try:
            rename(before, known | {str(old): new})
        except BlueprintError:
            continue
        known[str(old)] = new
    return known
