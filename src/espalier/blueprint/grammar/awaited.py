"""What the data section owes: entities that are used before they are declared, and the fields by which they are used.

`places - count(Booking where status = Booked)` in Class asks for an entity Booking with a reference to Class and a choice
`status` that has `Booked`. Found by the shape of the words, because an unfinished text cannot be bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..expression.meaning import NUMBERS
from ..field import Field
from .written import KEY, Written

NAME = r"[^\W\d_a-z]\w*"
OVER = re.compile(rf"\b(count|sum|avg|min|max|latest|streak)\(({NAME})(?:\.(\w+)(\.\w+)?)?")
STEP = re.compile(rf"(?:^|[\[,] ?|- |\bask )(create )?({NAME})(?:\.(\w+)(?: = ([^,\]]+))?)?")
ADDRESS = re.compile(rf"\b(?:email|notify) ({NAME})\.(\w+)")
ATOM = re.compile(
    r"(?:not )?(?:(?P<period>day|week|month|quarter|year)\()?(?P<path>[^\W\d]\w*)(?P<more>\.\w+)?\)?(?:\s*(?P<sign>=|!=|<=?|>=?|in)\s*(?P<side>.+))?"
)


@dataclass(frozen=True)
class Demand:
    """A field that an entity must have. kind: amount, moment, bool, choice (with these values), reference (to target), any.
    A reference without a name may have any."""

    name: str
    kind: str
    target: str = ""
    values: tuple[str, ...] = ()

    def met(self, fields: dict[str, Field]) -> bool:
        """Whether the entity has it, or has something else of its name, so that it cannot be had any more."""
        if not self.name:
            return any(field.target == self.target for field in fields.values())
        return self.name in fields

    def fits(self, field: Field) -> bool:
        match self.kind:
            case "amount":
                return field.kind in NUMBERS or field.kind == "money"
            case "moment":
                return field.kind in ("date", "datetime")
            case "reference":
                return field.target == self.target
            case "any":
                return True
        return field.kind == self.kind


def awaited(written: Written) -> list[str]:
    """Entities that are used and not declared, in the order of their use."""
    found = dict.fromkeys(name for name, _ in _uses(written))
    return [name for name in found if name not in written.raw_entities and name != "User"]


def demands(written: Written, entity: str) -> list[Demand]:
    """What earlier entities ask of this one; the demands on one choice are put together."""
    found: dict[str, Demand] = {}
    for name, demand in _uses(written):
        if name != entity or demand is None:
            continue
        key = demand.name or f"to {demand.target}"
        before = found.get(key)
        if before is None or (before.kind == "any" and demand.kind != "any"):
            found[key] = demand
        elif before.kind == demand.kind == "choice":
            found[key] = replace(before, values=tuple(dict.fromkeys((*before.values, *demand.values))))
    named = {demand.target for demand in found.values() if demand.name}
    return [demand for demand in found.values() if demand.name or demand.target not in named]


def _uses(written: Written) -> Iterator[tuple[str, Demand | None]]:
    """Each use of a name as an entity, with what it asks of that entity."""
    around = ""
    for line in written.sections.get("data", ())[1:]:
        indent = len(line) - len(line.lstrip())
        match = KEY.fullmatch(line.rstrip())
        if indent == 2 and match:
            around = match["key"]
        if indent < 4:
            continue
        words = (match["value"] or "") if match else line.strip()
        for over in OVER.finditer(words):
            yield from _over(over, words, around)
        if indent >= 6:
            yield from _steps(words, around)


def _over(over: re.Match[str], words: str, around: str) -> Iterator[tuple[str, Demand | None]]:
    function, entity, path, more = over.groups()
    where = _where(words, over.end())
    yield entity, None
    if path:
        kind = (
            "any" if more else "moment" if function == "streak" else "amount" if function in ("sum", "avg") else "any"
        )
        yield entity, Demand(path, kind)
    linked = False
    for part in re.split(r" and | or ", where):
        demand = _atom(part, around)
        if demand is not None:
            linked = linked or (demand.kind == "reference" and demand.target == around)
            yield entity, demand
    if not linked and "this" not in where and around != "User":  # every record has its owner
        yield entity, Demand("", "reference", around)


def _where(words: str, start: int) -> str:
    """What stands behind ` where ` up to the bracket that ends the sum."""
    if not words.startswith(" where ", words.find(" ", start) if words[start : start + 1] == "." else start):
        found = re.match(r"[\w.]* where ", words[start:])
        if not found:
            return ""
        start += found.end()
    else:
        start = words.index(" where ", start) + 7
    depth = 1
    for at in range(start, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return words[start:at]
    return words[start:]


def _atom(part: str, around: str) -> Demand | None:
    match = ATOM.fullmatch(part.strip())
    if not match or match["path"] in ("this", "me", "today", "now", "owner", "created", "updated", "id"):
        return None
    name, side = match["path"], (match["side"] or "").strip()
    if match["more"]:
        return Demand(name, "any")
    if match["period"]:
        return Demand(name, "moment")
    if not side:
        return Demand(name, "bool")
    if side == "this":
        return Demand(name, "reference", around)
    if side == "me":
        return Demand(name, "reference", "User")
    if match["sign"] == "in":
        return Demand(name, "choice", values=tuple(value.strip() for value in side.strip("[]").split(",")))
    if re.match(r"-?\d", side):
        return Demand(name, "amount")
    if re.match(r"today|now", side):
        return Demand(name, "moment")
    if side in ("true", "false"):
        return Demand(name, "bool")
    if re.fullmatch(r"[^\W\d_a-z][^\"()<>=]*", side):
        return Demand(name, "choice", values=(side,))
    return Demand(name, "any")


def _steps(words: str, around: str) -> Iterator[tuple[str, Demand | None]]:
    for match in STEP.finditer(words):
        created, entity, field, value = match.groups()
        if not created and not field:
            continue
        yield entity, None
        if around != "User":
            yield entity, Demand("", "reference", around)
        if field and value:
            yield entity, _atom(f"{field} = {value.strip()}", around)
        elif field:
            yield entity, Demand(field, "any")
    for match in ADDRESS.finditer(words):
        yield match[1], Demand(match[2], "any")
