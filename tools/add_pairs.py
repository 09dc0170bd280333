"""Add hand-written pairs to the corpus: read them from a text file, prove each, and keep those that hold as JSON lines.

    python tools/add_pairs.py SOURCE.txt OUT.jsonl

SOURCE holds entries divided by lines of `=====`. An entry is a few `key: value` lines (`style`, `domain`, `language` when it is
not English, `of: ID` in place of a blueprint for edits of a pair that exists), then the prompt, the blueprint and any number of
edits, each part opened by a line of its own:

    style: messy
    domain: bakery
    --- prompt
    a site for our bakery, preorders pls
    --- blueprint
    app: Crumb
    ...
    --- request
    let people say when they come to fetch it
    --- patch
    data: {Order: {fetched_at: datetime}}

A pair is kept when its blueprint is read without a problem, no check of how it works fails (in a real browser too when it has a
custom block), and every patch applies to it and leaves an app of which the same is true. What is kept is canonical: the
blueprint as the printer prints it, the patch as `derive` gives it. Everything else is said with its number and line, and the
exit code is 1. What a rubric drawn from the prompt misses is only told: it may be misheard. What was proven once is not proven again
(a file in the folder for temporary files remembers it), until `--again`.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from espalier.blueprint import print_blueprint, read_all
from espalier.blueprint.patch import apply, derive, print_patch, read_patch
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.schema import Blueprint
from espalier.check.judge import judge

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
STYLES = ("short", "messy", "formal", "list", "chatty")
PART = re.compile(r"^--- (prompt|blueprint|request|patch)\s*$")


class Refused(ValueError):
    """The entry cannot be kept; says why."""


@dataclass
class Entry:
    """One entry of the source as written. parts: (name, text) in order."""

    line: int
    said: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, str]] = field(default_factory=list)


def entries(text: str) -> list[Entry]:
    """The entries of a source file."""
    found: list[Entry] = []
    entry, part, lines = Entry(1), "", []

    def close() -> None:
        if part:
            entry.parts.append((part, "\n".join(lines).strip("\n")))

    for number, line in enumerate(text.splitlines(), 1):
        if re.fullmatch(r"={5,}\s*", line):
            close()
            found.append(entry)
            entry, part, lines = Entry(number + 1), "", []
        elif opened := PART.match(line):
            close()
            part, lines = opened[1], []
        elif part:
            lines.append(line)
        elif ":" in line:
            key, value = line.split(":", 1)
            entry.said[key.strip()] = value.strip()
    close()
    found.append(entry)
    return [entry for entry in found if entry.parts]


def existing() -> dict[str, dict[str, str]]:
    """The pairs there are, by id: the file's name and the line, such as `pairs_3:12`."""
    return {
        f"{file.stem}:{number}": json.loads(line)
        for file in sorted((CORPUS / "seed").glob("pairs_*.jsonl"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    }


class Remembered:
    """What was proven before, by the hash of the text and the prompt, with what was told of it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.gettempdir()) / "espalier-proven"
        self.folder.mkdir(exist_ok=True)
        self.again = False

    def _file(self, text: str, prompt: str) -> Path:
        return self.folder / hashlib.sha256(f"{text}\0{prompt}".encode()).hexdigest()

    def get(self, text: str, prompt: str) -> list[str] | None:
        """What was told, None when this was not proven."""
        file = self._file(text, prompt)
        return json.loads(file.read_text("utf-8")) if file.is_file() and not self.again else None

    def put(self, text: str, prompt: str, told: list[str]) -> None:
        """It is proven."""
        self._file(text, prompt).write_text(json.dumps(told), "utf-8")


remembered = Remembered()


def proven(text: str, prompt: str = "") -> tuple[Blueprint, list[str]]:
    """The blueprint, and what it misses of the prompt's drawn rubric. Raises Refused."""
    reading = read_all(text)
    blueprint = reading.blueprint
    if reading.problems or blueprint is None:
        raise Refused("; ".join(str(problem) for problem in reading.problems[:4]))
    if reading.fixes:
        raise Refused("slips that the reader put right: " + "; ".join(str(fix) for fix in reading.fixes[:4]))
    told = remembered.get(text, prompt)
    if told is not None:
        return blueprint, told
    browser = any(block.kind == "custom" for page in blueprint.page_list for block in page.blocks)
    report = judge(print_blueprint(blueprint), prompt, browser=browser)
    faults = [result for result in report.failed if result.group not in ("asked", "look")]
    if faults:
        raise Refused("; ".join(f"{result.name}: {result.findings[0]}" for result in faults[:4]))
    told = [result.findings[0].why for result in report.failed if result.group == "asked"]
    remembered.put(text, prompt, told)
    return blueprint, told


def kept(entry: Entry, known: dict[str, dict[str, str]]) -> tuple[dict[str, object], list[str]]:
    """The line of the corpus, and notes on what may be amiss. Raises Refused."""
    names = [name for name, _ in entry.parts]
    given = dict(entry.parts)
    record: dict[str, object] = {}
    if of := entry.said.get("of"):
        if of not in known:
            raise Refused(f"there is no pair {of}")
        record["of"], text, prompt = of, known[of]["blueprint"], ""
    else:
        if names[:2] != ["prompt", "blueprint"] or not given["prompt"].strip():
            raise Refused("write a prompt, then a blueprint")
        if entry.said.get("style") not in STYLES:
            raise Refused(f"style is one of {', '.join(STYLES)}")
        text, prompt = given["blueprint"] + "\n", given["prompt"].strip()
        record["prompt"] = prompt
    blueprint, missed = proven(text, prompt)
    if not of:
        record["blueprint"] = print_blueprint(blueprint)
        record |= {key: entry.said[key] for key in ("style", "domain", "language") if entry.said.get(key)}
    rest = entry.parts if of else entry.parts[2:]
    if len(rest) % 2 or [name for name, _ in rest] != ["request", "patch"] * (len(rest) // 2):
        raise Refused("edits are pairs of a request and a patch")
    edits = []
    for (_, request), (_, patch_text) in zip(rest[::2], rest[1::2], strict=True):
        try:
            patch = read_patch(patch_text)
            after = apply(blueprint, patch)
            patch = derive(blueprint, after, patch.get("rename"))
        except BlueprintError as error:
            raise Refused(f"patch of `{request[:40]}`: {error}") from None
        if not patch:
            raise Refused(f"patch of `{request[:40]}` changes nothing")
        try:
            proven(print_blueprint(after))
        except Refused as error:
            raise Refused(f"after `{request[:40]}`: {error}") from None
        edits.append({"request": request.strip(), "patch": print_patch(patch)})
    if edits:
        record["edits"] = edits
    elif of:
        raise Refused("no edit")
    return record, missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--again", action="store_true", help="prove also what was proven before")
    options = parser.parse_args()
    remembered.again = options.again
    known, lines, refused = existing(), [], 0
    for number, entry in enumerate(entries(options.source.read_text("utf-8")), 1):
        place = f"entry {number}, line {entry.line}"
        try:
            record, missed = kept(entry, known)
        except Refused as error:
            refused += 1
            print(f"{place}: REFUSED {error}")
            continue
        lines.append(json.dumps(record, ensure_ascii=False))
        if missed:
            print(f"{place}: kept; the prompt may ask for more: {'; '.join(missed[:3])}")
        if number % 10 == 0:
            from espalier.runtime.storage import forget

            forget()
            gc.collect()
    options.out.write_text("".join(line + "\n" for line in lines), "utf-8")
    edits = sum(len(json.loads(line).get("edits", ())) for line in lines)
    print(f"kept {len(lines)} entries with {edits} edits, refused {refused}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
