"""Which grammar comes next: an answer is written in stages, each under a grammar made of the names written so far.

A stage's grammar is complete exactly where the next one begins, so that nothing else can follow and the writer stops; its
text then goes on from there. The cuts lie where every tokenizer divides the text by itself: behind the `:` of a key that
has lines below it (behind `:` and the line break where that pair is one token), behind `unique:` and behind ` =`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .access import access
from .automations import automations
from .data import PARTS, Data
from .head import head, signup
from .pages import page
from .seed import rows
from .written import Written


@dataclass(frozen=True)
class Stage:
    """What may follow an answer: a grammar in GBNF. name says which part it is (head, data, access, pages, seed ...)."""

    name: str
    gbnf: str


def next_stage(text: str, *, line_ends_join: bool) -> Stage | None:
    """What may follow the answer so far ("" for its start); None when it is complete.

    line_ends_join: whether the tokenizer has a token for ":" with the line break. The text must be what the stages before
    it let through, to the letter: of another one nothing is known, and it counts as complete.
    """
    if not text:
        return Stage("head", head("\n" if line_ends_join else ""))
    end = "\n" if line_ends_join else ""
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


def is_cut(line: str) -> bool:
    """Whether a line of a blueprint ends a stage (see `next_stage`)."""
    return bool(re.search(r":$| =$", line))
