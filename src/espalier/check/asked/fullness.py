"""As much as was asked for: a prompt of this length wants more than the least that can be said to answer it."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from espalier.blueprint.blocks.custom import Custom

from ..checks import check
from ..report import Finding, fine
from ..static.substance import worth
from ..structure import Structure
from ..subject import Subject

LEAST = 5.0  # for the shortest prompt: a list with a form, of records with two or three fields
WORDS_FOR_MORE = 8  # words of the prompt that want one more of anything
MOST_WORDS = 100  # after which it is told in more detail, not asked for more
LETTERS_OF_CODE = 80  # of a script that are worth a field
WORDS_ON_PAGES = 25
MOST_OF_ONE = 8.0  # that scripts, or words, can be worth


@check("asked", gate=True)
def fullness(subject: Subject) -> Iterator[Finding]:
    """The app is more than the least that answers its prompt."""
    words = len(subject.prompt.split())
    if not words:
        return
    wanted = LEAST + min(words, MOST_WORDS) / WORDS_FOR_MORE
    found = _held(subject.structure)
    if found >= wanted:
        yield fine()
    else:
        yield Finding(
            False,
            "",
            "the app holds less than its prompt asks for",
            "give its records the fields that people need, and its pages what they come for",
            sqrt(found / wanted),
        )


def _held(structure: Structure) -> float:
    """What people meet, the fields that are typed in, scripts and words, in one measure: a field counts 1."""
    blocks = [placed.block for placed in structure.blocks]
    fields = sum(field.typed_in for entity in structure.blueprint.data.values() for field in entity.fields.values())
    code = sum(len(block.js) for block in blocks if isinstance(block, Custom)) / LETTERS_OF_CODE
    words = sum(len(text.split()) for block in blocks for text in structure.texts(block)) / WORDS_ON_PAGES
    return worth(structure) + fields + min(code, MOST_OF_ONE) + min(words, MOST_OF_ONE)
