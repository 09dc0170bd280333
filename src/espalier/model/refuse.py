"""What is refused before any model is asked: nothing at all, too little, harm, and what is no app.

By rules over words, which stand in refuse.toml with the uses that are innocent. They are made for what people say plainly; they are
no guard against who hides what an app is for, which is why apps run in a platform whose server code no model writes.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .errors import Refused

LONGEST = 20_000  # characters of a prompt
READ = 100_000  # characters that are looked at
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")  # letters that nobody sees
EMPTY = (
    "There is nothing to build from. Say in a sentence what the app is for, such as: a booking page for my dog salon, where "
    "clients choose a time and I see the day."
)


@dataclass(frozen=True)
class Rule:
    """One kind of what is refused."""

    name: str
    reason: str
    always: re.Pattern[str] | None
    words: re.Pattern[str]
    unless: re.Pattern[str]

    def hits(self, text: str) -> bool:
        """Does it refuse this text?"""
        if self.always and self.always.search(text):
            return True
        return bool(self.words.search(text)) and not self.unless.search(text)


def screen(prompt: str) -> None:
    """Raises Refused, with the reason, for what should not be asked of a model."""
    if not re.search(r"\w", prompt):
        raise Refused(EMPTY)
    text = _plain(prompt)
    for rule in _rules():
        if rule.hits(text):
            raise Refused(f"This was not built. {rule.reason}")


def shorten(text: str, most: int = LONGEST) -> tuple[str, str]:
    """The text when it is at most so long, else its beginning and its end, with a note that says what was left out."""
    if len(text) <= most:
        return text, ""
    mark = "\n[...]\n"
    tail = (most - len(mark)) // 4  # who writes long begins with what matters, and ends with what must not be forgotten
    head = most - len(mark) - tail
    note = f"The prompt is long: of its {len(text):,} characters the first {head:,} and the last {tail:,} were read."
    return text[:head] + mark + text[len(text) - tail :], note


def _plain(prompt: str) -> str:
    """Small letters, single spaces, nothing hidden, letters of one kind."""
    text = HIDDEN.sub("", unicodedata.normalize("NFKC", prompt[:READ])).lower()
    return " ".join(text.split())


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    said = tomllib.loads((Path(__file__).parent / "refuse.toml").read_text("utf-8"))
    return tuple(
        Rule(
            name,
            rule["reason"],
            _any(rule["always"]) if "always" in rule else None,
            _any(rule["words"]),
            _any(rule["unless"]),
        )
        for name, rule in said.items()
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
