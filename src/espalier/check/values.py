"""Values with which a record can be saved, as one person may give them, and values with which it cannot.

`choices_of` gives the ways to fill in one field, the likeliest first. `Conditions` are all that a record must meet: its rules,
what is unique, who may make it. `solve` searches for values that meet them all (or break one and keep the rest), bounded and
without chance: the same app gives the same values. What is sent where is others' matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from espalier.blueprint.expression import Bound
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field
from espalier.blueprint.fields.base import read_range
from espalier.runtime.access import AUTHOR

from .stored import Stored, Values, bound_of, depends_on, everything_in, inside

if TYPE_CHECKING:
    from espalier.blueprint.schema import Entity
    from espalier.runtime.access import Visitor

FRESH = 4711  # the index of samples, far from what seeds hold
MOST_TRIES = 600  # combinations that are looked at for one condition
MOST_CHOICES = 24  # of one field
MOST_ROUNDS = 8
DAYS = (7, 1, 30, 3, 2, 4, 5, 6, 400, 0, -1, -3, -30, -400, -7000, -15000, 3000)
HOURS = (10, 14, 9, 18)
NUMBERS = (1, 2, 5, 3, 10, 0, 20, 50, 100, 1000, 25000, -1, -5, 500000)
LONG = "A few honest words that are long enough for everybody who asks for more than a line. " * 3
NUMBER_KINDS = ("int", "number", "percent", "rating", "money")
MOMENT_KINDS = ("date", "datetime", "time")


@dataclass(frozen=True)
class Choice:
    """One way to fill in a field: the texts that are sent (several for a field of many) and the value that they mean."""

    texts: tuple[str, ...]
    value: Any


NOTHING = Choice((), None)
NONE_OF_MANY = Choice((), [])


@dataclass(frozen=True)
class Condition:
    """Something that a record must meet. names: the fields it depends on; kind: rule, unique, access."""

    words: str
    kind: str
    names: frozenset[str]
    holds: Callable[[Values], bool]
    bounds: tuple[Bound, ...] = ()
    at: str = ""  # the field at which the app says it


@dataclass
class Solution:
    """Values that were found. given: the way in which each field is filled in; record: the whole record, as it would stand.
    broken: the condition that could not be met, None when all are."""

    given: dict[str, Choice] = field(default_factory=dict)
    record: Values = field(default_factory=dict)
    broken: Condition | None = None

    @property
    def texts(self) -> dict[str, list[str]]:
        """What is sent, by field."""
        return {name: list(choice.texts) for name, choice in self.given.items()}

    def given_words(self, one: Condition) -> str:
        """What was filled in where the condition looks, for a person."""
        said = [
            f"{name} = {', '.join(self.given[name].texts) or 'nothing'}" for name in self.given if name in one.names
        ]
        return ", ".join(said)[:160]


_numbers = itertools.count(1)


def new_record(stored: Stored, entity: str, who: Visitor) -> Values:
    """A record as it stands before anything is filled in: nothing but defaults, made by this person at this moment."""
    record: Values = {"id": -next(_numbers), "created": stored.now, "updated": stored.now, "owner": who.id}
    for name, spec in stored.blueprint.entities[entity].fields.items():
        if spec.computed:
            continue
        record[name] = default_of(stored, entity, spec, who)
    return record


def default_of(stored: Stored, entity: str, spec: Field, who: Visitor) -> Any:
    """The value that a field has when nobody gives one."""
    if spec.is_me:
        return who.id
    bound = stored.blueprint.meaning.defaults.get((entity, spec.name))
    if bound is not None:
        value = stored.work_out(bound, entity, None, who)
        if value is None and spec.kind == "choice" and isinstance(bound.meaning, m.Constant):
            value = bound.meaning.value
        return fitting(value, spec)
    if spec.many or spec.kind == "marks":
        return []
    return False if spec.kind == "bool" and not spec.required else None


def fitting(value: Any, spec: Field) -> Any:
    """What an expression gave, as the field keeps it."""
    if value is None:
        return [] if spec.many else None
    if spec.many and not isinstance(value, list):
        return [value]
    if spec.kind in ("money", "int") and isinstance(value, float | Decimal):
        return round(value)
    if spec.kind == "datetime" and isinstance(value, datetime):
        return value.replace(microsecond=0)
    if spec.kind == "datetime" and isinstance(value, date):
        return datetime.combine(value, time())
    if spec.kind == "date" and isinstance(value, datetime):
        return value.date()
    return value


def same(value: Any, other: Any) -> bool:
    """Are two stored values the same to a person? Numbers that went through a sum may differ in their last digit."""
    if isinstance(value, bool) or isinstance(other, bool):
        return bool(value) == bool(other)
    if isinstance(value, int | float) and isinstance(other, int | float):
        return abs(value - other) <= 1e-6 * max(1.0, abs(value))
    if isinstance(value, datetime) and isinstance(other, datetime):
        return value.replace(microsecond=0) == other.replace(microsecond=0)
    if value in (None, [], "") and other in (None, [], ""):
        return True
    return bool(value == other)


# --- ways to fill in a field ------------------------------------------------------------------------------------------


def choice_of(text: str, spec: Field) -> Choice | None:
    """What the text means in this field; None when it does not fit."""
    try:
        if spec.many:
            return Choice((text,), [_kept(spec.type.read(text, spec), spec)])
        return Choice((text,), _kept(spec.type.read(text, spec), spec))
    except (ValueError, OverflowError):
        return None


def _kept(value: Any, spec: Field) -> Any:
    match spec.kind:
        case "money":
            return int(Decimal(str(value)) * 100)
        case "number" | "percent":
            return float(value)
    return value


def text_of(value: Any, spec: Field) -> str:
    """A stored value as a person types it."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S" if value.second else "%Y-%m-%dT%H:%M")
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case float() | int() if spec.kind == "money":
            return f"{value / 100:.2f}"
        case float():
            return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def choices_of(
    stored: Stored, spec: Field, who: Visitor, *, offered: Sequence[str] | None = None, most: int = MOST_CHOICES
) -> list[Choice]:
    """The ways to fill in a field, at most so many, the likeliest first. offered: the values among which a form lets
    people choose; without it every record that the person may read counts. Empty when there is no way at all."""
    made: dict[tuple[str, ...], Choice] = {}
    for text in _texts(stored, spec, who, offered):
        found = choice_of(text, spec)
        if found is not None and text:
            made.setdefault(found.texts, found)
        if len(made) >= most:
            break
    ways = list(made.values())
    if spec.many and len(ways) > 1:
        both = Choice(ways[0].texts + ways[1].texts, ways[0].value + ways[1].value)
        ways.insert(1, both)
    if spec.kind == "bool":
        ways = [Choice(("true",), True)] if spec.required else [Choice(("true",), True), Choice((), False)]
    elif not spec.required:
        ways.append(NONE_OF_MANY if spec.many else NOTHING)
    return ways


def _texts(stored: Stored, spec: Field, who: Visitor, offered: Sequence[str] | None) -> Iterator[str]:
    match spec.kind:
        case "reference":
            if offered is not None:
                yield from offered
            else:
                yield from (str(row["id"]) for row in stored.view(who).readable(spec.target))
        case "choice":
            # Not the first: that one is often the default, and then nobody sees whether it was kept.
            known = [one for one in spec.choices if offered is None or one in offered]
            yield from [*known[1:2], *known[:1], *known[2:]]
        case "bool":
            yield "true"
        case "file" | "image" | "marks" | "serial":
            return
        case "date" | "datetime" | "time":
            yield from _moments(stored.now, spec)
        case "int" | "number" | "percent" | "rating" | "money":
            yield spec.type.sample(spec, 1)
            bounds = read_range(spec.parameter or ("1..5" if spec.kind == "rating" else None))
            yield from (f"{edge:g}" for edge in (bounds.high, bounds.low) if edge is not None)
            if bounds.low is None and bounds.high is not None:
                yield from (f"{bounds.high - 1:g}", f"{bounds.high / 2:g}")
            yield from (f"{number}" for number in NUMBERS)
        case "text" | "long":
            yield spec.type.sample(spec, FRESH)
            yield spec.type.sample(spec, FRESH + 1)
            yield LONG[: spec.type.largest].strip()
        case _:
            yield from (spec.type.sample(spec, FRESH + step) for step in range(4))


def _moments(now: datetime, spec: Field) -> Iterator[str]:
    if spec.kind == "time":
        yield from (f"{hour:02d}:00" for hour in (10, 14, 9, 11, 12, 16, 18, 20, 8, 22, 6))
        return
    for days in DAYS:
        day = now.date() + timedelta(days=days)
        yield day.isoformat() if spec.kind == "date" else f"{day.isoformat()}T{HOURS[0]:02d}:00"
    if spec.kind == "datetime":
        for days, hour in itertools.product((1, 7), HOURS[1:]):
            yield f"{(now.date() + timedelta(days=days)).isoformat()}T{hour:02d}:00"


# --- what a record must meet ------------------------------------------------------------------------------------------


def conditions_of(
    stored: Stored, entity: str, who: Visitor, *, id: int | None = None, access: str = ""
) -> list[Condition]:
    """The rules of an entity, what of it is unique and, with access ("create" or "update"), who may write it. id: of the
    record that is changed; its rules do not count it."""
    blueprint = stored.blueprint
    spec = blueprint.entities[entity]
    around = stored.without(entity, id) if id is not None else stored
    found: list[Condition] = []

    def fresh() -> Stored:
        # What was worked out for a record is remembered by its id, which new ones have for one try only.
        return around if id is None or id < 0 else around.copy()

    if access and not who.is_admin:
        rule = blueprint.access.get(entity)
        said = rule.rule(access) if rule else None
        names = depends_on(bound_of(said, blueprint).meaning, blueprint) if said is not None else set()
        names |= {one.name for one in spec.fields.values() if one.part or one.is_owner}
        bounds = (bound_of(said, blueprint),) if said is not None else ()

        def allowed(record: Values) -> bool:
            return fresh().may(access, entity, record, who)

        found.append(Condition(f"who may {access}", "access", frozenset(names), allowed, bounds))
    for names_together in unique_groups(spec):
        taken = {tuple(row.get(name) for name in names_together) for row in around[entity].values()}

        def free(
            record: Values, names: Sequence[str] = names_together, taken: Collection[Any] = frozenset(taken)
        ) -> bool:
            values = tuple(record.get(name) for name in names)
            return None in values or values not in taken

        at = next((name for name in names_together if name in spec.fields), "")
        words = f"only once: {' and '.join(names_together)}"
        found.append(Condition(words, "unique", frozenset(names_together), free, (), at))
    for words, rule_of in spec.rules.items():
        bound = bound_of(rule_of, blueprint)
        names = depends_on(bound.meaning, blueprint)

        def kept(record: Values, rule: Any = rule_of) -> bool:
            return fresh().condition(rule, entity, record, who)

        at = next((name for name in spec.fields if name in names and spec.fields[name].typed_in), "")
        found.append(Condition(words, "rule", frozenset(names), kept, (bound,), at))
    return found


def unique_groups(spec: Entity) -> list[tuple[str, ...]]:
    """The fields that are unique, alone or together."""
    alone: list[tuple[str, ...]] = [(name,) for name, one in spec.fields.items() if one.unique and not one.many]
    together = tuple(spec.unique)
    return [*alone, together] if together and together not in alone else alone


# --- the search -------------------------------------------------------------------------------------------------------


class Search:
    """Values for the free fields of a record.

    stored: what there is; record: the record as it stands without them; free: the ways to fill in each; conditions: what must
    hold. fields: the entity's, to read values that a condition itself suggests.
    """

    def __init__(
        self,
        stored: Stored,
        entity: str,
        record: Values,
        free: Mapping[str, Sequence[Choice]],
        conditions: Sequence[Condition],
        who: Visitor = AUTHOR,
    ) -> None:
        self.stored = stored
        self.entity = entity
        self.base = record
        self.free = {name: list(ways) for name, ways in free.items()}
        self.conditions = conditions
        self.who = who
        self.fields = stored.blueprint.entities[entity].fields

    def meet_all(self) -> Solution:
        """Values with which every condition holds; with the one that cannot be met when there are none."""
        given = {name: ways[0] for name, ways in self.free.items() if ways}
        settled: list[Condition] = []
        for _ in range(MOST_ROUNDS):
            record = self.record(given)
            broken = next((one for one in self.conditions if not one.holds(record)), None)
            if broken is None:
                return Solution(given, record)
            keep = [one for one in self.conditions if one is not broken and one.holds(record)]
            better = self._change(given, broken, True, keep) or self._change(given, broken, True, [])
            if better is None or settled.count(broken) > 2:
                return Solution(given, record, broken)
            settled.append(broken)
            given = better
        return Solution(given, self.record(given), broken)

    def break_only(self, one: Condition, start: Mapping[str, Choice]) -> Solution | None:
        """Values that break this condition and keep all others, beginning from some that keep them all; None when none were
        found."""
        others = [other for other in self.conditions if other is not one]
        changed = self._change(dict(start), one, False, others)
        return None if changed is None else Solution(changed, self.record(changed), one)

    def record(self, given: Mapping[str, Choice]) -> Values:
        """The whole record with these values."""
        return {**self.base, **{name: choice.value for name, choice in given.items()}, "id": self._id()}

    def _id(self) -> int:
        # Another one for every try: what was worked out for a record is remembered by its id.
        return int(self.base["id"]) if self.base["id"] > 0 else -next(_numbers)

    def _change(
        self, given: dict[str, Choice], one: Condition, wanted: bool, keep: Sequence[Condition]
    ) -> dict[str, Choice] | None:
        """The values with as little changed as makes the condition what is wanted while those to keep hold."""
        names = [name for name in self.free if name in one.names]
        if not names:
            return None
        ways = {name: self.ways(name, one, given) for name in names}
        tries = 0
        for many in range(1, min(len(names), 3) + 1):
            for chosen in itertools.combinations(names, many):
                for values in _nearest_first([ways[name] for name in chosen]):
                    tries += 1
                    if tries > MOST_TRIES:
                        return None
                    tried = {**given, **dict(zip(chosen, values, strict=True))}
                    record = self.record(tried)
                    if one.holds(record) == wanted and all(other.holds(record) for other in keep):
                        return tried
        return None

    def ways(self, name: str, one: Condition, given: Mapping[str, Choice]) -> list[Choice]:
        """The ways to fill in a field, after those that the condition suggests by what it is compared with."""
        suggested: dict[tuple[str, ...], Choice] = {}
        spec = self.fields[name]
        record = self.record(given)
        for bound in one.bounds:
            for part in everything_in(bound.meaning):
                for value in self._compared_with(bound, part, name, record):
                    for near in _around(value, spec):
                        found = choice_of(text_of(near, spec), spec)
                        if found is not None:
                            suggested.setdefault(found.texts, found)
        return [*suggested.values(), *(way for way in self.free[name] if way.texts not in suggested)]

    def _compared_with(self, bound: Bound, part: m.Meaning, name: str, record: Values) -> Iterator[Any]:
        pairs: list[tuple[m.Meaning, m.Meaning]] = []
        if isinstance(part, m.Compare):
            pairs = [(part.left, part.right), (part.right, part.left)]
        elif isinstance(part, m.CompareDay):
            pairs = [(part.moment, part.day), (part.day, part.moment)]
        elif isinstance(part, m.OneOf):
            pairs = [(part.item, option) for option in part.options]
        for side, other in pairs:
            if any(isinstance(one, m.Value) and one.field == name and not one.hops for one in _leaves(side)):
                try:
                    value = self._value(replace(bound, meaning=other), record)
                except (LookupError, TypeError, AttributeError):
                    continue
                if value is not None:
                    yield value

    def _value(self, bound: Bound, record: Values) -> Any:
        return self.stored.work_out(bound, self.entity, record, self.who)


def _leaves(part: m.Meaning) -> Iterator[m.Meaning]:
    """The meaning and its parts, without those of computed fields and numbers over other records."""
    yield part
    if not isinstance(part, m.Computed | m.Aggregate):
        for one in inside(part):
            yield from _leaves(one)


def _around(value: Any, spec: Field) -> Iterable[Any]:
    """A value and its neighbours, as far as the field's kind has any."""
    if spec.kind in NUMBER_KINDS and isinstance(value, int | float) and not isinstance(value, bool):
        step = 100 if spec.kind == "money" else 1
        return (value, value + step, value - step)
    if spec.kind == "datetime" and isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time(10))
        return [_moved(moment, timedelta(hours=hours)) for hours in (1, -1, 25, -25)] + [moment]
    if spec.kind == "date" and isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return [_moved(day, timedelta(days=days)) for days in (1, -1, 0)]
    if spec.kind == "time" and isinstance(value, time):
        moment = datetime.combine(date(2000, 1, 2), value)
        return [(moment + timedelta(hours=hours)).time() for hours in (1, -1, 0)]
    return (value,) if spec.kind not in MOMENT_KINDS else ()


def _moved(moment: Any, by: timedelta) -> Any:
    try:
        return moment + by
    except OverflowError:
        return moment


def _nearest_first(ways: Sequence[Sequence[Choice]]) -> Iterator[tuple[Choice, ...]]:
    """All combinations, those first whose parts stand first."""
    if len(ways) == 1:
        yield from ((one,) for one in ways[0])
        return
    places = itertools.product(*(range(len(one)) for one in ways))
    for at in sorted(itertools.islice(places, MOST_TRIES * 4), key=sum):
        yield tuple(one[place] for one, place in zip(ways, at, strict=True))
