"""Names as grammar: what may name an entity, a field, a role or a page, and what is taken already.

"Any name but these" is written as a tree of the taken names' letters: a name leaves the tree at the letter where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable

from .gbnf import Rules, Said, alt, lit, rep, seq

Ranges = tuple[tuple[int, int], ...]


def ranges(letters: str) -> Ranges:
    """`a-z0-9_` as ranges of code points."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(letters):
        if at + 2 < len(letters) and letters[at + 1] == "-" and letters[at + 2] > letters[at]:
            found.append((ord(letters[at]), ord(letters[at + 2])))
            at += 3
        else:
            found.append((ord(letters[at]), ord(letters[at])))
            at += 1
    return tuple(found)


def without(group: Ranges, letters: Iterable[str]) -> Ranges:
    """The ranges less these letters."""
    found = list(group)
    for code in map(ord, letters):
        cut: list[tuple[int, int]] = []
        for low, high in found:
            if low <= code <= high:
                cut += [(a, b) for a, b in ((low, code - 1), (code + 1, high)) if a <= b]
            else:
                cut.append((low, high))
        found = cut
    return tuple(found)


def one_of(group: Ranges) -> Said:
    """A character class."""
    if not group:
        return None
    return "[" + "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in group) + "]"


def _code(code: int) -> str:
    letter = chr(code)
    if letter.isascii() and letter.isalnum():
        return letter
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


# Letters of the scripts that people write in. In Latin beyond the first letters large and small ones alternate; they are taken as one.
_EXTENDED = "Ā-ɏḀ-ỿ"
_CASELESS = "\u0985-\u09b9\u0a05-\u0a39\u0a85-\u0ab9\u0b05-\u0b39\u0b83-\u0bb9\u0c05-\u0c39\u0c85-\u0cb9\u0d05-\u0d39\u10d0-\u10fa\u05d0-\u05ea\u0620-\u064a\u0904-\u0939\u0e01-\u0e2e\u3041-\u3096\u30a1-\u30fa\u3105-\u312f\u4e00-\u9fff\uac00-\ud7a3"
_SIGNS = "\u064b-\u0655\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b4d\u0bbe-\u0bcd\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3e-\u0d4d\u0e30-\u0e3a\u0e40-\u0e4e\u30fc"  # inside a word, never first
SMALL = ranges("a-zß-öø-ÿά-ώа-џ" + _EXTENDED + _CASELESS)
LARGE = ranges("A-ZÀ-ÖØ-ÞΆΈ-ΏΑ-ΡΣ-ΩЀ-Я" + _EXTENDED + _CASELESS)
IN_FIELD = (*SMALL, *ranges("0-9" + _SIGNS))
IN_ENTITY = (*ranges("A-Za-z0-9À-ÖØ-öø-ÿΆ-ώЀ-џ" + _EXTENDED + _CASELESS + _SIGNS),)


def name_but(
    rules: Rules,
    taken: Iterable[str],
    first: Ranges,
    inside: Ranges,
    longest: int,
    *,
    joined: str,
    cased: bool = True,
    barred: str = "",
) -> Said:
    """A name that is none of the taken ones.

    first and inside: the letters it starts and goes on with. joined: signs that may stand between two letters (`_`, a
    space). Without cased, a taken name is taken in large and small letters alike. barred: what may not be its first word.
    """
    known = {name if cased else name.lower() for name in taken if name}
    if barred:
        known = {name for name in known if not name.startswith(barred + " ")} | {barred}
    beyond_first = rules.make(("beyond", first), lambda: one_of(tuple(span for span in first if span[0] > 127)))
    beyond = rules.make(("beyond", inside), lambda: one_of(tuple(span for span in inside if span[0] > 127)))
    letter = rules.make(("letter", inside), lambda: one_of(inside))
    step = alt(letter, seq(one_of(ranges(joined)), letter)) if joined else letter
    tail = rules.make(("tail", inside, joined, longest), lambda: rep(step, 0, longest))
    more = rules.make(("more", inside, joined, longest), lambda: seq(step, tail))

    def after(prefix: str) -> Said:
        longer = [name for name in known if name.startswith(prefix) and len(name) > len(prefix)]
        if not longer and prefix:
            return (
                more if prefix != barred else seq(letter, tail)
            )  # a taken name, and nothing else begins with it: go on
        letters = sorted({name[len(prefix)] for name in longer})
        twins = {twin for c in letters for twin in ((c,) if cased else (c.lower(), c.upper())) if len(twin) == 1}
        inner = prefix != "" and prefix[-1] not in joined
        group = inside if prefix else first
        if all(twin.isascii() for twin in twins):
            near = one_of(without(tuple(span for span in group if span[0] <= 127), twins))
            start = alt(near, beyond if prefix else beyond_first)
        else:
            start = one_of(without(group, twins))
        said: list[Said] = [seq(start, tail)]
        if inner and prefix not in known:
            said.append("")
        if inner and joined and prefix != barred:
            signs = one_of(without(ranges(joined), letters))
            said.append(seq(signs, letter, tail) if signs else None)
        for c in letters:
            large = c.upper()
            said.append(seq(lit(c) if cased or large == c or len(large) != 1 else f"[{c}{large}]", after(prefix + c)))
        return alt(*said)

    return after("")


# How the names of the language are made, for `name_but`: what they start with, what they go on with, how long they grow.
ENTITY = (LARGE, IN_ENTITY, 26)
FIELD = (SMALL, IN_FIELD, 26)
PAGE = ((*IN_ENTITY,), (*IN_ENTITY, *ranges("&,.!?/+"), (45, 45), (0x2010, 0x2019)), 36)
VALUE = (LARGE, IN_ENTITY, 28)
