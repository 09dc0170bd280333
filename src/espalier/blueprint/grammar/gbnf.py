"""Writing GBNF, the grammar notation of llama.cpp: rules that are made once, alternatives that share their beginnings.

An expression here is a string of GBNF, or None for what cannot be; `seq` with a None is None, `alt` leaves it out. Knows
nothing of blueprints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Said = str | None


class Rules:
    """The rules of one grammar. `make` gives the name of a rule for a key, and writes the rule when it is new."""

    def __init__(self) -> None:
        self._names: dict[tuple[object, ...], str] = {}
        self._bodies: dict[str, str] = {}

    def make(self, key: tuple[object, ...], body: Callable[[], Said]) -> Said:
        """The rule's name, or None when its body cannot be. A body may name its own rule: then it must be possible."""
        if key not in self._names:
            name = f"{key[0]}-{len(self._names)}"
            self._names[key] = name
            said = body()
            if said is None:
                del self._names[key]
                return None
            self._bodies[name] = said
        return self._names[key]

    def text(self, root: str) -> str:
        """The whole grammar."""
        return "\n".join([f"root ::= {root}", *(f"{name} ::= {body}" for name, body in self._bodies.items())]) + "\n"


def lit(text: str) -> str:
    """Exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def seq(*parts: Said) -> Said:
    """One after the other."""
    if any(part is None for part in parts):
        return None
    return " ".join(part for part in parts if part)


def alt(*parts: Said) -> Said:
    """One of these."""
    known = list(dict.fromkeys(part for part in parts if part is not None))
    if not known:
        return None
    if len(known) == 1:
        return known[0]
    return "(" + " | ".join(part or '""' for part in known) + ")"


def opt(*parts: Said) -> str:
    """These, or nothing."""
    said = seq(*parts)
    return f"({said})?" if said else ""


def rep(part: Said, low: int, high: int) -> Said:
    """From low to high times."""
    if part is None or high <= 0:
        return "" if low == 0 else None
    return f"({part}){{{low},{high}}}" if " " in part or "|" in part else f"{part}{{{low},{high}}}"


def branch(options: Iterable[tuple[str, Said]]) -> Said:
    """One of the texts, each with what follows it; common beginnings are written once, so that a matcher holds few at a time."""
    ends: list[Said] = []
    groups: dict[str, list[tuple[str, Said]]] = {}
    for text, rest in options:
        if rest is None:
            continue
        if text:
            groups.setdefault(text[0], []).append((text, rest))
        else:
            ends.append(rest)
    for group in groups.values():
        shared = _shared([text for text, _ in group])
        ends.append(seq(lit(shared), branch((text[len(shared) :], rest) for text, rest in group)))
    return alt(*ends)


def _shared(texts: list[str]) -> str:
    """The beginning that all the texts have."""
    first, last = min(texts), max(texts)
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]


def words(texts: Iterable[str]) -> Said:
    """One of these texts."""
    return branch((text, "") for text in texts)


def some_in_order(rules: Rules, key: tuple[object, ...], items: list[Said], separator: str) -> Said:
    """At least one of the items, in their order, each at most once, divided by the separator."""
    possible = [item for item in items if item is not None]

    def more(at: int) -> Said:
        """What follows when the items before `at` are done with, and something stands there already."""
        if at == len(possible):
            return ""
        return rules.make((*key, at), lambda: opt(lit(separator), from_item(at)) or "")

    def from_item(at: int) -> Said:
        return alt(*(seq(possible[index], more(index + 1)) for index in range(at, len(possible))))

    return rules.make((*key, "any"), lambda: from_item(0))


def lines(pad: str, item: Said, low: int, high: int, *, begun: bool) -> Said:
    """Items each behind this line break and indent. begun: the line break of the first one is written already."""
    return seq(lit(pad[1:] if begun else pad), item, rep(seq(lit(pad), item), low - 1, high - 1))
