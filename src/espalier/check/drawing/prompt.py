"""A prompt taken apart: one spelling, sentences, lists. Understands nothing of what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

ENGLISH = frozenset(
    """the a an and or of for to with in on my our is are can should must we i me it that who which each from by you they
    please want need where when see their his her app site website page like so be not only""".split()
)
OTHERS = frozenset(
    """und der das für mit ein eine einen ich wir ist sind nicht auf von zu den dem les des une un pour avec et est dans qui
    que je nous mon ma mes sur el los las una para con y de que es mi mis por il lo gli per che di e sono het een voor
    van en met wij ik och att för av som med jag vi och det uma com os não do da na się dla jest oraz bir ve için
    olan kann soll möchte sollen können quiero necesito queremos donde vorrei voglio deve wil graag""".split()
)
SAME = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": ".", "→": ">", "•": "\n", "·": "\n", "\xa0": " "}
)
REPLACED = (
    (re.compile(r"\bw/\s?o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bw/\s?", re.IGNORECASE), "with "),
    (re.compile(r"(?<=\s)w(?=\s)"), "with"),
    (re.compile(r"\s(?:&|\+)\s"), " and "),
    (re.compile(r"(?<=\s)n(?=\s)"), "and"),
    (re.compile(r"\b(?:e\.\s?g\.|i\.\s?e\.)"), "such as"),
    (re.compile(r"\b(?:ppl|peeps)\b", re.IGNORECASE), "people"),
    (re.compile(r"\b(?:pls|plz|thx)\b", re.IGNORECASE), "please"),
    (re.compile(r"\b(?:appt|appts)\b", re.IGNORECASE), "appointments"),
    (re.compile(r"\bdon't|\bdont\b", re.IGNORECASE), "do not"),
    (re.compile(r"\bcan't|\bcant\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bshouldn't|\bshouldnt\b", re.IGNORECASE), "should not"),
    (re.compile(r"\bmustn't|\bmustnt\b", re.IGNORECASE), "must not"),
)
SENTENCE = re.compile(r"(?<=[a-z\d\)\"'])[.!?;]+(?=\s|$)|[!?]+(?=\s|$)|\n+|(?<=\.)\s+(?=[A-Z])|\s\d\)\s")
BETWEEN = re.compile(r"\s*,\s*(?:and|or|plus|as well as)?\s+|\s*,\s*|\s+(?:and|or|plus|as well as)\s+|\s*\n\s*")


@dataclass(frozen=True)
class Prompt:
    """The words of a prompt."""

    text: str

    @cached_property
    def plain(self) -> str:
        """In one spelling, with its capitals."""
        said = self.text.translate(SAME)
        for pattern, by in REPLACED:
            said = pattern.sub(by, said)
        return re.sub(r"[ \t]+", " ", said).strip()

    @cached_property
    def low(self) -> str:
        return self.plain.lower()

    @cached_property
    def sentences(self) -> list[str]:
        """With their capitals; brackets are not torn apart."""
        return [part.strip() for part in _apart(self.plain) if part.strip()]

    @cached_property
    def english(self) -> bool:
        """Is it English, so that its words mean what these rules take them for?"""
        words = re.findall(r"[^\W\d_]+", self.low)
        if not words:
            return False
        strange = sum(word in OTHERS and word not in ENGLISH for word in words)
        plain = sum(word in ENGLISH for word in words)
        beyond = sum(not word.isascii() for word in words)
        return not (strange > plain or beyond > max(1, len(words) // 5))

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.low) is not None


def _apart(text: str) -> list[str]:
    """Sentences; a stop inside of brackets is none."""
    parts: list[str] = []
    start = depth = seen = 0
    for match in SENTENCE.finditer(text):
        at = match.start()
        depth = max(0, depth + text.count("(", seen, at) - text.count(")", seen, at))
        seen = at
        if depth == 0 or text[at] == "\n":
            parts.append(text[start:at])
            start, depth = match.end(), 0
    parts.append(text[start:])
    return parts


def listed(text: str) -> list[str]:
    """The items of a list in words: `a, b and c`."""
    return [item for item in (part.strip(" .:;-\"'") for part in BETWEEN.split(f"{text} ")) if item]
