"""Pairs of a prompt and the blueprint that answers it, with the edits that were asked for afterwards; and the corpus of them.

A corpus file holds one JSON object a line: a pair, or edits of a pair of another line (`of`). Everything is brought into
canonical order while it is read, and colours that nobody asked for by their digits get names. Whether a pair is any good is proof.py's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from espalier.blueprint import BlueprintError, print_blueprint, read
from espalier.blueprint.patch import apply, print_patch, read_patch

from .canonical import canonical, canonical_patch
from .colours import in_words

STYLES = ("short", "messy", "formal", "list", "chatty")
LICENCE = "Apache-2.0"
SHORT, LONG = 12, 45  # words; where the style of a prompt is not said it is guessed by its length


class CorpusError(ValueError):
    """A line of the corpus cannot be used; says which and why."""


@dataclass(frozen=True)
class Edit:
    """A change that was asked for, and the patch (canonical text) that makes it."""

    request: str
    patch: str


@dataclass(frozen=True)
class Pair:
    """A prompt and its answer.

    blueprint: canonical text. rubric: requirements as their JSON, empty when there are none by construction. lineage: what it was
    made from, such as the id of another pair or the name of a teacher.
    """

    id: str
    prompt: str
    blueprint: str
    edits: tuple[Edit, ...] = ()
    style: str = ""
    language: str = "en"
    domain: str = ""
    source: str = ""
    licence: str = LICENCE
    rubric: str = ""
    lineage: str = ""

    def as_row(self) -> dict[str, Any]:
        """Plain values, as a line of a dataset holds them."""
        edits = [{"request": edit.request, "patch": edit.patch} for edit in self.edits]
        return {**self.__dict__, "edits": edits}


def read_corpus(folder: Path, pattern: str = "*.jsonl") -> list[Pair]:
    """All pairs of a corpus folder, in the order of file names and lines. Raises CorpusError."""
    found: dict[str, Pair] = {}
    more: list[tuple[str, str, list[dict[str, str]]]] = []
    for file in sorted(folder.glob(pattern)):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            said = _line(line, f"{file.name}:{number}")
            if "of" in said:
                more.append((f"{file.name}:{number}", str(said["of"]), said.get("edits", [])))
                continue
            pair = _pair(f"{file.stem}:{number}", said)
            found[pair.id] = pair
    for place, of, edits in more:
        if of not in found:
            raise CorpusError(
                f"{place}: there is no pair {of}; `of` is a file's name without its ending, a colon and a line"
            )
        pair = found[of]
        found[of] = replace(pair, edits=(*pair.edits, *_edits(pair.blueprint, edits, place)))
    return list(found.values())


def style_of(prompt: str) -> str:
    """A guess at the style of a prompt whose line does not say it."""
    words = prompt.split()
    if len(words) <= SHORT:
        return "short"
    if sum(line.lstrip().startswith(("-", "*", "1", "2", "3")) for line in prompt.splitlines()) >= 3:
        return "list"
    small = prompt[:1].islower() or " i " in prompt or "pls" in prompt
    return "messy" if small else "formal" if len(words) >= LONG else "chatty"


def _line(line: str, place: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: is not JSON: {error}") from None
    if not isinstance(said, dict) or not ("of" in said or {"prompt", "blueprint"} <= said.keys()):
        raise CorpusError(f"{place}: must hold `prompt` and `blueprint`, or `of` and `edits`")
    return said


def _pair(id: str, said: dict[str, Any]) -> Pair:
    try:
        text = in_words(canonical(said["blueprint"]), said["prompt"])
    except BlueprintError as error:
        raise CorpusError(f"{id}: the blueprint cannot be read: {error}") from None
    return Pair(
        id,
        said["prompt"].strip(),
        text,
        _edits(text, said.get("edits", []), id),
        said.get("style") or style_of(said["prompt"]),
        said.get("language") or "en",
        said.get("domain") or "",
        said.get("source") or "corpus",
        said.get("licence") or LICENCE,
        "",
        said.get("lineage") or "",
    )


def _edits(blueprint: str, said: Iterable[dict[str, str]], place: str) -> tuple[Edit, ...]:
    return tuple(_each_edit(blueprint, said, place))


def _each_edit(text: str, said: Iterable[dict[str, str]], place: str) -> Iterator[Edit]:
    blueprint = _read(text)
    for edit in said:
        try:
            patch = canonical_patch(blueprint, read_patch(edit["patch"]))
        except BlueprintError as error:
            raise CorpusError(f"{place}: the patch of `{edit['request'][:60]}` does not fit: {error}") from None
        yield Edit(edit["request"].strip(), in_words(print_patch(patch), edit["request"]))


def after(blueprint: str, patch: str) -> str:
    """The text of the blueprint after a patch. Raises BlueprintError."""
    return print_blueprint(apply(_read(blueprint), read_patch(patch)))


@lru_cache(maxsize=64)
def _read(text: str) -> Any:
    return read(text)
