"""What a writer says twice in a row is taken back, and nobody hears of it."""

from __future__ import annotations

import pytest

from espalier.model.again import Said

ROWS = "seed:\n  Service:\n    - Bath | 30\n    - Trim | 20"
BLOCKS = "pages:\n  Home:\n    - hero: Welcome\n      text: Come in\n    - table: Dog"


def said(text: str, size: int, begun: str = "") -> tuple[str, bool, str]:
    heard: list[str] = []
    one = Said(begun, heard.append)
    for at in range(0, len(text), size):
        one.hear(text[at : at + size])
        if one.again:
            break
    one.done()
    return one.text, one.again, begun + "".join(heard)


@pytest.mark.parametrize("size", [1, 3, 7, 400])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (ROWS + "\n    - Trim | 20\n    - Trim | 20\n", ROWS),
        (ROWS + "\n    - Trim | 20\n  Dog:\n", ROWS),
        (ROWS + "\n    - Trim | 20", ROWS),
        (BLOCKS + "\n    - table: Dog\n    - hero: Again\n", BLOCKS),
        (BLOCKS + "\n      show: [name]" * 1 + "\n    - table: Dog\n      show: [name]\n  Next:\n", BLOCKS + "\n      show: [name]"),
        ("data:\n  Dog:\n    name: text\n    name: text\n    name: text\n", "data:\n  Dog:\n    name: text"),
    ],
)  # fmt: skip
def test_the_second_is_taken_back(text: str, kept: str, size: int) -> None:
    assert said(text, size) == (kept, True, kept)


@pytest.mark.parametrize("size", [1, 3, 7, 400])
@pytest.mark.parametrize(
    "text",
    [
        ROWS + "\n    - Trim | 25\n    - Trim | 20\n",
        ROWS + "\n    - Trim | 20 | more",
        ROWS + "\n    - Trim | 2",
        BLOCKS + "\n    - table: Dog\n      show: [name]\n",
        "seed:\n  Dog:\n    - Rex\n  Cat:\n    - Rex\n",
        "data:\n  Dog:\n    name: text\n  Cat:\n    name: text\n    names: text\n",
    ],
)
def test_what_only_looks_alike_stays(text: str, size: int) -> None:
    assert said(text, size) == (text, False, text)


def test_what_was_begun_is_not_told() -> None:
    assert said("\n    - Trim | 20\n    - Trim | 20\n    - ", 4, "seed:\n  Service:") == (
        "seed:\n  Service:\n    - Trim | 20",
        True,
        "seed:\n  Service:\n    - Trim | 20",
    )
