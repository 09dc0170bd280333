"""What is said around a blueprint is taken off, however the pieces fall."""

from __future__ import annotations

import pytest

from espalier.gateway.fitting import Unwrapped

HENS = "app: Hens\ndata:\n  Egg:\n    laid: date\n"


def unwrapped(text: str, size: int, purpose: str = "build") -> str:
    one = Unwrapped(purpose)  # type: ignore[arg-type]
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return "".join(one.feed(piece) for piece in pieces) + one.end()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(("text", "purpose", "expected"), [
    (HENS, "build", HENS),
    (HENS.rstrip("\n"), "build", HENS.rstrip("\n")),
    (f"```yaml\n{HENS}```", "build", HENS),
    (f"Sure, here it is:\n\n```\n{HENS}```\nHave fun: it is yours.\n", "build", HENS),
    (f"note: thinking\n{HENS}", "build", HENS),
    ("Here:\n~~~\ntheme:\n  primary: navy\n~~~\n", "edit", "theme:\n  primary: navy\n"),
    ("I cannot do that.", "build", "I cannot do that."),
    ("", "build", ""),
], ids=["bare", "no last line end", "fenced", "wrapped", "a key before", "a patch", "none", "nothing"])  # fmt: skip
def test_what_is_left(text, purpose, expected, size):
    assert unwrapped(text, size, purpose) == expected


def test_lines_are_given_on_as_they_come():
    one = Unwrapped("build")
    assert [one.feed(piece) for piece in ("Yes\nap", "p: Hens\n", "da", "ta:\n")] == ["", "app: Hens\n", "", "data:\n"]
