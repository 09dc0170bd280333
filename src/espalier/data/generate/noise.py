"""How people write in a hurry: small letters, dropped apostrophes, slips of the finger. Names and numbers stay readable."""

from __future__ import annotations

import random
import re

SHORTER = {
    "please": ("pls", "plz", "please"), "you": ("u", "you", "you"), "with": ("w/", "with", "with", "with"), "because": ("bc", "because", "cause"),
    "people": ("ppl", "people", "people"), "photo": ("pic", "foto", "photo", "photo"), "and": ("and", "and", "and", "&", "n"), "about": ("abt", "about", "about"),
    "every": ("evry", "every", "every", "every"), "something": ("smth", "something"), "without": ("w/o", "without", "without"), "thanks": ("thx", "thanks"),
    "message": ("msg", "message"), "tomorrow": ("tmrw", "tomorrow"), "i'd": ("id", "i'd"), "appointment": ("appt", "appointment", "appointment", "appointment"),
}  # fmt: skip
NEAR = {
    "a": "s",
    "s": "a",
    "e": "r",
    "r": "e",
    "t": "r",
    "i": "o",
    "o": "i",
    "n": "m",
    "m": "n",
    "l": "k",
    "d": "s",
    "g": "h",
    "h": "g",
    "u": "i",
    "c": "v",
}


def hurried(text: str, source: random.Random, much: float = 1.0) -> str:
    """The text as somebody types it on a phone. much: how often a word gets a slip, against the usual."""
    if source.random() < 0.75:
        text = text.lower()
    if source.random() < 0.6:
        text = text.replace("'", "")
    rate = source.choice((0.0, 0.01, 0.02, 0.035)) * much
    words = re.split(r"(\W+)", text)
    done = []
    for word in words:
        low = word.lower()
        if low in SHORTER and source.random() < 0.35:
            word = source.choice(SHORTER[low])
        elif len(word) > 4 and word.isalpha() and source.random() < rate:
            word = _slip(word, source)
        done.append(word)
    text = "".join(done)
    if source.random() < 0.15:
        text = text.replace(", ", ",", 1)
    if source.random() < 0.3:
        text = text.rstrip(".")
    return text


def _slip(word: str, source: random.Random) -> str:
    """One slip inside a word: letters swapped, one missing, doubled or next to it. The first stays, so that it can be read."""
    at = source.randrange(1, len(word) - 1)
    kind = source.random()
    if kind < 0.4:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.7:
        return word[:at] + word[at + 1 :]
    if kind < 0.85:
        return word[:at] + word[at] + word[at:]
    return word[:at] + NEAR.get(word[at], word[at]) + word[at + 1 :]
