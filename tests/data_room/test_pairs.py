"""Reading a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from espalier.blueprint import read
from espalier.data.canonical import canonical
from espalier.data.pairs import CorpusError, after, read_corpus, style_of

BLUEPRINT = "app: Yard\ndata:\n  Bike:\n    name: text!\npages:\n  Home:\n    - table: Bike\n"
EDIT = {"request": "add a colour", "patch": "data: {Bike: {colour: color}}"}


def corpus(folder: Path, *lines: object) -> Path:
    (folder / "few_1.jsonl").write_text(
        "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    )
    return folder


def test_pairs_and_edits_of_them(tmp_path: Path):
    folder = corpus(
        tmp_path,
        {"prompt": " bikes pls ", "blueprint": BLUEPRINT, "style": "messy", "domain": "bikes", "edits": [EDIT]},
        {"of": "few_1:1", "edits": [{"request": "call it Shed", "patch": "app: Shed"}]},
    )
    (pair,) = read_corpus(folder)
    assert (pair.id, pair.prompt, pair.style, pair.domain, pair.language) == (
        "few_1:1",
        "bikes pls",
        "messy",
        "bikes",
        "en",
    )
    assert [edit.request for edit in pair.edits] == ["add a colour", "call it Shed"]
    assert read(after(pair.blueprint, pair.edits[0].patch)).data["Bike"].fields["colour"].kind == "color"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "is not JSON"),
        ({"prompt": "x"}, "must hold"),
        ({"prompt": "x", "blueprint": "app: x"}, "few_1:1: the blueprint cannot be read"),
        ({"of": "few_1:9", "edits": []}, "no pair few_1:9"),
        (
            {"prompt": "x", "blueprint": BLUEPRINT, "edits": [{"request": "more", "patch": "rename: {Car: Van}"}]},
            "does not fit",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path: Path, line: object, words: str):
    with pytest.raises(CorpusError, match=words):
        read_corpus(corpus(tmp_path, line))


def test_the_seed_corpus_is_read_in_canonical_order(seed_pairs):
    assert len(seed_pairs) == 70
    assert all(canonical(pair.blueprint) == pair.blueprint for pair in seed_pairs[:10])
    assert len({pair.id for pair in seed_pairs}) == 70


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("booking site for a dog salon", "short"),
        (
            "i need an app for our bikes, every bike has a name and a colour pls and more things to keep it long",
            "messy",
        ),
        (
            "Needs:\n- bikes with a name and a colour and a size\n- trips with a day and a guide\n- a calendar of trips for all",
            "list",
        ),
    ],
)
def test_a_style_is_guessed_where_it_is_not_said(prompt: str, style: str):
    assert style_of(prompt) == style
