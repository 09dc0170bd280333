"""Which grammar comes next: an answer is written in stages, each under a grammar made of the names written so far.

A stage's grammar is complete exactly where the next one begins, so that nothing else can follow and the writer stops; its
text then goes on from there. The cuts lie where every tokenizer divides the text by itself: behind the `:` of a key that
has lines below it (behind `:` and the line break where that pair is one token), behind `unique:` and behind ` =`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..schema import Blueprint
from .access import access
from .automations import automations
from .data import PARTS, Data
from .head import head, signup
from .pages import after_blocks, page
from .patches import SECTIONS, Patches
from .seed import after_rows, rows
from .written import Written


@dataclass(frozen=True)
class Stage:
    """What may follow an answer: a grammar in GBNF. name says which part it is (head, data, access, pages, seed ...)."""

    name: str
    gbnf: str


def next_stage(text: str, *, line_ends_join: bool, before: Blueprint | None = None) -> Stage | None:
    """What may follow the answer so far ("" for its start); None when it is complete.

    before: the blueprint that a patch is written for; without one the answer is a blueprint. line_ends_join: whether the
    tokenizer has a token for ":" with the line break. The text must be what the stages before it let through, to the letter:
    of another one nothing is known, and it counts as complete.
    """
    end = "\n" if line_ends_join else ""
    if before is not None:
        return _next_of_patch(before, text, end)
    if not text:
        return Stage("head", head(end))
    said = text.removesuffix("\n")
    if line_ends_join and not text.endswith("\n") and not text.endswith((" =", "    unique:", "signup:")):
        return None
    if not line_ends_join and text.endswith("\n"):
        return None
    line = said.rpartition("\n")[2]
    indent = len(line) - len(line.lstrip())
    written = Written(said)
    section = written.section
    if line.endswith(" =") and section == "data" and indent == 4:
        return Stage("value", Data(written, end).value())
    if not line.endswith(":"):
        return None
    match section, indent:
        case "signup", 0:
            return Stage("signup", signup(written, end))
        case "data", 2:
            return Stage("data", Data(written, end).begin())
        case "data", 4 if (part := line.strip().rstrip(":")) in PARTS:
            return Stage(part, Data(written, end).part(part))
        case "access", 0:
            return Stage("access", access(written, end))
        case "pages", 2:
            return Stage("page", page(written, end))
        case "seed", 2:
            return Stage("seed", rows(written, end))
        case "automations", 0:
            return Stage("automations", automations(written, end))
    return None


def stage_without_more(text: str, *, line_ends_join: bool) -> Stage | None:
    """What may follow a blueprint's text that ends with a field, a block or a row and is to have no other one like it here.

    For a writer that has begun to say the same over and over. None when nothing is known to follow.
    """
    end = "\n" if line_ends_join else ""
    written = Written(text)
    match written.section:
        case "data":
            return Stage("data", Data(written, end).more())  # fields of other names
        case "pages":
            return Stage("page", after_blocks(written, end))
        case "seed":
            return Stage("seed", after_rows(written, end))
    return None


def _next_of_patch(before: Blueprint, text: str, end: str) -> Stage | None:
    if not text:
        return Stage("patch", Patches(before, "", end).start())
    place = _place(text)
    joined = bool(end) and place[-1:] not in (("=",), ("unique",))
    if not place or place[0] not in SECTIONS or text.endswith("\n") != joined:
        return None
    if place[0] == "data":
        return Stage(
            "data" if len(place) < 3 else "value" if place[-1] == "=" else place[-1],
            Patches(before, text, end).data(place),
        )
    return Stage(place[0], Patches(before, text, end).rest(place[0])) if len(place) == 1 else None


def _place(text: str) -> tuple[str, ...]:
    """The keys that lead to where a patch stops; behind ` =`, with "=" as the last. Empty where it stops behind anything else."""
    place: dict[int, str] = {}
    line = ""
    for line in text.removesuffix("\n").split("\n"):
        indent = len(line) - len(line.lstrip())
        place = {at: key for at, key in place.items() if at < indent}
        place[indent] = line.strip().partition(":")[0]
    if line.endswith(" =") and len(place) == 3:
        return (*place.values(), "=")
    return tuple(place.values()) if line.endswith(":") else ()
