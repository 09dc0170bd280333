"""Values of choices that come, go and get other names; how records start."""

from __future__ import annotations

from espalier.blueprint.field import Field
from espalier.blueprint.names import words
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, many, one, told, value

MORE = (
    "On hold", "Waiting", "Archived", "Cancelled", "In review", "Postponed", "Other", "Unknown", "Not sure", "Urgent", "Rejected", "Paused", "Returned", "Expired", "Lost",
    "Private", "Seasonal", "Special", "Mixed", "Medium", "Very high", "Extra large", "Sent back", "No answer", "To check", "Ready", "Handed over", "Ordered", "Delayed",
)  # fmt: skip
NEW = (
    "Reserve",
    "Closed",
    "Settled",
    "Top",
    "Standard",
    "Basic",
    "Refused",
    "Complete",
    "Fresh",
    "Regular",
    "Begun",
    "Under way",
    "Solved",
    "Gone",
    "Later",
    "Main",
)


def add(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field("choice")
    if not found:
        return None
    entity, field = found
    free = [word for word in (*MORE, *_others(case, entity, field)) if word not in field.choices]
    words_of = case.rng.sample(free, 2 if case.chance(0.2) else 1)
    _set(case, entity, field, _with(case, field, words_of))
    names = " and ".join(f"{case.pick(('', ''))}{word if case.chance(0.6) else word.lower()}" for word in words_of)
    alone = sum(other.kind == "choice" for name in case.entities for other in case.fields(name)) == 1
    request = told(
        case, *(("add {names}", "{names} too", "also {names}", "{names} is missing") if alone else ()),
        "also {names} as {field}", "{names} as {field} too", "add {names} to the {field}",
        "add {names} [as a |to the |to ]{field} of {many}", "{field} of {many} should also [allow|offer|have] {names}", "{names} is missing [in|from] the {field} of {many}", "another {field} for {many}: {names}",
        "let {many} be {names} too", "[include|add] the [option|choice|value] {names} for {field} of {one}",
        names=names, field=words(field.name), many=many(entity), one=one(entity),
    )  # fmt: skip
    values = tuple(Like.of(word) for word in (*field.choices, *words_of))
    return Change(request, case.tree, needs=(need("choice", values=values, entity=Like.of(one(entity))),))


def _others(case: Case, entity: str, field: Field) -> list[str]:
    return [
        word
        for name in case.entities
        for other in case.fields(name)
        for word in other.choices
        if not (name == entity and other.name == field.name)
    ]


def _with(case: Case, field: Field, more: list[str]) -> list[str]:
    choices = list(field.choices)
    at = len(choices) if case.chance(0.6) or choices[-1] != "Other" else len(choices) - 1
    return choices[:at] + more + choices[at:]


def _set(case: Case, entity: str, field: Field, choices: list[str]) -> None:
    said = str(case.tree["data"][entity][field.name])
    _, mark, behind = said.partition(" = ")
    text = " | ".join(choices) + ("!" if field.required else "")
    case.tree["data"][entity][field.name] = f"[{text}]" if field.many else text + (f"{mark}{behind}" if mark else "")


def remove(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field("choice")
    if not found or len(found[1].choices) < 4:
        return None
    entity, field = found
    said = repr({key: part for key, part in case.tree.items() if key != "data"}) + repr(
        {key: part for key, part in case.tree["data"][entity].items() if key != field.name}
    )
    free = [
        word
        for word in field.choices
        if word not in said and f"= {value(word)}" not in str(case.tree["data"][entity][field.name])
    ]
    if not free:
        return None
    gone = case.pick(free)
    _set(case, entity, field, [word for word in field.choices if word != gone])
    request = told(
        case,
        "remove {gone} from the {field} of {many}",
        "{many} no longer need the {field} {gone}",
        "drop {gone} from {field} of {many}",
        "take {gone} out of the {field} of {one}",
        "we don't use {gone} as a {field} for {many} any more",
        gone=gone,
        field=words(field.name),
        many=many(entity),
        one=one(entity),
    )
    return Change(request, case.tree)


def replace_all(case: Case) -> Change | None:
    """Other values altogether, for a field that nothing else names."""
    case = case.fresh()
    found = case.some_field("choice")
    if not found:
        return None
    entity, field = found
    said = repr({key: part for key, part in case.tree.items() if key != "data"}) + repr(case.tree["data"])
    if any(said.count(word) > 1 for word in field.choices) or " = " in str(case.tree["data"][entity][field.name]):
        return None
    pools = [
        other.choices
        for name in case.entities
        for other in case.fields(name)
        if other.choices and other.name != field.name
    ]
    pools += [
        ("A", "B", "C"),
        ("North", "South", "East", "West"),
        ("Small", "Medium", "Large"),
        ("Bronze", "Silver", "Gold"),
        ("Monday", "Wednesday", "Friday"),
        ("Ground floor", "First floor", "Attic"),
        ("Red", "Yellow", "Green"),
        ("Ashgrove", "Hollin", "Wenlow"),
    ]
    chosen = case.pick(pools)
    if set(chosen) & set(field.choices):
        return None
    _set(case, entity, field, list(chosen))
    names = ", ".join(chosen)
    request = told(
        case,
        "{field} of {many} should be {names} instead",
        "change the {field} of {many} to {names}",
        "the choices for {field} of {one} are wrong, they are {names}",
        "use {names} for the {field} of {many}",
        field=words(field.name),
        many=many(entity),
        one=one(entity),
        names=names,
    )
    return Change(
        request,
        case.tree,
        needs=(need("choice", values=tuple(Like.of(word) for word in chosen), entity=Like.of(one(entity))),),
    )


def start(case: Case) -> Change | None:
    """How a new record starts."""
    case = case.fresh()
    found = case.some_field("choice")
    if not found or found[1].many:
        return None
    entity, field = found
    said = str(case.tree["data"][entity][field.name])
    written, _, before = said.partition(" = ")
    free = [word for word in field.choices if value(word) != before and word != before]
    if not free or (before and field.name in ("status", "state", "stage")):
        return None
    word = case.pick(free)
    case.tree["data"][entity][field.name] = f"{written} = {value(word)}"
    request = told(
        case,
        "new {many} should start [with {field} |as ]{word}",
        "the {field} of a new {one} should be {word} by default",
        "set {field} of {many} to {word} unless somebody says otherwise",
        "{word} should be the default {field} [of|for] {many}",
        field=words(field.name),
        many=many(entity),
        one=one(entity),
        word=word,
    )
    return Change(
        request,
        case.tree,
        needs=(need("field", like=Like.of(words(field.name)), entity=Like.of(one(entity)), default=value(word)),),
    )


CHANGES: tuple[tuple[Maker, float], ...] = ((add, 4), (remove, 1.5), (replace_all, 1), (start, 1))
