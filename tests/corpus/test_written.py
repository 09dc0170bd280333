"""The pairs that were written for the language as it is: they read, print back, stand alone, and their edits apply."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from espalier.blueprint import print_blueprint, read_all
from espalier.blueprint.patch import apply, derive, print_patch, read_patch
from espalier.check.judge import judge

SEED = Path(__file__).resolve().parents[2] / "corpus" / "seed"
ONE_IN = 40  # is judged


@pytest.fixture(scope="module")
def written() -> dict[str, dict]:
    files = [file for file in sorted(SEED.glob("*.jsonl")) if not file.name.startswith("pairs_")]
    lines = {
        f"{file.stem}:{number}": json.loads(line)
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    }
    return {place: pair for place, pair in lines.items() if "blueprint" in pair}


def test_every_blueprint_reads_and_prints_back(written) -> None:
    wrong = {}
    for place, pair in written.items():
        reading = read_all(pair["blueprint"])
        if reading.blueprint is None or reading.fixes:
            wrong[place] = [str(said) for said in (*reading.problems, *reading.fixes)]
        elif print_blueprint(reading.blueprint) != pair["blueprint"]:
            wrong[place] = ["prints back differently"]
    assert wrong == {}


def test_every_patch_applies_and_says_only_what_changes(written) -> None:
    wrong = {}
    for place, pair in written.items():
        before = read_all(pair["blueprint"]).blueprint
        for edit in pair.get("edits", ()):
            patch = read_patch(edit["patch"])
            after = apply(before, patch)
            if (
                print_blueprint(after) == print_blueprint(before)
                or print_patch(derive(before, after, patch.get("rename"))) != edit["patch"]
            ):
                wrong[place] = edit["request"]
    assert wrong == {}


def test_nothing_comes_twice(written) -> None:
    for key in ("prompt", "blueprint"):
        counts = Counter(" ".join(pair[key].lower().split()) for pair in written.values())
        assert [text for text, count in counts.items() if count > 1] == []


def test_styles_and_languages_are_spread(written) -> None:
    styles = Counter(pair["style"] for pair in written.values())
    assert set(styles) == {"short", "messy", "formal", "list", "chatty"}
    assert min(styles.values()) > len(written) / 10
    others = sum("language" in pair and pair["language"] != "en" for pair in written.values())
    assert others > len(written) / 6


def test_a_part_passes_every_check_of_how_it_works(written) -> None:
    wrong = {}
    for place in list(written)[::ONE_IN]:
        report = judge(written[place]["blueprint"])
        if not report.fine:
            wrong[place] = [str(finding) for result in report.failed for finding in result.findings]
    assert wrong == {}
