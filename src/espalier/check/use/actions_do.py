"""Every action can be pressed by those it is for, does what it says, and is closed to everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.steps import Ask, Confirm, If
from espalier.runtime.access import AUTHOR, Visitor

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, Values, bound_of, depends_on, everything_in, now, seeded
from ..values import Choice, Condition, Search, choices_of, conditions_of, same
from .effects import ANY, Image, heard, touched_by_automations
from .forms import UPLOADS, picture
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Action
    from espalier.runtime.visit import Upload

    from ..subject import Subject

QUICK = 5
MOST_ANSWERS = 60  # combinations of answers that are looked at
MOST_PEOPLE = 12
MOST_PRESSES = 8


@dataclass
class Press:
    """A record on which an action can be pressed, and by whom. answers: what is given for what it asks."""

    row: Values
    who: Visitor
    answers: dict[str, Choice] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


@check("use", weight=4)
def actions_do(subject: Subject) -> Iterator[Finding]:
    """Every action can be pressed by those it is for, does what it says, and is closed to everybody else."""
    stored = seeded(subject)
    actions = [
        (entity, action)
        for entity, spec in subject.blueprint.entities.items()
        if entity != "User"
        for action in spec.action_list
    ]
    looked_at = subject.some(actions, QUICK)
    chosen = subject.some(range(len(looked_at)), 1)
    for at, (entity, action) in enumerate(looked_at):
        subject.restore()
        yield from _one(
            subject,
            stored,
            entity,
            action,
            press_it=at in chosen and in_turn(subject, "actions_do"),
            close_it=at in chosen and in_turn(subject, "actions_closed"),
        )


def _one(
    subject: Subject, stored: Stored, entity: str, action: Action, press_it: bool, close_it: bool
) -> Iterator[Finding]:
    where = f"data > {entity} > actions > {action.label}"
    before = stored
    press, refused = _answered(subject, before, entity, action)
    if press is None:
        problem = _prepare(subject, stored, entity, action)
        if problem:
            yield wrong(where, problem, "mend its `if`, or give the field a way to become so")
            return
        before = now(subject)
        press, refused = _answered(subject, before, entity, action)
        if press is None:
            return  # nothing in the seed leads there
    if refused is not None:
        yield wrong(
            where, f"pressing it is refused whatever is answered: {refused.words}", "mend the rule or the steps"
        )
        return
    if press_it or subject.thorough:
        yield from _pressed(subject, before, entity, action, press, where)
    else:
        yield fine(where)
    if close_it or subject.thorough:
        yield from _closed(subject, entity, action, press, where)


# --- who can press it, and where --------------------------------------------------------------------------------------


def _answered(subject: Subject, stored: Stored, entity: str, action: Action) -> tuple[Press | None, Condition | None]:
    """A press that the rules allow, with None; else one that they do not, with the reason; (None, None) when it cannot be
    pressed at all."""
    first: tuple[Press | None, Condition | None] = (None, None)
    for press in islice(presses(subject, stored, entity, action), MOST_PRESSES):
        refused = answer_for(stored, entity, action, press)
        if refused is None:
            return press, None
        if first[0] is None:
            first = (press, refused)
    return first


def presses(subject: Subject, stored: Stored, entity: str, action: Action) -> Iterator[Press]:
    """People who may press it on records where its `if` holds; people with a role before the admin, two records for each."""
    rows = list(stored[entity].values())
    for who in _people(subject, stored):
        found = (
            row
            for row in rows
            if may_press(stored, entity, action, row, who) and stored.view(who).may("read", entity, row)
        )
        yield from (Press(row, who) for row in islice(found, 2))


def _people(subject: Subject, stored: Stored) -> list[Visitor]:
    cast = subject.cast
    found = {who.id: who for who in cast.everybody if not who.is_admin}
    for row in list(stored["User"].values())[:MOST_PEOPLE]:
        if row["role"] != "admin":
            found.setdefault(row["id"], Visitor(row["id"], row["name"], row["email"], row["role"]))
    return [*found.values(), cast.admin]


def may_press(stored: Stored, entity: str, action: Action, row: Values, who: Visitor) -> bool:
    """By the blueprint's words: are they among those who may, and does every `if` that it begins with hold?"""
    view = stored.view(who)
    if not who.is_admin:
        may = view.holds(action.who, entity, row) if action.who is not None else view.may("update", entity, row)
        if not may:
            return False
    return all(view.condition(step.condition, entity, row) for step in leading(action))


def leading(action: Action) -> Iterator[If]:
    """The conditions with which an action begins."""
    for step in action.steps:
        if isinstance(step, If):
            yield step
        elif not isinstance(step, Ask | Confirm):
            return


# --- a record on which it can be pressed, where the seed has none -----------------------------------------------------


def _prepare(subject: Subject, stored: Stored, entity: str, action: Action) -> str:
    """Change a record so that the action can be pressed on it; words when no record can ever be so."""
    conditions = []
    fields = stored.blueprint.entities[entity].fields
    for step in leading(action):
        bound = bound_of(step.condition, stored.blueprint)
        names = frozenset(depends_on(bound.meaning, stored.blueprint))

        def holds(record: Values, step: If = step) -> bool:
            return stored.with_record(entity, record).condition(step.condition, entity, record, subject.cast.admin)

        conditions.append(Condition(str(step.condition), "if", names, holds, (bound,)))
    free = {
        name: ways
        for name, spec in fields.items()
        if spec.seeded and spec.kind not in UPLOADS and (ways := choices_of(stored, spec, subject.cast.admin))
    }
    for row in islice(stored[entity].values(), 4):
        found = Search(stored, entity, row, {}, conditions, AUTHOR)
        found.free = {name: [_as_it_is(row.get(name)), *ways] for name, ways in free.items()}
        solution = found.meet_all()
        if solution.broken is None:
            values = {name: one for name, one in solution.given.items() if one.value != row.get(name)}
            if not values:
                return ""
            store(subject, entity, row["id"], {name: one.value for name, one in values.items()})
            return ""
        if _own_only(solution.broken) and solution.broken.names and solution.broken.names <= set(free):
            return f"it can never be pressed: no record can ever be so that `{solution.broken.words}`"
    return ""


def _as_it_is(value: Any) -> Choice:
    return Choice(("as it is",), value)


def store(subject: Subject, entity: str, id: int, values: Values) -> bool:
    """Put values into a record past every rule, to bring about what a check needs; False when the database refuses them.
    Fields of many references are left out."""
    subject.touch()
    table = subject.app.database.tables[entity]
    columns = {name: value for name, value in values.items() if name in table.c}
    if columns:
        try:
            with subject.app.database.write() as connection:
                connection.execute(table.update().where(table.c.id == id).values(columns))
        except IntegrityError:
            return False
    return True


def _own_only(one: Condition) -> bool:
    """Does it speak of nothing but the record's own fields?"""
    for bound in one.bounds:
        for part in everything_in(bound.meaning):
            if isinstance(part, m.Aggregate | m.SignedIn | m.HasRole):
                return False
            if isinstance(part, m.Value | m.Computed) and (part.hops or part.anchor != "record"):
                return False
    return True


# --- what is answered -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A field that an action asks for, by the name it has in the form."""

    path: str
    entity: str
    spec: Field


def asked_by(stored: Stored, entity: str, action: Action) -> list[Asked]:
    """What the action asks, in order."""
    found = []
    for step in action.steps:
        if isinstance(step, Ask):
            first, _, rest = step.path.partition(".")
            start, path = (first, rest) if first in stored.blueprint.entities and rest else (entity, step.path)
            place = stored.blueprint.meaning.place(start, path)
            found.append(Asked(step.path, place.entity, place.field))
    return found


def answer_for(stored: Stored, entity: str, action: Action, press: Press) -> Condition | None:
    """Find answers with which what the action does is allowed by the rules of the data; the condition that forbids it when
    there are none."""
    ways: list[list[Choice]] = []
    asked = asked_by(stored, entity, action)
    for one in asked:
        if one.spec.kind in UPLOADS:
            press.files[one.path] = picture()
            ways.append([Choice((), "an upload")])
            continue
        found = choices_of(stored, one.spec, press.who, most=6)
        if not found:
            return Condition(f"there is nothing to choose for `{one.path}`", "ask", frozenset(), lambda _: False)
        ways.append(found)
    broken: Condition | None = None
    suggested = False
    tries = iter(_near_first(ways))
    for _ in range(MOST_ANSWERS):
        chosen = next(tries, None)
        if chosen is None:
            break
        answers = {one.path: choice for one, choice in zip(asked, chosen, strict=True)}
        image = Image.of(stored, press.who)
        image.perform(entity, press.row["id"], action.steps, {path: one.value for path, one in answers.items()})
        broken, at, row = _forbidden(stored, image, entity, press.row["id"])
        if broken is None:
            press.answers = answers
            return None
        if not asked:
            return broken
        if not suggested:
            # What the condition is compared with says more than what is likely.
            suggested = True
            search = Search(image.stored.without(at, row["id"]), at, row, {}, [broken], press.who)
            for place, one in enumerate(asked):
                if one.entity == at and one.spec.name in broken.names:
                    search.free = {one.spec.name: ways[place]}
                    ways[place] = search.ways(one.spec.name, broken, {})
            tries = iter(_near_first(ways))
    return broken


def _near_first(ways: Sequence[Sequence[Choice]]) -> Iterator[tuple[Choice, ...]]:
    places = list(islice(product(*(range(len(one)) for one in ways)), 2000))
    for at in sorted(places, key=sum):
        yield tuple(one[place] for one, place in zip(ways, at, strict=True))


def _forbidden(stored: Stored, image: Image, entity: str, id: int) -> tuple[Condition | None, str, Values]:
    """The condition of the data that the records break after the steps, with the entity and the record; None when they keep
    all."""
    todo: list[tuple[str, int, Values | None]] = [(name, made, None) for name, made in image.made.items()]
    if (entity, id) not in image.gone:
        todo.append((entity, id, stored[entity].get(id)))
    for name, one, before in todo:
        row = image.stored[name].get(one)
        if row is None:
            continue
        changed = {key for key in row if before is None or row[key] != before.get(key)}
        for spec in stored.blueprint.entities[name].fields.values():
            if spec.required and spec.seeded and spec.name in changed and _missing(row.get(spec.name), spec):
                words = f"`{spec.name}` of the {name} is required, and nothing gives it"
                return Condition(words, "required", frozenset({spec.name}), lambda _: False), name, row
        for condition in conditions_of(image.stored, name, image.who, id=one):
            if (before is None or condition.names & changed) and not condition.holds(row):
                return condition, name, row
    return None, "", {}


def _missing(value: Any, spec: Field) -> bool:
    return value is None or value == [] or (spec.kind == "bool" and value is not True)


# --- pressing it ------------------------------------------------------------------------------------------------------


def _pressed(
    subject: Subject, before: Stored, entity: str, action: Action, press: Press, where: str
) -> Iterator[Finding]:
    id = press.row["id"]
    image = Image.of(before, press.who)
    image.perform(entity, id, action.steps, {path: one.value for path, one in press.answers.items()})
    form: dict[str, Any] = {path: list(one.texts) or [""] for path, one in press.answers.items()} | press.files
    answer = subject.visit(press.who, "POST", _url(subject, entity, id, action), form=form)
    person = subject.cast.named(press.who)
    at = f"{where} as {person}"
    if (
        answer.status not in (200, 204, 303)
        or answer.to_login
        or (answer.status == 200 and asked_by(before, entity, action))
    ):
        yield wrong(at, f"it may be pressed, but the answer is {answer.status}{_words(answer.text)}")
        return
    after = now(subject)
    faults = [*_wrong_values(before, after, image, entity, id), *_wrong_letters(before, after, image)]
    yield wrong(at, "; ".join(faults[:4])) if faults else fine(at)


def _url(subject: Subject, entity: str, id: int, action: Action) -> str:
    return subject.record_url(entity, id, f"/do/{action.slug}")


def _words(text: str) -> str:
    at = text.find("field-error")
    return f": {text[at : at + 400]}" if at > 0 else ""


def _wrong_values(before: Stored, after: Stored, image: Image, entity: str, id: int) -> Iterator[str]:
    followed = touched_by_automations(before.blueprint)
    for name in before.blueprint.entities:
        if (name, ANY) in followed:
            continue
        new = [one for one in after[name] if one not in before[name]]
        wanted = [image.made[name]] if name in image.made else []
        if len(new) != len(wanted):
            yield f"{len(new)} new {name} instead of {len(wanted)}"
            continue
        pairs = list(zip(new, wanted, strict=True)) + [(one, one) for one in before[name]]
        for real, ideal in pairs:
            if (name, real) in image.gone:
                if real in after[name]:
                    yield f"{name} {real} was to be deleted"
                continue
            if real not in after[name]:
                yield f"{name} {real} is gone"
                continue
            is_, ought = after[name][real], image.stored[name][ideal]
            for field_name, spec in before.blueprint.entities[name].fields.items():
                if spec.computed or spec.kind == "serial" or (name, field_name) in followed:
                    continue
                value, other = is_.get(field_name), _renumbered(ought.get(field_name), spec, image, after, before)
                if other == "an upload":
                    if not value:
                        yield f"{name}.{field_name} has no file"
                elif not same(value, other):
                    yield f"{name}.{field_name} is {value!r:.60} instead of {other!r:.60}"


def _renumbered(value: Any, spec: Field, image: Image, after: Stored, before: Stored) -> Any:
    """Ids of records that the image only supposes, as they came out."""
    if spec.kind == "reference" and isinstance(value, int) and value < 0:
        new = [one for one in after[spec.target] if one not in before[spec.target]]
        return new[0] if len(new) == 1 else value
    return value


def _wrong_letters(before: Stored, after: Stored, image: Image) -> Iterator[str]:
    for told in image.told:
        if not heard(told, before, after):
            yield f"{told.kind} to {told.to} was not written: {told.text[:60]}"


# --- what must stay closed --------------------------------------------------------------------------------------------


def _closed(subject: Subject, entity: str, action: Action, press: Press, where: str) -> Iterator[Finding]:
    """Somebody who may not, and a record where its `if` does not hold: refused, and nothing changes."""
    subject.restore()
    stored = seeded(subject)
    row = next((one for one in stored[entity].values() if one["id"] == press.row["id"]), None)
    if row is None:
        return
    outsiders = [
        who
        for who in (subject.cast.stranger, *subject.cast.others.values())
        if not _among(stored, entity, action, row, who)
    ]
    for who in outsiders if subject.thorough else outsiders[:1]:
        yield from _refused(subject, stored, entity, action, row, who, f"{where} as {subject.cast.named(who)}")
    conditions = list(leading(action))
    admin = subject.cast.admin
    for one in stored[entity].values():
        if conditions and not may_press(stored, entity, action, one, admin):
            at = f"{where}, where its `if` does not hold"
            yield from _refused(subject, stored, entity, action, one, admin, at)
            return


def _among(stored: Stored, entity: str, action: Action, row: Values, who: Visitor) -> bool:
    view = stored.view(who)
    return view.holds(action.who, entity, row) if action.who is not None else view.may("update", entity, row)


def _refused(
    subject: Subject, stored: Stored, entity: str, action: Action, row: Values, who: Visitor, where: str
) -> Iterator[Finding]:
    answer = subject.visit(who, "POST", _url(subject, entity, row["id"], action), form={"sure": "1"})
    if not answer.refused:
        yield wrong(where, f"it may not be pressed, but the answer is {answer.status}")
    elif stored.changes(now(subject)):
        yield wrong(where, "it may not be pressed, and is refused, yet something changed")
    else:
        yield fine(where)
    subject.restore()
