"""Buttons, rules, mails, sample records: what happens and what must not."""

from __future__ import annotations

from espalier.blueprint.meaning import seed_columns
from espalier.blueprint.names import label, words
from espalier.check.words import Like

from ..look import ADJECTIVES, SURNAMES
from ..needs import need
from .base import Case, Change, Maker, article, many, one, told, value
from .blocks import LONG_AGO

COUNTS = {1: "a day", 2: "two days", 3: "three days", 5: "five days", 7: "a week", 14: "two weeks", 30: "30 days"}


def reminder(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field("date", "datetime")
    if not found:
        return None
    entity, field = found
    if LONG_AGO.search(field.name):
        return None
    days = case.pick(sorted(COUNTS))
    people = [other.name for other in case.fields(entity) if other.target == "User" and not other.many]
    to = case.pick([*people, "owner", *case.blueprint.roles])
    how = case.pick(("email", "notify"))
    trigger = f"{days} {'day' if days == 1 else 'days'} {case.pick(('before', 'before', 'before', 'after'))} {entity}.{field.name}"
    if trigger in case.tree.get("automations", {}):
        return None
    text = case.pick(
        (
            f"This {one(entity)} needs somebody",
            f"Do not forget this {one(entity)}",
            f"Please look at this {one(entity)}",
        )
    )
    case.tree.setdefault("automations", {})[trigger] = f'{how} {to} "{text}"'
    side = "before" if " before " in trigger else "after"
    whom = "its owner" if to == "owner" else f"the {to.replace('_', ' ')}" if to in people else many(to)
    verb = "email" if how == "email" else "notify"
    request = told(
        case, "{verb} {whom} {count} {side} the {field} of {a_one}", "send {whom} {a_message} {count} {side} {field} [of {many}|]", "{count} {side} the {field} of {a_one}, {verb} {whom}", "remind {whom} {count} {side} the {field} of {a_one} by {by}",
        verb=verb, whom=whom, count=COUNTS[days], side=side, field=words(field.name), a_one=article(one(entity)), many=many(entity), a_message="an email" if how == "email" else "a notification", by="email" if how == "email" else "a notification",
    ) + f', saying "{text}"'  # fmt: skip
    return Change(request, case.tree, needs=(need("automation", when=side, entity=Like.of(one(entity)), does=how),))


def mail_on_new(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    if not entity or not case.blueprint.roles or f"when {entity} created" in case.tree.get("automations", {}):
        return None
    role, how = case.pick(case.blueprint.roles), case.pick(("email", "notify"))
    text = case.pick(
        (f"A new {one(entity)} has come in", f"There is a new {one(entity)}", f"Please look at the new {one(entity)}")
    )
    case.tree.setdefault("automations", {})[f"when {entity} created"] = f'{how} {role} "{text}"'
    verb = {"email": "email", "notify": "notify"}[how]
    request = told(
        case,
        '{verb} {roles} when there is a new {one}: "{text}"',
        'for every new {one} {verb} the {roles} "{text}"',
        'when {a_one} is made, {verb} {roles} with the words "{text}"',
        verb=verb,
        roles=many(role),
        one=one(entity),
        a_one=article(one(entity)),
        text=text,
    )
    return Change(
        request,
        case.tree,
        needs=(need("automation", when="created", entity=Like.of(one(entity)), does=how),),
        added=told(case, "{verb} the {roles} for every new {one}", verb=verb, roles=many(role), one=one(entity)),
    )


def remove_automation(case: Case) -> Change | None:
    case = case.fresh()
    automations = case.tree.get("automations", {})
    options = [key for key in automations if " before " in key or key.endswith(" created")]
    if not options:
        return None
    key = case.pick(options)
    steps = automations.pop(key)
    if not automations:
        del case.tree["automations"]
    what = "email" if str(steps).startswith("email") else "notification"
    if key.endswith(" created"):
        entity = key.split(" ")[1]
        request = told(
            case,
            "stop the {what} for new {many}",
            "no more {what} when a new {one} comes in",
            "we get too many mails, remove the {what} for every new {one}",
            what=what,
            many=many(entity),
            one=one(entity),
        )
    else:
        entity, _, field = key.split(" before ")[1].partition(".")
        request = told(
            case,
            "remove the reminder before {field} of {many}",
            "no reminder before the {field} of {a_one}",
            "turn off the {what} before {field} for {many}",
            what=what,
            field=words(field),
            many=many(entity),
            a_one=article(one(entity)),
        )
    return Change(request, case.tree)


def button(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field("choice", "bool")
    if not found or found[1].many:
        return None
    entity, field = found
    tree = case.tree["data"][entity]
    said = repr(tree.get("actions", {}))
    who = case.pick([*case.blueprint.roles, ""]) if case.blueprint.roles else ""
    if field.kind == "bool":
        label_of, step, condition, state = (
            label(f"Mark {words(field.name)}"),
            f"{field.name} = true",
            f"if not {field.name}",
            words(field.name),
        )
        if " = true" in str(tree[field.name]):
            return None
    else:
        word = case.pick(field.choices[1:]) if len(field.choices) > 1 else field.choices[0]
        label_of, step, condition, state = (
            case.pick((f"Mark {word.lower()}", f"Set to {word.lower()}", word)),
            f"{field.name} = {value(word)}",
            f"if {field.name} != {value(word)}",
            word,
        )
    if step in said or not case.blocks_of(entity):
        return None
    key = f"{label_of} ({who})" if who else label_of
    actions = tree.pop("actions", {})
    tree["actions"] = {**actions, key: [condition, step] if case.chance(0.7) else step}
    whose = f" for {many(who)}" if who else ""
    request = told(
        case, "add a button [{label} |\"{label}\" ]to {many}{whose} that sets {field} to {state}", "{many} need a button {label}{whose}: {field} becomes {state}", "with one click{whose} {a_one} should be set to {state}, button {label}", "a button {label} on each {one}{whose} which makes the {field} {state}",
        label=label_of, many=many(entity), one=one(entity), a_one=article(one(entity)), whose=whose, field=words(field.name), state="yes" if field.kind == "bool" else state,
    )  # fmt: skip
    return Change(request, case.tree, needs=(need("action", like=Like.of(label_of), entity=Like.of(one(entity))),))


def rule(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    if not entity:
        return None
    fields = case.fields(entity)
    dates = [field for field in fields if field.kind in ("date", "datetime") and not field.computed and not field.many]
    numbers = [
        field
        for field in fields
        if field.kind in ("int", "number", "money") and not field.computed and not field.parameter
    ]
    tree = case.tree["data"][entity]
    if case.tree.get("seed", {}).get(entity):
        return None
    if len(dates) >= 2 and case.chance(0.5):
        first, last = dates[0], dates[1]
        text, condition, say = (
            f"{label(last.name)} comes after {words(first.name)}",
            f"{last.name} >= {first.name}",
            f"{words(last.name)} must not be before {words(first.name)}",
        )
    elif dates and case.chance(0.5):
        field = case.pick(dates)
        now = "now" if field.kind == "datetime" else "today"
        text, condition, say = (
            f"{label(field.name)} must be in the future",
            f"{field.name} >= {now}",
            f"{words(field.name)} must not be in the past",
        )
    elif numbers:
        field = case.pick(numbers)
        if case.chance(0.5):
            text, condition, say = (
                f"{label(field.name)} must be more than nothing",
                f"{field.name} > 0",
                f"{words(field.name)} must be more than 0",
            )
        else:
            most = case.pick((10, 20, 50, 100, 500, 1000))
            text, condition, say = (
                f"{label(field.name)} is at most {most}",
                f"{field.name} <= {most}",
                f"{words(field.name)} may be {most} at most",
            )
    else:
        return None
    if condition in repr(tree.get("rules", {})):
        return None
    rules = {**tree.pop("rules", {}), text: condition}
    actions = tree.pop("actions", None)
    tree["rules"] = rules
    if actions:
        tree["actions"] = actions
    request = told(
        case,
        'for {many}, {say}; otherwise say "{text}"',
        'make sure that {say} [for|on] {many} ("{text}")',
        'do not save {a_one} unless {say}. The message is "{text}"',
        say=say,
        many=many(entity),
        a_one=article(one(entity)),
        text=text,
    )
    return Change(request, case.tree, needs=(need("rule", entity=Like.of(one(entity)), says=condition),))


def sample(case: Case) -> Change | None:
    """More records to begin with."""
    case = case.fresh()
    seed = case.tree.get("seed", {})
    options = [
        entity
        for entity in seed
        if entity in case.blueprint.data and case.fields(entity) and case.fields(entity)[0].kind == "text"
    ]
    if not options:
        return None
    entity = case.pick(options)
    columns = seed_columns(case.blueprint.entities[entity])
    rows = [str(row) for row in seed[entity]]
    name = case.pick(
        (
            f"{case.pick(ADJECTIVES)} {one(entity)}",
            f"{case.pick(SURNAMES)}",
            f"{case.pick(ADJECTIVES)} {case.pick(SURNAMES)}",
        )
    )
    cells, said = [name], []
    for at, column in enumerate(columns[1:], 1):
        known = [row.split(" | ")[at] for row in rows if len(row.split(" | ")) > at]
        if column.choices and not column.many:
            cells.append(case.pick(column.choices))
        elif column.kind in ("money", "int", "number", "percent"):
            if column.parameter and ".." in column.parameter:
                cells.append(case.pick(known) if known else "")
            else:
                cells.append(str(case.rng.randint(2, 90)))
        elif column.kind == "reference" and known and column.target != "User":
            cells.append(case.pick(known))
        elif column.required:
            return None
        else:
            cells.append("")
        if cells[-1]:
            said.append(f"{words(column.name)} {cells[-1]}")
        if at >= 3 and not any(later.required for later in columns[at + 1 :]):
            break
    while cells and not cells[-1]:
        cells.pop()
    seed[entity] = [*seed[entity], " | ".join(cells)]
    rest = f" ({', '.join(said)})" if said else ""
    request = told(
        case,
        "add {a_one}: {name}{rest}",
        "there is one more {one}: {name}{rest}",
        "put {name}{rest} into the {many}",
        "also start with the {one} {name}{rest}",
        "another {one} is {name}{rest}",
        a_one=article(one(entity)),
        one=one(entity),
        many=many(entity),
        name=name,
        rest=rest,
    )
    return Change(request, case.tree, needs=(need("text", like=Like.of(name)),))


CHANGES: tuple[tuple[Maker, float], ...] = (
    (reminder, 1.6),
    (mail_on_new, 1.2),
    (remove_automation, 0.6),
    (button, 1.5),
    (rule, 1.4),
    (sample, 1.5),
)
