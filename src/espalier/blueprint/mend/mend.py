"""From text to a blueprint that reads: tree, faults, repairs, again until there are none.

lines.py makes the tree, faults.py finds what is wrong with it, repair.py mends one fault; this only goes round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..names import label, plural
from ..normalise import normalise
from ..printer import print_tree
from ..problems import BlueprintError, Fix
from ..reader import read_all, read_tree
from .faults import wrongs
from .lines import tree_of
from .repair import Repair
from .ways import Way

ROUNDS = 60
# What is left out, one after the other, when all else fails.
LAST = ("automations", "seed", "access", "theme")


@dataclass(frozen=True)
class Mended:
    """A text that reads, or "" when nothing in it could be used; and what was done, in words."""

    text: str
    fixes: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """The text when it reads; else the blueprint that can be made of it, in canonical form. Never raises."""
    if read_all(text).blueprint is not None:
        return Mended(text)
    done: list[str] = []

    def say(words: str) -> None:
        if words not in done:
            done.append(words)

    tree = tree_of(text, say, _sound)
    if tree is None:
        return Mended("")
    slips: list[Fix] = []
    tree = normalise(tree, slips)
    for slip in slips:
        say(slip.message)
    _complete(tree, say)
    if not tree.get("data") and not tree.get("pages"):
        return Mended("")
    said = _text_of(_repaired(tree, say), say)
    return Mended(said, tuple(done) if said else ())


def _repaired(tree: dict[str, Any], say: Any) -> dict[str, Any]:
    repair = Repair(tree, say)
    for _ in range(ROUNDS):
        meaning, found = wrongs(tree)
        if not found:
            break
        # From the last to the first: what is left out of a list does not move what is mended after it.
        changed = [
            repair.fix(wrong, meaning) for wrong in sorted(found, key=lambda wrong: _order(wrong.way), reverse=True)
        ]
        if not any(changed):
            repair.give_up(found[0].way)
        repair.prune()
        _complete(tree, say)
    return tree


def _sound(tree: Any) -> int:
    """How good a tree is: the fewer faults, the better; faults of the shape count most, since they hide others."""
    if not isinstance(tree, dict):
        return -10_000
    meaning, found = wrongs(normalise(tree, []))
    return -len(found) - (100 if meaning is None else 0)


def _text_of(tree: dict[str, Any], say: Any) -> str:
    """The canonical text, which reads; "" when no blueprint can be made."""
    for name in ("", *LAST):
        if name and tree.pop(name, None) is None:
            continue
        if name:
            say(f"left out {name}")
        try:
            text = print_tree(read_tree(tree).model_dump())
        except BlueprintError:
            continue
        if read_all(text).blueprint is not None:
            return text
    return ""


def _complete(tree: dict[str, Any], say: Any) -> None:
    """A name and pages, where a text has none: it was cut off, or they could not be read."""
    if not isinstance(tree.get("app"), str) or not tree["app"].strip():
        tree["app"] = "My app"
        say("gave the app a name")
    data, pages = tree.get("data"), tree.get("pages")
    entities = [name for name in data if name != "User"] if isinstance(data, dict) else []
    if entities and not (isinstance(pages, dict) and any(pages.values())):
        tree["pages"] = {label(plural(name)): [{"table": name}, {"form": name}] for name in entities[:6]}
        say("made pages for the data")


def _order(way: Way) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, step, "") if isinstance(step, int) else (0, 0, str(step)) for step in way)
