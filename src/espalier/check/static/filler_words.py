"""Words that stand for words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from espalier.blueprint.schema import Row

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject

FILLER = re.compile(
    r"lorem ipsum|dolor sit amet|\bTODO\b|\bTBD\b|\bFIXME\b|\bXXX+\b|(?i:sample (?:text|title|data|description)|placeholder|"
    r"your (?:text|title|company|business|description|tagline|logo|message|name) (?:here|goes here)|(?:text|content|description) goes here|"
    r"insert (?:text|title|name) here|\basdf|\bqwerty\b|\bblah blah\b|\bfoo ?bar\b|\bfoobar\b|\btest test\b|\bdummy (?:text|data)\b|"
    r"\bjohn doe\b|\bjane doe\b|\bwelcome to (?:my|our|the) (?:website|web site|app)\b)"
)
# One of these stands in everything that FILLER finds; looking for them first is much cheaper.
HINTS = (
    "lorem",
    "dolor",
    "todo",
    "tbd",
    "fixme",
    "xxx",
    "sample",
    "placeholder",
    " here",
    "asdf",
    "qwerty",
    "blah",
    "foo",
    "test test",
    "dummy",
    " doe",
    "welcome to",
)
ALONE = frozenset(
    "foo bar baz test example sample text title description content abc aaa xyz name string lorem".split()
)
# `Item 1`, `Item 2`, `Item 3`: made up by counting. Rooms, tables, weeks and the like are called that way.
COUNTED = re.compile(
    r"(?i)(?:the )?(?:sample |example |test |my )?(item|product|user|test|sample|example|post|task|customer|client|category|name|title|"
    r"description|text|entry|record|article|note|service|project|order|message|question|answer|option|feature|benefit|member|person|event|"
    r"company|review|comment|recipe|book|course|job|property|listing|topic|blog|news|photo|image|page|step|testimonial|plan|faq)\s*#?\s*(\d{1,3}|[A-E])"
)
LONGEST = 32  # letters of words that count up
ENDS = frozenset("0123456789ABCDEabcde")


def filler(text: str) -> str:
    """The first words in the text that stand for words; "" when there are none."""
    low = text.lower()
    if not any(hint in low for hint in HINTS):
        return ""
    found = FILLER.search(text)
    return found[0] if found else ""


@check("static", weight=3, strict=True)
def filler_words(subject: Subject) -> Iterator[Finding]:
    """The words are this app's own: no placeholders, no rows that only count up."""
    for placed in subject.structure.blocks:
        words = subject.structure.texts(placed.block)
        found = filler("\n".join(words))
        counted = [text for text in words if _counted(text)]
        if found:
            yield wrong(placed.where, f"`{found}` stands for words that are missing", "write what this app would say")
        elif len(counted) > 1:
            yield wrong(
                placed.where, f"`{counted[0]}` stands for words that are missing", "write what this app would say"
            )
        elif words:
            yield fine(placed.where)
    for name, rows in subject.blueprint.seed.items():
        yield _rows(f"seed > {name}", rows)


def _rows(where: str, rows: Sequence[Row]) -> Finding:
    hollow = bool(filler("\n".join(" | ".join(row.cells) for row in rows))) or any(_hollow(row) for row in rows)
    counted = sum(1 for row in rows if row.cells and _counted(row.cells[0]))
    if hollow or counted > 1:
        return wrong(where, "the example rows are placeholders", "write rows as they would be in real life")
    return fine(where)


def _hollow(row: Row) -> bool:
    """Is it made of words that stand for words?"""
    empty = sum(1 for cell in row.cells if cell.lower() in ALONE or _counted(cell))
    return empty >= min(2, max(1, len(row.cells) - 1))


def _counted(text: str) -> bool:
    """Is it a general word with a number behind it?"""
    return len(text) < LONGEST and text[-1:] in ENDS and COUNTED.fullmatch(text) is not None
