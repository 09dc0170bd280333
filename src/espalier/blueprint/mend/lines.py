"""From any text to a tree: what is around the blueprint is left out, and lines that YAML cannot read are moved in, or left out too.

YAML says where it could not go on; the slip is in that line or in the one before. Of the few things that could be done there, the
one is done after which YAML comes furthest and the blueprint is best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..normalise import TOP
from ..problems import BlueprintError
from ..source import CONTROL, load

LONGEST = 60_000  # characters that are looked at; a blueprint is a page
MOST_MENDS = 60  # lines; then all from the first bad one on is left out
MOST_READ = 1_500_000  # characters, all tries together
KEY = re.compile(rf"^({'|'.join(TOP)})\s*:", re.MULTILINE)
FENCE = re.compile(r"(?m)^\s*```[a-zA-Z]*\s*$")

Say = Callable[[str], None]
Judge = Callable[[Any], int]  # how good a tree is as a blueprint: more is better
Lines = list[str]


def tree_of(text: str, say: Say, judge: Judge) -> dict[str, Any] | None:
    """The tree of the text's blueprint, or None when it holds none. judge chooses between ways that YAML does not mind."""
    lines = _blueprint_in(text, say)
    budget = MOST_READ
    for _ in range(MOST_MENDS):
        if not lines:
            return None
        budget -= 10 * sum(map(len, lines))
        if budget < 0:
            break
        tree, number = _read(lines)
        if tree is not None:
            return tree if isinstance(tree, dict) else None
        best, words = max(_ways_on(lines, number), key=lambda way: _reach(way[0], judge), default=([], ""))
        if words:
            say(words)
        lines = best
    while lines:
        tree, number = _read(lines)
        if isinstance(tree, dict):
            say("left out the end, which could not be read")
            return tree
        lines = lines[: max(min(number - 1, len(lines) * 3 // 4), 0)]
    return None


def _blueprint_in(text: str, say: Say) -> Lines:
    """The lines of the blueprint, without what chat models put around it."""
    text = CONTROL.sub("", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")).expandtabs(2)
    if "```" in text:
        best = max(FENCE.split(text), key=lambda part: ("app:" in part, len(part)))
        if best != text:
            say("took the blueprint out of a code fence")
            text = best
    found = KEY.search(text)
    if found is None:
        return []
    if text[: found.start()].strip():
        say("left out the words before the blueprint")
    text = KEY.sub(lambda match: f"{match[1]}: ", text[found.start() :])
    return [line.rstrip() for line in text.split("\n") if line.strip() or "|" in text]


def _read(lines: Lines) -> tuple[Any, int]:
    """The tree, or None with the line (from 1) that is in its way."""
    tree, number, _ = _tried(lines)
    return tree, number


def _tried(lines: Lines) -> tuple[Any, int, bool]:
    """The same, and whether it is YAML at least: what is wrong then is in one place (a key that stands twice)."""
    try:
        return load("\n".join(lines)).tree, 0, True
    except BlueprintError as error:
        known = [problem.line for problem in error.problems if problem.line]
        number = min(*known, len(lines)) if known else len(lines)
        return None, number, any("twice" in problem.message for problem in error.problems)


def _reach(lines: Lines, judge: Judge) -> tuple[int, int, int]:
    """How far YAML comes, how good a blueprint it then finds, and how much is left."""
    tree, number, is_yaml = _tried(lines) if lines else (None, 0, False)
    reached = LONGEST if tree is not None else LONGEST - 1 if is_yaml else number
    return reached, judge(tree) if tree is not None else 0, sum(map(len, lines))


def _ways_on(lines: Lines, number: int) -> Iterator[tuple[Lines, str]]:
    """What could be done about the line that YAML stops at, or about the one before."""
    here = max(min(number, len(lines)) - 1, 0)
    while here and not lines[here].strip():
        here -= 1
    twin = _twin(lines, here)
    for at in dict.fromkeys((here, max(here - 1, 0), *twin)):
        line, indent, end = lines[at], _indent(lines[at]), _end(lines, at)
        words = f"`{line.strip()[:60]}`"
        yield [*lines[:at], *lines[end:]], f"left out {words}"
        if end > at + 1:
            yield [*lines[:at], *lines[at + 1 :]], f"left out {words}"
        beside = {_indent(lines[other]) for other in range(at - 4, at + 5) if 0 <= other < len(lines) and other != at}
        for other in sorted(beside - {indent}):
            yield [*lines[:at], " " * other + line.strip(), *lines[at + 1 :]], f"moved {words}"
        key, colon, value = line.partition(": ")
        if colon and value and end > at + 1:
            yield [*lines[:at], f"{key}:", *lines[at + 1 :]], f"left out `{value[:60]}`"


def _twin(lines: Lines, at: int) -> tuple[int, ...]:
    """The line above of the same key at the same place, when there is one: a key may stand only once."""
    key = lines[at].partition(":")[0]
    for other in range(at - 1, -1, -1):
        if lines[other].partition(":")[0] == key:
            return (other,)
        if lines[other].strip() and _indent(lines[other]) < _indent(lines[at]):
            break
    return ()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end(lines: Lines, at: int) -> int:
    """Where what stands below a line ends."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(lines[at])):
        end += 1
    return end
