"""Rules that say a translated blueprint better with words v0 did not have. Each is safe without looking at the app.

A rule takes the document and changes it in place. `improve` runs before the hand-written patches, `tidy` after them.
"""

from __future__ import annotations

import re

from .seeds import relative_dates
from .tree import (
    DATA_BLOCKS,
    Tree,
    blocks_of,
    choices_of,
    default_of,
    entity_type,
    fields_of,
    is_computed,
    kind_of,
    page_title,
    page_who,
    references,
    subject_of,
    who_parts,
)

# Words of a prompt that ask for messages, for pictures of numbers, and for ways to narrow a list down.
ASKS_MESSAGES = re.compile(
    r"e-?mail|notif|remind|alert|messag|warn|tell|\bping|\bnag|inform|automatic|call our|nudge|day before|let .* know",
    re.IGNORECASE,
)
ASKS_CHARTS = re.compile(
    r"chart|graph|statistic|dashboard|trend|figures|over time|numbers|analy|report|per month|by month|how much|how many|totals?\b"
    r"|average|overview|revenue|pattern",
    re.IGNORECASE,
)
ASKS_FILTERS = re.compile(r"filter|search|brows|find|sort|look|grouped|by (type|size|name|style)", re.IGNORECASE)
MOST_SEED_ROWS = 2
MOST_SEEDED = 3

LANGUAGE_DEFAULT = {"read": "user", "write": "own"}
EVERYBODY = ("anyone", "user", "own", "nobody")

# Fields that say how far a request has come; who asks may not set them.
STATE_FIELDS = ("status", "state", "stage", "decision", "verdict")
YES = {"Approved", "Accepted", "Confirmed", "Awarded"}
NO = {"Declined", "Rejected", "Refused", "Full", "Full up"}

# Choices that are made later, when something has ended.
LATER = re.compile(r"reason|outcome|result|verdict|winner|fate|grade|cause|answer|felt|diagnosis")

# Entities of which a person has one for each parent.
ONE_EACH = (
    "Review", "Rating", "Vote", "Rsvp", "Opinion", "Evaluation", "Signup", "SignUp", "Interest", "JoinRequest", "Confirmation",
    "Read", "Signature", "Seat", "Watch", "Entrant", "Score", "ScoreSheet", "WaitingList", "Satisfaction",
)  # fmt: skip

# Entities that are lines of another record.
PARTS = (
    "Line", "OrderLine", "OrderItem", "CateringLine", "PartUsed", "Ingredient", "Component", "Lift", "Haul", "PackLine", "Cue",
)  # fmt: skip

RANGES = {
    ("arrive", "leave"): "You leave after you arrive",
    ("arrives", "leaves"): "You leave after you arrive",
    ("from_date", "until_date"): "The end comes after the start",
    ("from", "until"): "The end comes after the start",
    ("from", "to"): "The end comes after the start",
    ("starts", "ends"): "The end comes after the start",
    ("starts", "until"): "The end comes after the start",
    ("starts", "finishes"): "The end comes after the start",
    ("start", "end"): "The end comes after the start",
    ("first_day", "last_day"): "The last day comes after the first",
    ("drop_off", "pick_up"): "Pick up comes after drop off",
    ("pick_up", "bring_back"): "The return comes after the pick-up",
    ("opens", "closes"): "It closes after it opens",
    ("start_km", "end_km"): "The end is below the start",
    ("sign_on", "sign_off"): "Signing off comes after signing on",
    ("min_players", "max_players"): "The most players are fewer than the least",
}  # fmt: skip

SOON = ("starts", "departs", "leaves", "kickoff", "tipoff", "opens", "closes", "takes_off", "date", "day", "night", "doors", "pickup")
PAST_ENTITIES = re.compile(
    r"Log|Entry|Reading|Expense|Cost|Income|Payment|Result|Measure|Sighting|Dream|Hike|Run|Post|Article|Episode|Observation"
)


def improve(document: Tree, prompt: str) -> None:
    owners(document)
    parts(document)
    daily_unique(document)
    one_each(document)
    places(document)
    ranges(document)
    ticks(document)
    decisions(document)
    staff_fields(document)
    field_access(document)
    mine(document)
    upcoming(document)
    required_keys(document)
    reachable(document)
    signup(document)
    relative_dates(document)


def tidy(document: Tree, prompt: str) -> None:
    only_asked(document, prompt)
    everyone(document)
    few_rows(document)
    plain_columns(document)
    for entry in document.get("access", {}).values():
        simplify(entry)
    common_access(document)
    for key in ("roles", "access", "seed", "automations"):
        if key in document and not document[key]:
            del document[key]


# --- owners ---------------------------------------------------------------------------------------------------------


def owners(document: Tree) -> None:
    """`owner: User!` is kept where staff enters a record for a person, under the person's own name; where a parent
    record says the owner already, it goes, and access follows the parent."""
    data, access = document["data"], document["access"]
    owned = [name for name in data if "owner" in data[name]]
    readers = {name: set(who_parts(entry["read"])) for name, entry in access.items()}
    paths: dict[str, str] = {}
    for name in owned:
        entity, entry = data[name], access[name]
        parent = next(
            (field for field, target in references(entity, data).items() if target in owned or "own" in readers[target]),
            None,
        )
        if is_computed(entity, "owner"):
            paths[name] = default_of(entity["owner"])
        elif parent:
            paths[name] = f"{parent}.{paths.get(references(entity, data)[parent], 'owner')}"
        if name in paths:
            follow_parent(document, name, paths[name], readers)
            continue
        person = owner_name(document, name, entry)
        if person not in entity:
            rename_field(document, name, "owner", person, f"{entity['owner']} owner")


def follow_parent(document: Tree, name: str, path: str, readers: dict[str, set[str]]) -> None:
    """Take the owner off an entity whose parent has it; `path` leads to the parent's."""
    entity, entry = document["data"][name], document["access"][name]
    drop_field(document, name, "owner", path)
    field = path.split(".")[0]
    same = readers[name] == readers[references(entity, document["data"])[field]]
    for verb, rule in entry.items():
        entry[verb] = field if verb == "read" and same else replace_own(rule, path)
    for trigger, steps in document.get("automations", {}).items():
        if re.search(rf"\b{name}\b", trigger):
            changed = [step.replace(" owner ", f" {path} ") for step in ([steps] if isinstance(steps, str) else steps)]
            document["automations"][trigger] = changed


def rename_field(document: Tree, name: str, field: str, new: str, written: str) -> None:
    """Give a field another name, in its entity and in the blocks that show it."""
    document["data"][name] = {new if one == field else one: value for one, value in document["data"][name].items()}
    document["data"][name][new] = written
    for _, block in blocks_of(document):
        if subject_of(block) == name:
            for option in ("show", "filter"):
                if option in block:
                    block[option] = [new if one == field else one for one in block[option]]


def owner_name(document: Tree, name: str, entry: Tree) -> str:
    """The role for whom this is entered: one that neither reads all of it nor writes it, best one that has it on a page."""
    roles = document.get("roles", [])
    staff = {who for rule in entry.values() for who in who_parts(rule)}
    others = [role for role in roles if role not in staff] or roles or ["person"]
    for page, block in blocks_of(document):
        for role in who_parts(page_who(page)):
            if subject_of(block) == name and role in others:
                return role
    return others[0]


def replace_own(rule: str, path: str) -> str:
    return " or ".join(path if part == "own" else part for part in who_parts(rule))


def drop_field(document: Tree, name: str, field: str, path: str) -> None:
    """Take a field away, with its place in the seed; blocks show `path` instead."""
    entity = document["data"][name]
    typed = [one for one in fields_of(entity) if not is_computed(entity, one)]
    if field in typed and name in document.get("seed", {}):
        place = typed.index(field)
        cut = [line.split(" | ") for line in document["seed"][name]]
        document["seed"][name] = [" | ".join(cells[:place] + cells[place + 1 :]) for cells in cut]
    del entity[field]
    for _, block in blocks_of(document):
        if subject_of(block) == name:
            for option in ("show", "filter"):
                if field in block.get(option, []):
                    block[option] = [path if one == field else one for one in block[option]]


# --- shapes of data -------------------------------------------------------------------------------------------------


def parts(document: Tree) -> None:
    """Lines of an invoice or an order are parts of it: edited there, seen by whom it is seen."""
    data = document["data"]
    for name, entity in data.items():
        parent = next(iter(references(entity, data)), None)
        if (name in PARTS or (name == "Item" and parent == "order")) and parent and entity[parent].endswith("!"):
            entity[parent] += " part"
            document["access"].pop(name)


def daily_unique(document: Tree) -> None:
    """`date! unique` in a diary would let only one person write a day."""
    for name, entity in document["data"].items():
        for field in fields_of(entity):
            personal = "own" in who_parts(document["access"].get(name, {}).get("read", ""))
            if re.match(r"date! unique", entity[field]) and personal:
                entity[field] = "date!"
                entity["unique"] = ["owner", field]


def one_each(document: Tree) -> None:
    """One review, vote or sign-up for each person and parent."""
    data = document["data"]
    for name, entity in data.items():
        entry = document["access"].get(name)
        refs = [field for field in references(entity, data) if entity[field].endswith("!")]
        if name not in ONE_EACH or not entry or not refs or "unique" in entity:
            continue
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        if "anyone" in creators or any(is_owner_field(entity[field]) for field in fields_of(entity)):
            continue
        entity["unique"] = [refs[0], "owner"]


def is_owner_field(written: str) -> bool:
    return written.startswith("User") and "owner" in written.split()


def places(document: Tree) -> None:
    """What has a number of places left takes no more than those."""
    data = document["data"]
    for name, entity in data.items():
        for field, target in references(entity, data).items():
            parent = data[target]
            for left in fields_of(parent):
                found = re.fullmatch(r"\w+ - (\w+)", default_of(parent[left]))
                taken = default_of(parent.get(found[1], "")) if found else ""
                if taken == f"count({name})":
                    entity.setdefault("rules", {})["Sorry, there is no place left"] = f"{field}.{left} > 0"
                elif (measure := re.fullmatch(rf"sum\({name}\.(\w+)\)", taken)) and entity_type(entity[measure[1]]) == "int":
                    if re.search(r"left|free|remaining|available", left):
                        rules = entity.setdefault("rules", {})
                        rules["Sorry, not that many are left"] = f"{measure[1]} <= {field}.{left}"


def ticks(document: Tree) -> None:
    """A person who may only tick off what staff wrote for them has a button for it and no right to rewrite it."""
    for name, entry in document["access"].items():
        entity = document["data"][name]
        staff = set(who_parts(entry.get("delete", entry.get("write", "own"))))
        updaters = set(who_parts(entry.get("update", "")))
        if not staff < updaters or "own" in staff or not entity.get("actions") or is_dragged(document, name, updaters - staff):
            continue
        mine = " or ".join(who_parts(entry["update"]) if "own" not in updaters else ["own"])
        labelled = {who for label in entity["actions"] for who in action_parts(label)[1]}
        free = all(who == "own" or "." in who for who in updaters - staff)
        if all("(" in label for label in entity["actions"]) and not updaters - staff <= labelled and not free:
            continue
        entry["write"] = entry.pop("delete", entry.get("write", ""))
        del entry["update"]
        entity["actions"] = {
            f"{label} ({mine})" if "(" not in label else label: step for label, step in entity["actions"].items()
        }


def is_dragged(document: Tree, name: str, people: set[str]) -> bool:
    """Do these people have a board of this entity, whose cards they drag?"""
    return any(
        kind_of(block) == "board" and subject_of(block) == name and people & {*who_parts(page_who(page)), page_who(page)}
        for page, block in blocks_of(document)
    )


def ranges(document: Tree) -> None:
    """The end of a range comes after its start."""
    for entity in document["data"].values():
        for (first, last), said in RANGES.items():
            if first in entity and last in entity and entity_type(entity[first]) == entity_type(entity[last]):
                if entity_type(entity[first]) not in ("date", "datetime", "time", "int", "number"):
                    continue
                sign = ">=" if entity_type(entity[first]) in ("date", "int", "number") else ">"
                entity.setdefault("rules", {})[said] = f"{last} {sign} {first}"


def required_keys(document: Tree) -> None:
    """A choice that a board or a chart is cut by is asked for."""
    for _, block in blocks_of(document):
        if kind_of(block) not in ("board", "chart"):
            continue
        found = re.search(r"([A-Z]\w*)\S*(?: where .+)? by (\w+)$", block[kind_of(block)])
        if found and found[1] in document["data"]:
            entity = document["data"][found[1]]
            forms = [one for _, one in blocks_of(document) if kind_of(one) == "form" and subject_of(one) == found[1]]
            if any("show" in form and found[2] not in form["show"] for form in forms):
                continue
            written = entity.get(found[2], "")
            if entity_type(written) == "choice" and not re.search(r"[=!]", written) and not LATER.search(found[2]):
                entity[found[2]] = written + "!"


# --- actions and access ---------------------------------------------------------------------------------------------


def action_parts(label: str) -> tuple[str, list[str]]:
    found = re.match(r"(.*?)(?: \(([^()]*)\))?$", label)
    assert found
    return found[1], who_parts((found[2] or "").replace(",", " or "))


def decisions(document: Tree) -> None:
    """A button is offered while it makes sense: an answer while the question is open, a tick while not ticked."""
    for entity in document["data"].values():
        for label, step in entity.get("actions", {}).items():
            field, _, value = step.partition(" = ")
            if value == "true":
                entity["actions"][label] = [f"if not {field}", step]
            elif value == "false":
                entity["actions"][label] = [f"if {field}", step]
            else:
                choices, first = choices_of(entity.get(field, "")), default_of(entity.get(field, ""))
                direct = len(choices) > 1 and choices[0] == first and choices[1] in YES
                if direct and (value == choices[1] or value in NO):
                    entity["actions"][label] = [f"if {field} = {first}", step]
                elif len(choices) == 2 and value in choices:
                    other = choices[0] if value == choices[1] else choices[1]
                    entity["actions"][label] = [f"if {field} = {other}", step]
                elif value == "Cancelled" and first and len(choices) == 3:
                    entity["actions"][label] = [f"if {field} = {first}", step]
                elif value == "Cancelled" and direct:
                    time = next((name for name in fields_of(entity) if entity_type(entity[name]) == "datetime"), None)
                    still = f"if {time} > now" if time else f"if {field} in [{first}, {choices[1]}]"
                    entity["actions"][label] = [still, step]


def field_access(document: Tree) -> None:
    """Who asks for something does not set how far it has come; staff and actions do."""
    for name, entry in document["access"].items():
        entity = document["data"][name]
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        updaters = who_parts(entry.get("update", entry.get("write", "own")))
        staff = [who for who in updaters if who in document.get("roles", [])]
        actors: dict[str, list[str]] = {}
        for label, steps in entity.get("actions", {}).items():
            target = (steps if isinstance(steps, str) else steps[-1]).partition(" = ")[0]
            actors.setdefault(target, []).extend(action_parts(label)[1])
        for field in fields_of(entity):
            is_state = field in STATE_FIELDS and entity_type(entity[field]) == "choice" and default_of(entity[field])
            if not is_state and not actors.get(field):
                continue
            if not staff and not actors.get(field):
                continue
            outsiders = {who for who in creators + updaters if who not in staff}
            free = "own" in updaters and not actors.get(field)
            if outsiders and not free and not is_dragged(document, name, outsiders):
                entry[field] = {"write": " or ".join(staff) or "nobody"}


def staff_fields(document: Tree) -> None:
    """What a form left out because only staff fills it in, is said once in the access and holds everywhere."""
    for page, block in blocks_of(document):
        name = subject_of(block)
        if kind_of(block) != "form" or "show" not in block or name not in document["access"]:
            continue
        entity, entry = document["data"][name], document["access"][name]
        staff = who_parts(entry.get("update", entry.get("write", "own")))
        if not set(staff) <= set(document.get("roles", [])) or set(who_parts(page_who(page))) & set(staff):
            continue
        theirs = [
            field
            for field in fields_of(entity)
            if field not in (*block["show"], *STATE_FIELDS)
            and not is_computed(entity, field)
            and entity_type(entity[field]) not in document["data"]
            and (not entity[field].endswith("!") or "|" in entity[field])
        ]
        if len(theirs) <= 2:
            for field in theirs:
                entry[field] = {"write": " or ".join(staff)}


def only_asked(document: Tree, prompt: str) -> None:
    """Messages and charts that nobody asked for go; a blueprint says what makes this app itself."""
    if not ASKS_MESSAGES.search(prompt):
        sent = re.compile(r"^(email|notify) ")
        kept = {
            trigger: steps
            for trigger, steps in document.get("automations", {}).items()
            if not all(sent.match(step) for step in ([steps] if isinstance(steps, str) else steps))
        }
        document["automations"] = kept
    if not ASKS_CHARTS.search(prompt):
        for name, blocks in document["pages"].items():
            rest = [block for block in blocks if kind_of(block) != "chart"]
            document["pages"][name] = rest or blocks
    for _, block in blocks_of(document):
        if "filter" in block:
            block["filter"] = block["filter"][:3] if ASKS_FILTERS.search(prompt) else []
            if not block["filter"]:
                del block["filter"]


def everyone(document: Tree) -> None:
    """Where accounts are only by invitation and all roles may, every user may."""
    roles = set(document.get("roles", []))
    if document.get("signup") != "invite" or not roles:
        return
    for entry in document.get("access", {}).values():
        for verb, rule in entry.items():
            if isinstance(rule, str) and set(who_parts(rule)) == roles:
                entry[verb] = "user"
    for name in list(document["pages"]):
        if set(who_parts(page_who(name))) == roles:
            changed = f"{page_title(name)} (user)"
            document["pages"] = {changed if one == name else one: blocks for one, blocks in document["pages"].items()}


def few_rows(document: Tree) -> None:
    """Two rows each, of three entities, show what is meant; rows that these refer to stay."""
    seed = document.get("seed", {})
    data = document["data"]
    kept: Tree = {}
    needed: dict[str, set[str]] = {}
    # From the referring entities to those they refer to, so that what is needed is known in time.
    for name in reversed(list(seed)):
        wanted = needed.get(name, set())
        rows = [row for number, row in enumerate(seed[name]) if number < MOST_SEED_ROWS or row.split(" | ")[0] in wanted]
        typed = [field for field in fields_of(data[name]) if not is_computed(data[name], field)]
        for row in rows:
            for field, value in zip(typed, row.split(" | "), strict=False):
                target = entity_type(data[name][field]).strip("[]")
                if target in data:
                    needed.setdefault(target, set()).update(part.strip() for part in value.split(","))
        kept[name] = rows
    spare = [name for name in seed if name not in needed]
    while len(kept) > MOST_SEEDED and spare:
        kept.pop(spare.pop())
    document["seed"] = {name: kept[name] for name in seed if name in kept}
    if not document["seed"]:
        del document["seed"]


def simplify(entry: Tree) -> None:
    """Leave out what follows from the rest of the entry."""
    write = entry.get("write")
    if write is None:
        return
    for verb in ("create", "update", "delete"):
        if verb in entry and set(who_parts(entry[verb])) == set(who_parts(write)):
            del entry[verb]
    if entry.get("create") == "user" and "own" in who_parts(write):
        del entry["create"]


def common_access(document: Tree) -> None:
    """Entries like the language's default go; one that most entities share becomes `default`."""
    access = document.get("access", {})
    if "default" in access:
        return
    plain = [name for name, entry in access.items() if not any(isinstance(rule, dict) for rule in entry.values())]
    if len(plain) == len(document["data"]) == 1 and access[plain[0]] != LANGUAGE_DEFAULT:
        return
    usual = [name for name in plain if access[name] == LANGUAGE_DEFAULT]
    common = {*EVERYBODY, *document.get("roles", [])}
    plain = [name for name in plain if all(set(who_parts(rule)) <= common for rule in access[name].values())]
    best = max(plain, key=lambda name: sum(access[other] == access[name] for other in plain), default=None)
    if best and access[best] != LANGUAGE_DEFAULT:
        shared = [name for name in plain if access[name] == access[best]]
        if len(shared) >= len(usual) + 2:
            default = access[best]
            document["access"] = {"default": default} | {n: e for n, e in access.items() if n not in shared}
            return
    for name in usual:
        del access[name]


# --- pages ----------------------------------------------------------------------------------------------------------


def add_where(block: Tree, condition: str) -> None:
    if condition in block.get("where", ""):
        return
    if "where" in block:
        block["where"] = f"{condition} and {block['where']}"
        return
    # Before the sort and the limit, where the language's page lists it.
    kind = kind_of(block)
    rest = {key: block.pop(key) for key in list(block) if key in ("limit", "empty")}
    block["where"] = condition
    block.update(rest)
    assert kind_of(block) == kind


def plain_columns(document: Tree) -> None:
    """A block that shows what it would show anyway does not say so."""
    for page, block in blocks_of(document):
        name, kind = subject_of(block), kind_of(block)
        if name not in document["data"] or "show" not in block:
            continue
        entity, entry = document["data"][name], document.get("access", {}).get(name, {})
        if kind == "form":
            viewers = set(who_parts(page_who(page)))
            writable = [
                field
                for field in fields_of(entity)
                if not is_computed(entity, field)
                and not (isinstance(entry.get(field), dict) and not viewers & set(who_parts(entry[field]["write"])))
            ]
            if block["show"] == writable:
                del block["show"]
        elif kind in ("table", "list", "cards", "gallery"):
            shown = [field for field in fields_of(entity) if entity_type(entity[field]) not in ("long", "file", "json")]
            missing = [field for field in shown if field not in block["show"]]
            plain = all(field in entity for field in block["show"])
            if plain and len(missing) <= (2 if kind == "table" else 1) and len(block["show"]) > len(missing):
                del block["show"]


def mine(document: Tree) -> None:
    """A page called `My ...` shows mine, also to those who may see more."""
    for page, block in blocks_of(document):
        name = subject_of(block)
        kind = kind_of(block)
        if kind not in DATA_BLOCKS or name not in document["access"]:
            continue
        if not re.match(r"(My|Your|Mine)\b", page_title(page)) and not re.match(r"(My|Your)\b", block.get("title", "")):
            continue
        entry, entity = document["access"][name], document["data"][name]
        viewers = who_parts(page_who(page))
        readers = set(who_parts(entry["read"])) & {"anyone", "user", *viewers}
        if not readers or "owner = me" in block.get("where", ""):
            continue
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        people = [field for field in fields_of(entity) if entity_type(entity[field]) == "User"]
        fitting = [field for field in people if field in viewers] or people
        if set(creators) & {"anyone", "user", "own", *viewers} and not [field for field in people if field in viewers]:
            add_where(block, "owner = me")
        elif fitting:
            add_where(block, f"{fitting[0]} = me")


def upcoming(document: Tree) -> None:
    """A list of what comes next leaves out what is over."""
    for page, block in blocks_of(document):
        name, sort = subject_of(block), block.get("sort")
        if kind_of(block) not in ("list", "cards") or sort not in SOON or name not in document["data"]:
            continue
        if entity_type(document["data"][name].get(sort, "")) not in ("date", "datetime"):
            continue
        if sort != "starts" and PAST_ENTITIES.search(name):
            continue
        add_where(block, f"{sort} >= today")


def reachable(document: Tree) -> None:
    """An email to the maker of a record that visitors make goes to the address they gave."""
    for trigger, steps in document.get("automations", {}).items():
        found = re.search(r"\b([A-Z]\w*)", trigger)
        if not found or found[1] not in document["access"]:
            continue
        entity, entry = document["data"][found[1]], document["access"][found[1]]
        address = next((field for field in fields_of(entity) if entity_type(entity[field]) == "email"), None)
        if address and "anyone" in who_parts(entry.get("create", entry.get("write", "own"))):
            several = [steps] if isinstance(steps, str) else steps
            changed = [re.sub(r"^email owner ", f"email {address} ", one) for one in several]
            document["automations"][trigger] = changed[0] if len(changed) == 1 else changed


# --- who comes in ---------------------------------------------------------------------------------------------------


def signup(document: Tree) -> None:
    """A stranger who signs up must not become staff, nor walk into a private room."""
    roles, access = document.get("roles", []), document["access"]
    entries = [
        {verb: set(who_parts(rule)) for verb, rule in entry.items() if isinstance(rule, str)} for entry in access.values()
    ]
    public = any("anyone" in rule for entry in entries for rule in entry.values())
    powerful = {
        role
        for role in roles
        for entry in entries
        if any(role in entry.get(verb, ()) for verb in ("write", "update", "delete"))
        or (role in entry["read"] and role not in entry.get("create", ()))
    }
    silent = [role for role in roles if role not in powerful and not is_mentioned(document, role)]
    if len(roles) <= 2 and len(silent) == 1:
        # With one role left a sign-up is a plain user, who may just as little.
        document["roles"] = roles = [role for role in roles if role not in silent]
    elif len(roles) > 1 and roles[0] in powerful:
        harmless = [role for role in roles if role not in powerful]
        if harmless:
            document["roles"] = roles = harmless[:1] + [role for role in roles if role != harmless[0]]
        else:
            document["signup"] = "invite"
            return
    elif len(roles) > 2 and roles[0] in silent and not public:
        document["roles"] = [role for role in roles if role not in silent]
        document["signup"] = "invite"
        return
    if not public and len(roles) > 1 and roles[0] in ("employee", "staff", "colleague", "traveller"):
        document["signup"] = "invite"
    newcomer = {"user"} | ({roles[0]} if len(roles) > 1 else set())
    shared = any(entry["read"] & newcomer and (entry.get("write", set()) | {"own"}) & (newcomer | {"own"}) for entry in entries)
    if not public and shared:
        document["signup"] = "invite"


def is_mentioned(document: Tree, role: str) -> bool:
    written = [str(document["access"]), str(document.get("automations", "")), *document["pages"]]
    written += [label for entity in document["data"].values() for label in entity.get("actions", {})]
    return any(re.search(rf"\b{role}\b", text) for text in written)
