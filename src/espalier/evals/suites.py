"""Suites: prompts with what any reader would demand of the answers, and edits with what must come of them. All of it is data.

A suite is a file of JSON lines: `suites/*.jsonl` here, files elsewhere by their path. A line with a `prompt` asks for an app, and may have a
`rubric` (else one is drawn from the prompt); a line with `blueprint`, `request` and `checks` asks for an edit. Nobody ever trains on
them. How answers come about is run.py's, how they are counted metrics.py's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from espalier.check.requirements import Rubric, draw

from .wishes import Wishes

FOLDER = Path(__file__).parent / "suites"
ELSEWHERE = Path("../shared/eval")


class SuiteError(ValueError):
    """A suite is not there or cannot be read; the text says which and what to do."""


@dataclass(frozen=True)
class Case:
    """One question of a suite: an app for a prompt, or an edit of a blueprint.

    rubric: what the answer is judged by, for an app. blueprint, request, wishes: for an edit.
    """

    id: str
    prompt: str
    rubric: Rubric | None = None
    blueprint: str = ""
    request: str = ""
    wishes: Wishes | None = None
    patch: str = ""  # a right answer to an edit
    style: str = ""
    language: str = ""
    domain: str = ""

    @property
    def is_edit(self) -> bool:
        return self.wishes is not None


@dataclass(frozen=True)
class Suite:
    """Its cases, and the hash of the files that they stand in. source: its name or its path, as `load` takes it; title: what it is called in
    a report."""

    name: str
    source: str
    title: str
    about: str
    cases: tuple[Case, ...]
    digest: str

    @property
    def edits(self) -> bool:
        return bool(self.cases) and self.cases[0].is_edit


@dataclass(frozen=True)
class Known:
    """A suite that has a name: its files (those with a `?` may be missing), and how a line of them is read."""

    title: str
    about: str
    files: tuple[str, ...]
    read: Callable[[dict[str, Any]], Case]
    elsewhere: bool = False


def _plain(line: dict[str, Any]) -> Case:
    """A line of our own files."""
    told: dict[str, Any] = {name: str(line.get(name, "")) for name in ("style", "language", "domain", "patch")}
    if "request" in line:
        if "checks" not in line:
            raise ValueError("an edit needs `checks`: what must be done, and what may be touched")
        wishes = Wishes.model_validate(line["checks"])
        prompt = str(line.get("prompt", ""))
        return Case(str(line["id"]), prompt, None, line["blueprint"], line["request"], wishes, **told)
    rubric = Rubric.model_validate(line["rubric"]) if line.get("rubric") else draw(line["prompt"])
    return Case(str(line["id"]), line["prompt"], rubric, **told)


def _dev(line: dict[str, Any]) -> Case:
    rubric = Rubric.from_eval(line["checks"])
    return Case(str(line["id"]), line["prompt"], rubric, style=str(line.get("style", "")), language="en")


def _webgen(line: dict[str, Any]) -> Case:
    kind = str(line.get("application_type", ""))
    prompt = line["instruction"]
    return Case(str(line["id"]), prompt, draw(prompt), style="formal", language="en", domain=kind)


KNOWN: dict[str, Known] = {
    "heldout": Known(
        "Held-out apps",
        "domains that no training data touches: a part written by hand, and one made by the generator",
        ("heldout_written.jsonl", "heldout_generated.jsonl?"),
        _plain,
    ),
    "heldout_written": Known("Held-out apps, written", "the part of heldout that was written by hand", ("heldout_written.jsonl",), _plain),
    "heldout_generated": Known("Held-out apps, generated", "the part of heldout that the generator made", ("heldout_generated.jsonl",), _plain),
    "dev": Known("Dev apps", "thirty prompts in three styles with rubrics made by hand", ("dev.jsonl",), _dev, elsewhere=True),
    "gallery": Known("Gallery apps", "one prompt for each app of the gallery; rubrics are drawn from the prompts", ("gallery.jsonl",), _plain),
    "webgen": Known(
        "WebGen apps", "instructions of WebGen-Bench; rubrics are drawn from the prompts", ("webgen-dev.jsonl",), _webgen, elsewhere=True
    ),
    "edits": Known("Edits", "requests to change an app: is just that done, and nothing else?", ("edits.jsonl",), _plain),
}  # fmt: skip


def load(name: str, elsewhere: Path = ELSEWHERE) -> Suite:
    """A suite by its name, or from a file. elsewhere: the folder of those that do not come with the package. Raises SuiteError."""
    known = KNOWN.get(name)
    if known is None:
        file = Path(name)
        if not file.is_file():
            raise SuiteError(f"`{name}` is no suite and no file. The suites: {', '.join(KNOWN)}.")
        return _read(file.stem, name, file.stem.replace("_", " "), f"from {file.name}", [file], _plain)
    folder = elsewhere if known.elsewhere else FOLDER
    files = [folder / file.removesuffix("?") for file in known.files]
    found = [file for file in files if file.is_file()]
    missing = [
        file
        for file, written in zip(files, known.files, strict=True)
        if file not in found and not written.endswith("?")
    ]
    if missing:
        hint = (
            "say in which folder it is with the setting `eval_data`" if known.elsewhere else "it belongs to the package"
        )
        raise SuiteError(f"The suite `{name}` needs {missing[0]}, which is not there: {hint}.")
    return _read(name, name, known.title, known.about, found, known.read)


def _read(
    name: str, source: str, title: str, about: str, files: Iterable[Path], read: Callable[[dict[str, Any]], Case]
) -> Suite:
    mark, cases = hashlib.sha256(), []
    for file in files:
        text = file.read_text("utf-8")
        mark.update(text.encode())
        for at, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                cases.append(read(json.loads(line)))
            except KeyError as error:
                raise SuiteError(f"{file}, line {at}: `{error.args[0]}` is missing") from None
            except (ValueError, TypeError, AttributeError, ValidationError) as error:
                raise SuiteError(f"{file}, line {at}: {str(error)[:300]}") from None
    if not cases:
        raise SuiteError(f"The suite `{name}` is empty.")
    if len({case.id for case in cases}) < len(cases):
        raise SuiteError(f"The suite `{name}` has two cases of the same id.")
    if len({case.is_edit for case in cases}) > 1:
        raise SuiteError(f"The suite `{name}` mixes apps and edits; put them into two files.")
    return Suite(name, source, title, about, tuple(cases), mark.hexdigest()[:16])
