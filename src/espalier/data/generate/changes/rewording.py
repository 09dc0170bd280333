"""Numbers and words that are there already and should be others: a price, a limit, a phone number, what a mail says, who presses a button."""

from __future__ import annotations

import re

from espalier.blueprint.meaning import seed_columns
from espalier.blueprint.names import words
from espalier.blueprint.schema import Named
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, article, many, one, told

MAILS = (
    "Please have a look",
    "There is news for you",
    "It is time",
    "Something has changed",
    "This waits for you",
    "Thank you for your patience",
    "Good news",
    "Do not wait too long",
)
DAYS = {
    1: "a day",
    2: "two days",
    3: "three days",
    5: "five days",
    7: "a week",
    10: "ten days",
    14: "two weeks",
    30: "a month",
}


def price(case: Case) -> Change | None:
    """Another number in a sample record."""
    case = case.fresh()
    options = []
    for entity, rows in case.tree.get("seed", {}).items():
        if entity not in case.blueprint.data:
            continue
        columns = seed_columns(case.blueprint.entities[entity])
        for at, column in enumerate(columns):
            if (
                column.kind in ("money", "int")
                and at
                and columns[0].kind == "text"
                and ".." not in (column.parameter or "")
            ):
                options += [
                    (entity, number, at, column)
                    for number, row in enumerate(rows)
                    if len(str(row).split(" | ")) > at and str(row).split(" | ")[at].strip()
                ]
    if not options:
        return None
    entity, number, at, column = case.pick(options)
    cells = str(case.tree["seed"][entity][number]).split(" | ")
    old = cells[at]
    try:
        new = str(max(1, round(float(old) * case.pick((0.8, 0.9, 1.1, 1.2, 1.5)))))
    except ValueError:
        return None
    if new == old:
        return None
    cells[at] = new
    case.tree["seed"][entity] = [
        *case.tree["seed"][entity][:number],
        " | ".join(cells),
        *case.tree["seed"][entity][number + 1 :],
    ]
    request = told(
        case, "the {field} of {name} is now {new}", "{name}: {field} {new} [instead of {old}|]", "change the {field} of {name} to {new}", "{name} [costs|is] {new} now" if column.kind == "money" else "{name} has {field} {new}",
        "set {field} to {new} for {name}", field=words(column.name), name=cells[0].strip('"'), new=new, old=old,
    )  # fmt: skip
    return Change(request, case.tree)


def bounds(case: Case) -> Change | None:
    """From where to where a number may go."""
    case = case.fresh()
    found = case.some_field("int", "number")
    if not found or case.tree.get("seed", {}).get(found[0]):
        return None
    entity, field = found
    said = str(case.tree["data"][entity][field.name])
    kind, _, rest = said.partition(" ")
    if field.parameter and ".." not in field.parameter:
        return None
    low, high = case.pick(((1, 5), (1, 10), (0, 10), (1, 12), (1, 20), (0, 100), (1, 6), (5, 50), (10, 500)))
    behind = rest.partition("= ")[2]
    if behind or field.parameter == f"{low}..{high}":
        return None
    case.tree["data"][entity][field.name] = f"{kind} {low}..{high}" + (" unique" if field.unique else "")
    request = told(
        case,
        "{field} [of {many} |]can only be {low} to {high}",
        "{field} from {low} to {high}",
        "the {field} of {a_one} must be between {low} and {high}",
        "allow only {low} to {high} [for|as] {field} of {many}",
        "limit {field} to {low}-{high}",
        field=words(field.name),
        many=many(entity),
        a_one=article(one(entity)),
        low=str(low),
        high=str(high),
    )
    return Change(
        request,
        case.tree,
        needs=(
            need("field", like=Like.of(words(field.name)), entity=Like.of(one(entity)), parameter=f"{low}..{high}"),
        ),
    )


def sooner(case: Case) -> Change | None:
    """Another day for a reminder."""
    case = case.fresh()
    automations = case.tree.get("automations", {})
    options = [key for key in automations if re.match(r"\d+ days? (before|after) ", key)]
    if not options:
        return None
    key = case.pick(options)
    before = int(key.split(" ")[0])
    days = case.pick([day for day in DAYS if day != before])
    new = re.sub(r"^\d+ days?", f"{days} {'day' if days == 1 else 'days'}", key)
    if new in automations:
        return None
    case.tree["automations"] = {new if old == key else old: steps for old, steps in automations.items()}
    side = "before" if " before " in key else "after"
    path = key.split(f" {side} ")[1]
    entity, _, field = path.partition(".")
    request = told(
        case,
        "remind {count} {side} the {field} [of {a_one} |]instead of {old}",
        "the reminder [for {many} |]should come {count} {side} the {field}",
        "{count} {side} the {field} is [early|soon] enough for the reminder",
        "send the reminder {count} {side}, not {old}",
        "change the reminder for {many} to {count} {side} the {field}",
        count=DAYS[days],
        old=DAYS.get(before, f"{before} days"),
        side=side,
        field=words(field),
        many=many(entity),
        a_one=article(one(entity)),
    )
    return Change(request, case.tree, needs=(need("automation", when=side, entity=Like.of(one(entity))),))


def mail_words(case: Case) -> Change | None:
    """What a mail or a notice says."""
    case = case.fresh()
    automations = case.tree.get("automations", {})
    options = [
        key
        for key, steps in automations.items()
        if isinstance(steps, str) and re.fullmatch(r'(email|notify) \S+ "[^"]*"', steps)
    ]
    if not options:
        return None
    key = case.pick(options)
    head, _, old = automations[key].partition(' "')
    text = case.pick(MAILS)
    if text == old.rstrip('"'):
        return None
    automations[key] = f'{head} "{text}"'
    entity = re.search(r"\b([A-Z]\w*)\b", key)
    about = f" about {many(entity[1])}" if entity and entity[1] in case.blueprint.data else ""
    what = "email" if head.startswith("email") else "notification"
    if (
        sum(isinstance(steps, str) and steps.startswith(head.split(" ")[0]) for steps in automations.values()) > 1
        and not about
    ):
        return None
    request = told(
        case,
        'the {what}{about} should say "{text}"',
        'write "{text}" in the {what}{about}',
        'change the text of the {what}{about} to "{text}"',
        "{what}{about}: {text}",
        what=what,
        about=about,
        text=text,
    )
    return Change(request, case.tree)


def phone(case: Case) -> Change | None:
    """How to reach the people."""
    case = case.fresh()
    blocks = [block for _, _, block in case.blocks() if "contact" in block]
    if not blocks:
        return None
    block = case.pick(blocks)
    key = case.pick(("phone", "phone", "address", "hours", "email"))
    new = {
        "phone": f"555 0{case.rng.randint(100, 199)}",
        "address": f"{case.rng.randint(1, 90)} {case.pick(('Elm', 'Mill', 'Station', 'Church', 'River'))} {case.pick(('Street', 'Road', 'Lane'))}",
        "hours": case.pick(("Mon-Fri 9-17", "Tue-Sat 10-18", "daily 8-20", "Mon-Thu 8-16")),
        "email": f"{case.pick(('hello', 'office', 'post', 'info'))}@{case.pick(('example.org', 'example.com', 'example.net'))}",
    }[key]
    if block.get(key) == new:
        return None
    had = key in block
    block[key] = new
    word = {"hours": "opening hours", "email": "email address", "phone": "phone number"}.get(key, key)
    ways = (
        "our [new |]{word} is {new}",
        "change the {word} to {new}",
        "{word}: {new}",
        "the {word} is wrong, it is {new}",
    )
    request = (
        told(case, *ways, word=word, new=new)
        if had
        else told(case, "add our {word}: {new}", "also show the {word}, {new}", word=word, new=new)
    )
    if key == "hours":
        request = request.replace(" is ", " are ")
    return Change(request, case.tree)


def presser(case: Case) -> Change | None:
    """Who may press a button."""
    case = case.fresh()
    options = [(entity, key) for entity in case.entities for key in case.tree["data"][entity].get("actions", {})]
    if not options or not case.blueprint.roles:
        return None
    entity, key = case.pick(options)
    named = Named.parse(key)
    role = case.pick(case.blueprint.roles)
    if str(named.who or "") == role:
        return None
    new = f"{named.label} ({role})"
    actions = case.tree["data"][entity]["actions"]
    if new in actions:
        return None
    case.tree["data"][entity]["actions"] = {new if old == key else old: steps for old, steps in actions.items()}
    request = told(
        case,
        "only {roles} may press {label}",
        "{label} [on|of] {many} is for {roles} [only|]",
        "let only {roles} use the button {label} [on {many}|]",
        "the button {label} should be for {roles}",
        roles=many(role),
        label=named.label,
        many=many(entity),
    )
    return Change(
        request, case.tree, needs=(need("action", like=Like.of(named.label), entity=Like.of(one(entity)), who=role),)
    )


def button_name(case: Case) -> Change | None:
    """What a button is called."""
    case = case.fresh()
    options = [(entity, key) for entity in case.entities for key in case.tree["data"][entity].get("actions", {})]
    if not options:
        return None
    entity, key = case.pick(options)
    named = Named.parse(key)
    new = case.pick(
        (f"{named.label} it", f"{named.label} now", f"Yes, {named.label.lower()}", f"{named.label} this {one(entity)}")
    )
    if len(new) > 40 or ("," in new and case.chance(0.5)):
        return None
    full = f"{new} ({named.who})" if named.who else new
    actions = case.tree["data"][entity]["actions"]
    if full in actions:
        return None
    case.tree["data"][entity]["actions"] = {full if old == key else old: steps for old, steps in actions.items()}
    request = told(
        case,
        "the button {old} [on {many} |]should be called {new}",
        "rename the button {old} to {new}",
        "call {old} {new} instead [on {many}|]",
        old=named.label,
        new=new,
        many=many(entity),
    )
    return Change(request, case.tree, needs=(need("action", like=Like.of(new), entity=Like.of(one(entity))),))


def drop_button(case: Case) -> Change | None:
    case = case.fresh()
    options = [(entity, key) for entity in case.entities for key in case.tree["data"][entity].get("actions", {})]
    if len(options) < 2:
        return None
    entity, key = case.pick(options)
    actions = case.tree["data"][entity]["actions"]
    del actions[key]
    if not actions:
        del case.tree["data"][entity]["actions"]
    request = told(
        case,
        "remove the button {label} [from {many}|]",
        "no button {label} [for|on] {many}",
        "we don't need {label} on {many}",
        "take away {label} from {many}",
        label=Named.parse(key).label,
        many=many(entity),
    )
    return Change(request, case.tree)


def drop_rule(case: Case) -> Change | None:
    case = case.fresh()
    options = [(entity, text) for entity in case.entities for text in case.tree["data"][entity].get("rules", {})]
    if not options:
        return None
    entity, text = case.pick(options)
    rules = case.tree["data"][entity]["rules"]
    del rules[text]
    if not rules:
        del case.tree["data"][entity]["rules"]
    request = told(
        case,
        'drop the rule "{text}" for {many}',
        '{many} need not obey "{text}"',
        'no longer check "{text}" on {many}',
        'remove the check "{text}"',
        text=text,
        many=many(entity),
    )
    return Change(request, case.tree)


def starts_as(case: Case) -> Change | None:
    """A number, a yes or a no that is there from the start."""
    case = case.fresh()
    found = case.some_field("int", "money", "bool")
    if not found or found[1].part:
        return None
    entity, field = found
    said = str(case.tree["data"][entity][field.name])
    written, _, before = said.partition(" = ")
    new = (
        ("true" if before != "true" else "false")
        if field.kind == "bool"
        else str(case.pick((0, 1, 2, 5, 10, 20, 30, 60)))
    )
    bound = re.match(r"(-?\d+)\.\.(-?\d+)", field.parameter or "")
    if new == before or (bound and not int(bound[1]) <= int(new) <= int(bound[2])):
        return None
    case.tree["data"][entity][field.name] = f"{written} = {new}"
    say = {"true": "yes", "false": "no"}.get(new, new)
    request = told(
        case,
        "{field} should be {say} [by default|unless somebody changes it] [for|on] new {many}",
        "the default for {field} of {many} is {say}",
        "start {field} at {say} for {many}",
        "a new {one} has {field} {say}",
        field=words(field.name),
        say=say,
        many=many(entity),
        one=one(entity),
    )
    return Change(
        request,
        case.tree,
        needs=(need("field", like=Like.of(words(field.name)), entity=Like.of(one(entity)), default=new),),
    )


CHANGES: tuple[tuple[Maker, float], ...] = (
    (price, 1.5), (bounds, 1), (sooner, 0.8), (mail_words, 0.8), (phone, 0.6), (presser, 1), (button_name, 0.5), (drop_button, 0.7), (drop_rule, 0.5), (starts_as, 0.8),
)  # fmt: skip
