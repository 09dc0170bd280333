"""Personal data and secrets out of texts before they are stored: in their place stands what they were, `<EMAIL_1>`.

Inside one trace the same value gets the same placeholder wherever it stands, also days later: what is kept for that is a keyed hash of it,
never itself. Names are looked for in what a person wrote; in what a model wrote only the names that the person had written are replaced,
since the others are its inventions. `filled` puts harmless values of the same kind back, so that a redacted text reads and runs again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .personal import KINDS, Found, Kind, find, same

LONGEST = 60_000  # characters of one text that are kept; what comes after is cut off before anything is looked for
PLACEHOLDER = re.compile(rf"<({'|'.join(KINDS)})_(\d{{1,4}})>")
PEOPLE = (
    "Alex Reed",
    "Kim Park",
    "Sam Ortiz",
    "Robin Vale",
    "Noa Lind",
    "Jo Marsh",
    "Lee Hart",
    "Ari Stone",
    "Max Field",
    "Uma Brook",
)


@dataclass(frozen=True)
class Redacted:
    """A text without what was personal in it, and what that was: places in the text as it came."""

    text: str
    found: tuple[Found, ...] = ()


@dataclass
class Redaction:
    """The redaction of one trace. key: under which values are hashed, with the name of the trace; known: the numbers that values have already,
    by kind and hash. `new` holds those that were added.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    name: str = ""
    known: Mapping[tuple[str, str], int] = field(default_factory=dict)
    new: dict[tuple[str, str], int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)  # how many values there were, by kind
    _values: dict[str, str] = field(default_factory=dict, repr=False)  # value to placeholder, while this lives

    def learn(self, *texts: str) -> None:
        """Read what people wrote: what is personal in it is replaced in all that comes after."""
        for text in texts:
            self.redact(text)

    def redact(self, text: str, people: bool = True) -> Redacted:
        """A text without what is personal in it. people: a person wrote it, so look for names."""
        text = text[:LONGEST]
        there = find(text, people)
        for one in there:
            self._placeholder(one.kind, one.of(text))
        out, end = [], 0
        for one in there:
            out += [self._known(text[end : one.start]), self._placeholder(one.kind, one.of(text))]
            end = one.end
        return Redacted("".join([*out, self._known(text[end:])]), there)

    def words(self, text: str, people: bool = True) -> str:
        """The redacted text alone."""
        return self.redact(text, people).text

    def all(self, value: Any, people: bool = False) -> Any:
        """The same for every text in plain data: lists, dicts, texts, numbers."""
        if isinstance(value, str):
            return self.words(value, people)
        if isinstance(value, Mapping):
            return {self.words(str(name), people): self.all(one, people) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.all(one, people) for one in value]
        return value

    def _placeholder(self, kind: Kind, value: str) -> str:
        digest = hmac.new(self.key, f"{self.name}\0{kind}\0{same(kind, value)}".encode(), hashlib.sha256).hexdigest()
        known = self.known.get((kind, digest)) or self.new.get((kind, digest))
        if known is None:
            known = 1 + sum(of == kind for of, _ in {**self.known, **self.new})
            self.new[kind, digest] = known
        placeholder = f"<{kind}_{known}>"
        if value not in self._values:
            self._values[value] = placeholder
            self.found[kind] = self.found.get(kind, 0) + 1
        return placeholder

    def _known(self, text: str) -> str:
        """What was found elsewhere in this trace is replaced here too: a name that nothing introduces in this place."""
        for value, placeholder in sorted(self._values.items(), key=lambda one: -len(one[0])):
            if value.casefold() in text.casefold():
                flags = re.IGNORECASE if " " in value or "@" in value else re.NOFLAG
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", placeholder, text, flags=flags)
        return text


def redact(text: str) -> Redacted:
    """A text by itself, redacted."""
    return Redaction().redact(text)


def filled(text: str) -> str:
    """A redacted text with values that belong to nobody: names that are invented, addresses and numbers reserved for examples."""
    return PLACEHOLDER.sub(lambda match: _stand_in(match[1], int(match[2])), text)


def _stand_in(kind: str, number: int) -> str:
    person = PEOPLE[(number - 1) % len(PEOPLE)] + ("" if number <= len(PEOPLE) else f" {number}")
    return {
        "EMAIL": f"{person.split()[0].lower()}{number}@example.com",
        "PHONE": f"+1 212 555 {99 + number:04}",
        "IBAN": "DE75512108001245126199",
        "CARD": "4242 4242 4242 4242",
        "IP": f"192.0.2.{number % 255}",
        "URL": f"https://example.com/{number}",
        "KEY": f"example-key-{number}",
        "PASSWORD": f"example-password-{number}",
        "ID": f"ID-{number:06}",
        "NAME": person,
    }[kind]
