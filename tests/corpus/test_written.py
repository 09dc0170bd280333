"""The pairs that were written for the language as it is: they read, print back, stand alone, and their edits apply."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from espalier.blueprint import Reading, print_blueprint, read_all
from espalier.blueprint.patch import apply, derive, print_patch, read_patch
from espalier.check.judge import judge

SEED = Path(__file__).resolve().parents[2] / "corpus" / "seed"
ONE_IN = 10  # is judged, in a part for each of several processes
PARTS = 4


@pytest.fixture(scope="module")
def written() -> dict[str, dict]:
    files = [file for file in sorted(SEED.glob("*.jsonl")) if not file.name.startswith("pairs_")]
    lines = {
        f"{file.stem}:{number}": json.loads(line)
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    }
    return {place: pair for place, pair in lines.items() if "blueprint" in pair}


@pytest.fixture(scope="module")
def readings(written) -> dict[str, Reading]:
    return {place: read_all(pair["blueprint"]) for place, pair in written.items()}


def test_every_blueprint_reads_and_prints_back(written, readings) -> None:
    wrong = {}
    for place, pair in written.items():
        reading = readings[place]
        if reading.blueprint is None or reading.fixes:
            wrong[place] = [str(said) for said in (*reading.problems, *reading.fixes)]
        elif print_blueprint(reading.blueprint) != pair["blueprint"]:
            wrong[place] = ["prints back differently"]
    assert wrong == {}


def test_every_patch_applies_and_says_only_what_changes(written, readings) -> None:
    wrong = {}
    for place, pair in written.items():
        before = readings[place].blueprint
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


def test_entities_are_spelled_as_the_language_spells_them(readings) -> None:
    wrong = {
        place: [entity for entity in reading.blueprint.data if "_" in entity] for place, reading in readings.items()
    }
    assert {place: names for place, names in wrong.items() if names} == {}


def test_what_only_its_owner_reads_is_unique_for_its_owner(readings) -> None:
    """A `unique` field of a diary would forbid one person what another has written."""
    wrong = {}
    for place, reading in readings.items():
        blueprint = reading.blueprint
        for name, entity in blueprint.data.items():
            access = blueprint.access.get(name) or blueprint.access.get("default")
            alone = [field for field in entity.fields.values() if field.unique and not field.is_owner]
            if alone and access is not None and str(access.read) == "own" and str(access.rule("create")) == "own":
                wrong[place] = [field.name for field in alone]
    assert wrong == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_part_passes_every_check_of_how_it_works(written, part: int) -> None:
    wrong = {}
    for place in list(written)[::ONE_IN][part::PARTS]:
        report = judge(written[place]["blueprint"])
        if not report.fine:
            wrong[place] = [str(finding) for result in report.failed for finding in result.findings]
    assert wrong == {}
