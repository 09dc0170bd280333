"""Ways to break an app, one small function each, with the checks that must notice.

A mutation gets the tree of a blueprint (`Blueprint.model_dump()`, a copy of its own) and yields broken trees with the place
that was broken. Those that cannot be read any more are the reader's; the others must be noticed by a check named in `notices`
(names of checks or kinds of requirement), against the rubric of everything that the whole app fulfils.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from espalier.blueprint.printer import print_tree
from espalier.blueprint.reader import read_all
from espalier.blueprint.schema import Blueprint

Tree = dict[str, Any]
Broken = Iterator[tuple[str, Tree]]
PARTS = ("unique", "rules", "actions")
RECORD_BLOCKS = ("table", "cards", "list", "gallery", "feed", "timeline", "calendar", "board", "leaderboard")


@dataclass(frozen=True)
class Mutation:
    name: str
    notices: frozenset[str]
    function: Callable[[Tree, Random], Broken]


MUTATIONS: list[Mutation] = []


def mutation(name: str, *notices: str) -> Callable[[Any], Any]:
    def put(function: Callable[[Tree, Random], Broken]) -> Any:
        MUTATIONS.append(Mutation(name, frozenset(notices), function))
        return function

    return put


@dataclass(frozen=True)
class Mutant:
    """One broken app: how, where, and what must notice."""

    mutation: Mutation
    where: str
    blueprint: Blueprint


def mutants(blueprint: Blueprint, chance: Random, each: int = 1) -> Iterator[Mutant]:
    """Broken versions of an app that can still be read: `each` of every mutation that fits it, at places chosen by chance."""
    tree = blueprint.model_dump()
    same = print_tree(tree)
    for one in MUTATIONS:
        found = [(where, broken) for where, broken in one.function(deepcopy(tree), chance)]
        chance.shuffle(found)
        made = 0
        for where, broken in found:
            text = print_tree(broken)
            if text == same:
                continue
            reading = read_all(text)
            if reading.blueprint is None:
                continue
            yield Mutant(one, where, reading.blueprint)
            made += 1
            if made == each:
                break


# --- finding one's way in a tree --------------------------------------------------------------------------------------


def fields(tree: Tree) -> Iterator[tuple[str, str, Any]]:
    """Entity, field, type as written."""
    for entity, said in tree["data"].items():
        for name, type_of in said.items():
            if name not in PARTS:
                yield entity, name, type_of


def written(type_of: Any) -> str:
    return f"[{type_of[0]}]" if isinstance(type_of, list) else str(type_of)


def with_field(tree: Tree, entity: str, name: str, type_of: Any) -> Tree:
    other = deepcopy(tree)
    other["data"][entity][name] = type_of
    return other


def blocks(tree: Tree) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for page, said in tree["pages"].items():
        for at, block in enumerate(said):
            if isinstance(block, dict):
                yield page, at, block


def kind_of(block: dict[str, Any]) -> str:
    return next(iter(block))


def entity_of(block: dict[str, Any]) -> str:
    said = block[kind_of(block)]
    return re.split(r"[ .]", str(said))[0] if isinstance(said, str) else ""


def with_block(tree: Tree, page: str, at: int, change: Callable[[dict[str, Any]], None]) -> Tree:
    other = deepcopy(tree)
    change(other["pages"][page][at])
    return other


def is_computed(type_of: Any) -> bool:
    return " = " in written(type_of) and bool(
        re.search(
            r"count|sum|avg|max|min|latest|streak|round|days|if\(|coalesce|[*/]| [+-] ",
            written(type_of).split(" = ", 1)[1],
        )
    )


def without_field(tree: Tree, entity: str, name: str) -> Tree:
    """The tree as somebody would leave it who forgot a field: gone from blocks and seed rows too."""
    other = deepcopy(tree)
    columns = [
        field
        for field, type_of in tree["data"][entity].items()
        if field not in PARTS
        and not is_computed(type_of)
        and written(type_of) != "marks"
        and not written(type_of).startswith("serial")
    ]
    del other["data"][entity][name]
    if name in columns and entity in other.get("seed", {}):
        at = columns.index(name)
        rows = []
        for row in other["seed"][entity]:
            cells = row.split(" | ")
            rows.append(" | ".join(cells[:at] + cells[at + 1 :]))
        other["seed"][entity] = rows
    for _, _, block in blocks(other):
        for option in ("show", "filter", "edit", "total", "sort"):
            if isinstance(block.get(option), list):
                block[option] = [
                    said
                    for said in block[option]
                    if str(said).lstrip("-").split(".")[0] != name or entity_of(block) != entity
                ]
                if not block[option]:
                    del block[option]
            elif (
                isinstance(block.get(option), str)
                and str(block[option]).lstrip("-") == name
                and entity_of(block) == entity
            ):
                del block[option]
    if entity in other.get("access", {}):
        other["access"][entity].pop(name, None)
    return other


# --- data ---------------------------------------------------------------------------------------------------------------


@mutation("drop a field", "field")
def drop_field(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if (
            not is_computed(type_of)
            and not re.match(r"\[?[A-Z]\w*[\]!]*( |$)", written(type_of))
            and "|" not in written(type_of)
        ):
            yield f"{entity}.{name}", without_field(tree, entity, name)


@mutation("change a field's type", "field")
def change_type(tree: Tree, chance: Random) -> Broken:
    instead = {"money": "text", "int": "text", "date": "text", "datetime": "date", "long": "bool", "image": "text", "email": "text", "phone": "text", "number": "text", "percent": "text", "rating": "text", "file": "text", "url": "text", "color": "text", "bool": "text", "time": "text"}  # fmt: skip
    for entity, name, type_of in fields(tree):
        word = re.match(r"[a-z]+", written(type_of))
        if word and word[0] in instead and not is_computed(type_of):
            yield (
                f"{entity}.{name}",
                with_field(tree, entity, name, instead[word[0]] + ("!" if "!" in written(type_of) else "")),
            )


@mutation("make a required field optional", "field", "reference", "choice")
def optional(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if "!" in written(type_of) and " part" not in written(type_of) and isinstance(type_of, str):
            yield f"{entity}.{name}", with_field(tree, entity, name, type_of.replace("!", "", 1))


@mutation("allow the same value twice", "field", "unique", "unique_holds")
def not_unique(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if " unique" in written(type_of):
            yield f"{entity}.{name}", with_field(tree, entity, name, type_of.replace(" unique", ""))
    for entity, said in tree["data"].items():
        if said.get("unique"):
            other = deepcopy(tree)
            del other["data"][entity]["unique"]
            yield f"{entity}.unique", other


@mutation("drop a range", "field")
def no_range(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if re.search(r" -?\d*\.\.-?\d*", written(type_of)) and isinstance(type_of, str):
            yield f"{entity}.{name}", with_field(tree, entity, name, re.sub(r" -?\d*\.\.-?\d*", "", type_of))


@mutation("drop a choice value", "choice")
def drop_choice(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if isinstance(type_of, str) and type_of.count("|") >= 2:
            head, equals, rest = type_of.partition(" = ")
            values = head.rstrip("!").split(" | ")
            for value in values:
                left = " | ".join(one for one in values if one != value) + ("!" if head.endswith("!") else "")
                yield f"{entity}.{name}: {value}", with_field(tree, entity, name, left + equals + rest)


@mutation("rename a choice value", "choice")
def rename_choice(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if isinstance(type_of, str) and "|" in type_of:
            head, equals, rest = type_of.partition(" = ")
            values = head.rstrip("!").split(" | ")
            for at in range(len(values)):
                left = " | ".join("Quux" if one == at else value for one, value in enumerate(values)) + (
                    "!" if head.endswith("!") else ""
                )
                yield f"{entity}.{name}: {values[at]}", with_field(tree, entity, name, left + equals + rest)


@mutation("begin in another state", "choice", "field")
def other_default(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if isinstance(type_of, str) and "|" in type_of and " = " in type_of:
            head, _, rest = type_of.partition(" = ")
            for value in head.rstrip("!").split(" | "):
                if value != rest:
                    yield f"{entity}.{name}", with_field(tree, entity, name, f"{head} = {value}")


@mutation("refer to the wrong entity", "reference")
def wrong_reference(tree: Tree, chance: Random) -> Broken:
    names = list(tree["data"])
    for entity, name, type_of in fields(tree):
        target = re.match(r"[A-Z]\w*", written(type_of).lstrip("["))
        if target and target[0] in [*names, "User"] and "|" not in written(type_of):
            for other in names:
                if other not in (target[0], entity):
                    changed = re.sub(rf"\b{target[0]}\b", other, written(type_of), count=1)
                    changed = re.sub(r" owner| part| = me", "", changed)
                    broken = with_field(
                        tree, entity, name, [changed.strip("[]")] if changed.startswith("[") else changed
                    )
                    broken.get("seed", {}).pop(entity, None)
                    yield f"{entity}.{name}: {other}", broken


@mutation("turn a reference into text", "reference")
def no_reference(tree: Tree, chance: Random) -> Broken:
    names = [*tree["data"], "User"]
    for entity, name, type_of in fields(tree):
        if (
            isinstance(type_of, str)
            and re.match(r"[A-Z]\w*", type_of)
            and re.match(r"[A-Z]\w*", type_of)[0] in names
            and "|" not in type_of
        ):
            yield f"{entity}.{name}", with_field(tree, entity, name, "text" + ("!" if "!" in type_of else ""))


@mutation("make a part independent", "reference", "permission")
def no_part(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if " part" in written(type_of):
            yield f"{entity}.{name}", with_field(tree, entity, name, type_of.replace(" part", ""))


@mutation("lose whose a record is", "reference", "permission", "field")
def no_owner(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if " owner" in written(type_of):
            yield f"{entity}.{name}", with_field(tree, entity, name, type_of.replace(" owner", "").replace(" = me", ""))


@mutation("break a computed field", "field")
def wrong_computed(tree: Tree, chance: Random) -> Broken:
    turns = [
        (r"\bsum\(", "max("),
        (r"\bavg\(", "max("),
        (r"\bmax\(", "min("),
        (r" \* ", " + "),
        (r" - ", " + "),
        (r" / ", " * "),
        (r"<=", ">"),
        (r" where [^)]*\)", ")"),
    ]
    for entity, name, type_of in fields(tree):
        if is_computed(type_of):
            head, _, rest = type_of.partition(" = ")
            for before, after in turns:
                changed = re.sub(before, after, rest, count=1)
                if changed != rest:
                    yield f"{entity}.{name}", with_field(tree, entity, name, f"{head} = {changed}")


@mutation("drop a computed field", "field")
def drop_computed(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if is_computed(type_of):
            yield f"{entity}.{name}", without_field(tree, entity, name)


@mutation("drop marks", "field")
def drop_marks(tree: Tree, chance: Random) -> Broken:
    for entity, name, type_of in fields(tree):
        if written(type_of) == "marks":
            yield f"{entity}.{name}", without_field(tree, entity, name)


@mutation("drop a rule", "rule", "rules_hold")
def drop_rule(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for words in said.get("rules", {}):
            other = deepcopy(tree)
            del other["data"][entity]["rules"][words]
            yield f"{entity}: {words}", other


@mutation("turn a rule around", "rule", "rules_hold", "forms_save")
def turn_rule(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for words, rule in said.get("rules", {}).items():
            other = deepcopy(tree)
            other["data"][entity]["rules"][words] = f"not ({rule})"
            yield f"{entity}: {words}", other


# --- actions and automations ------------------------------------------------------------------------------------------


def steps_of(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


@mutation("drop an action", "action")
def drop_action(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for key in said.get("actions", {}):
            other = deepcopy(tree)
            del other["data"][entity]["actions"][key]
            yield f"{entity}: {key}", other


@mutation("let anyone press a button", "action", "permission")
def open_action(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for key in said.get("actions", {}):
            if "(" in key:
                other = deepcopy(tree)
                actions = other["data"][entity]["actions"]
                other["data"][entity]["actions"] = {
                    (re.sub(r" \(.*\)$", " (user)", one) if one == key else one): steps
                    for one, steps in actions.items()
                }
                yield f"{entity}: {key}", other


@mutation("forget an action's effect", "action")
def less_action(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for key, steps in said.get("actions", {}).items():
            listed = steps_of(steps)
            for at, step in enumerate(listed):
                if len(listed) > 1 and not step.startswith("if "):
                    other = deepcopy(tree)
                    other["data"][entity]["actions"][key] = listed[:at] + listed[at + 1 :]
                    yield f"{entity}: {key}: {step}", other


@mutation("forget an action's condition", "action")
def always_action(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for key, steps in said.get("actions", {}).items():
            listed = steps_of(steps)
            if len(listed) > 1 and listed[0].startswith("if "):
                other = deepcopy(tree)
                other["data"][entity]["actions"][key] = listed[1:]
                yield f"{entity}: {key}", other


@mutation("make an action impossible", "action", "actions_do", "idle_actions")
def never_action(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree["data"].items():
        for key, steps in said.get("actions", {}).items():
            other = deepcopy(tree)
            other["data"][entity]["actions"][key] = ["if 1 = 2", *steps_of(steps)]
            yield f"{entity}: {key}", other


@mutation("drop an automation", "automation")
def drop_automation(tree: Tree, chance: Random) -> Broken:
    for trigger in tree.get("automations", {}):
        other = deepcopy(tree)
        del other["automations"][trigger]
        yield trigger, other


@mutation("write to the wrong person", "automation", "action")
def wrong_person(tree: Tree, chance: Random) -> Broken:
    for trigger, steps in tree.get("automations", {}).items():
        for at, step in enumerate(steps_of(steps)):
            if step.startswith(("email ", "notify ")):
                other = deepcopy(tree)
                listed = steps_of(steps)
                listed[at] = re.sub(r"^(email|notify) \S+", r"\1 admin", step)
                other["automations"][trigger] = listed
                yield trigger, other


# --- access -----------------------------------------------------------------------------------------------------------


def entries(tree: Tree) -> Iterator[tuple[str, str, str]]:
    for entity, said in tree.get("access", {}).items():
        if entity != "default":
            for operation, who in said.items():
                if operation in ("read", "create", "update", "delete", "write") and isinstance(who, str):
                    yield entity, operation, who


def with_access(tree: Tree, entity: str, operation: str, who: Any) -> Tree:
    other = deepcopy(tree)
    other["access"][entity][operation] = who
    return other


@mutation("let anyone read", "permission", "private", "private_data")
def open_read(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        if operation == "read" and who != "anyone":
            yield entity, with_access(tree, entity, "read", "anyone")


@mutation("let everybody change", "permission", "open_writing")
def open_write(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        if operation in ("update", "write", "delete") and who != "user":
            yield f"{entity}.{operation}", with_access(tree, entity, operation, "user")


@mutation("let nobody read", "permission", "public", "pages_show")
def close_read(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        if operation == "read" and who != "nobody":
            yield entity, with_access(tree, entity, "read", "nobody")


@mutation("let nobody create", "permission")
def close_create(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        if operation in ("create", "write") and who != "nobody":
            yield f"{entity}.{operation}", with_access(tree, entity, operation, "nobody")


@mutation("let strangers create", "permission")
def open_create(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        if operation == "create" and "anyone" not in who:
            yield entity, with_access(tree, entity, operation, "anyone")


@mutation("forget one of those who may", "permission")
def fewer(tree: Tree, chance: Random) -> Broken:
    for entity, operation, who in entries(tree):
        parts = who.split(" or ")
        for at in range(len(parts)):
            if len(parts) > 1:
                yield (
                    f"{entity}.{operation}",
                    with_access(tree, entity, operation, " or ".join(parts[:at] + parts[at + 1 :])),
                )


@mutation("open a guarded field", "permission", "private_data")
def open_field(tree: Tree, chance: Random) -> Broken:
    for entity, said in tree.get("access", {}).items():
        for name in said:
            if name not in ("read", "create", "update", "delete", "write"):
                other = deepcopy(tree)
                del other["access"][entity][name]
                yield f"{entity}.{name}", other


@mutation("drop an access entry", "permission", "private", "public")
def no_entry(tree: Tree, chance: Random) -> Broken:
    for entity in tree.get("access", {}):
        other = deepcopy(tree)
        del other["access"][entity]
        yield entity, other


@mutation("let everybody sign up", "signup")
def open_signup(tree: Tree, chance: Random) -> Broken:
    if tree.get("signup") == "invite":
        other = deepcopy(tree)
        other["signup"] = "user"
        yield "signup", other


@mutation("add a role that may do nothing", "idle_roles")
def idle_role(tree: Tree, chance: Random) -> Broken:
    other = deepcopy(tree)
    keys = list(other)
    roles = [*other.pop("roles", []), "overseer"]
    if len(roles) == 1:
        return
    other = {key: (roles if key == "roles" else other[key]) for key in keys}
    yield "roles", other


# --- pages ------------------------------------------------------------------------------------------------------------


@mutation("drop a block", "block")
def drop_block(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if len(tree["pages"][page]) > 1 and kind_of(block) not in ("text", "banner", "footer", "image", "button"):
            other = deepcopy(tree)
            del other["pages"][page][at]
            yield f"{page}: {kind_of(block)}", other


@mutation("drop a page", "page", "block")
def drop_page(tree: Tree, chance: Random) -> Broken:
    for page in list(tree["pages"])[1:]:
        other = deepcopy(tree)
        del other["pages"][page]
        yield page, other


@mutation("open a page to all", "page", "permission")
def open_page(tree: Tree, chance: Random) -> Broken:
    for page in tree["pages"]:
        if "(" in page:
            yield (
                page,
                {
                    **tree,
                    "pages": {
                        (re.sub(r" \(.*\)$", "", one) if one == page else one): said
                        for one, said in tree["pages"].items()
                    },
                },
            )


@mutation("close a page to all but the admin", "page", "unreachable_pages")
def close_page(tree: Tree, chance: Random) -> Broken:
    for page in tree["pages"]:
        if "(admin)" not in page and not page.startswith("Each "):
            name = re.sub(r" \(.*\)$", "", page)
            yield (
                page,
                {
                    **tree,
                    "pages": {(f"{name} (admin)" if one == page else one): said for one, said in tree["pages"].items()},
                },
            )


@mutation("show a page twice", "repeated_pages")
def same_page(tree: Tree, chance: Random) -> Broken:
    for page in tree["pages"]:
        if not page.startswith("Each ") and len(tree["pages"][page]) > 1:
            name, _, who = page.partition(" (")
            other = deepcopy(tree)
            other["pages"][f"{name} again" + (f" ({who}" if who else "")] = deepcopy(other["pages"][page])
            yield page, other


@mutation("drop a filter", "block")
def drop_filter(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if block.get("filter"):
            yield f"{page}: {kind_of(block)}", with_block(tree, page, at, lambda said: said.pop("filter"))


@mutation("show what should be left out", "block")
def drop_where(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if block.get("where"):
            yield f"{page}: {kind_of(block)}", with_block(tree, page, at, lambda said: said.pop("where"))


@mutation("turn the order around", "block")
def turn_sort(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if block.get("sort"):

            def turn(said: dict[str, Any]) -> None:
                listed = said["sort"] if isinstance(said["sort"], list) else [said["sort"]]
                said["sort"] = [one[1:] if one.startswith("-") else f"-{one}" for one in listed]

            yield f"{page}: {kind_of(block)}", with_block(tree, page, at, turn)


@mutation("show fewer fields", "block", "forms_save")
def fewer_shown(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if isinstance(block.get("show"), list) and len(block["show"]) > 1:
            for one in range(len(block["show"])):

                def less(said: dict[str, Any], one: int = one) -> None:
                    del said["show"][one]

                yield f"{page}: {kind_of(block)}: {block['show'][one]}", with_block(tree, page, at, less)


@mutation("show records of something else", "block")
def other_entity(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if kind_of(block) in ("cards", "list", "table", "gallery") and not page.startswith("Each "):
            for entity in tree["data"]:
                if entity != entity_of(block):
                    kind = kind_of(block)
                    other = deepcopy(tree)
                    other["pages"][page][at] = {kind: entity}
                    yield f"{page}: {kind}: {entity}", other


@mutation("change what a chart or a board goes by", "block", "charts_count")
def other_by(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        kind = kind_of(block)
        if kind in ("chart", "board", "calendar", "leaderboard", "progress", "timeline") and " by " in str(block[kind]):
            head, _, by = str(block[kind]).rpartition(" by ")
            entity = re.findall(r"\b[A-Z]\w*", head)[-1:] if kind != "chart" else re.findall(r"\b[A-Z]\w*", head)[:1]
            for name in tree["data"].get(entity[0] if entity else "", {}):
                if name not in PARTS and name not in by:

                    def turn(said: dict[str, Any], name: str = name, head: str = head, kind: str = kind) -> None:
                        said[kind] = f"{head} by {name}"

                    yield f"{page}: {kind} by {name}", with_block(tree, page, at, turn)


@mutation("count something else in a stat", "block", "stats_count")
def other_stat(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if kind_of(block) == "stats" and isinstance(block["stats"], dict):
            for words, said in block["stats"].items():
                changed = re.sub(r" where [^)]*\)", ")", str(said))

                def turn(other: dict[str, Any], words: str = words, changed: str = changed) -> None:
                    other["stats"][words] = changed

                if changed != said:
                    yield f"{page}: {words}", with_block(tree, page, at, turn)


@mutation("leave a required field out of a form", "block", "forms_save")
def form_without(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if kind_of(block) == "form" and isinstance(block.get("show"), list):
            for one, name in enumerate(block["show"]):
                if "!" in written(tree["data"].get(entity_of(block), {}).get(name, "")) and len(block["show"]) > 1:

                    def less(said: dict[str, Any], one: int = one) -> None:
                        del said["show"][one]

                    yield f"{page}: {name}", with_block(tree, page, at, less)


@mutation("forget what a form presets", "block", "forms_save")
def no_preset(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if block.get("set"):
            yield page, with_block(tree, page, at, lambda said: said.pop("set"))


@mutation("lead a button elsewhere", "block")
def other_button(tree: Tree, chance: Random) -> Broken:
    pages = [re.sub(r" \(.*\)$", "", page) for page in tree["pages"] if not page.startswith("Each ")]
    for page, at, block in blocks(tree):
        for option in ("button", "hero"):
            if isinstance(block.get("button"), str) and " -> " in block["button"]:
                label, _, to = block["button"].rpartition(" -> ")
                for other in pages:
                    if other != to and option == "button":

                        def turn(said: dict[str, Any], label: str = label, other: str = other) -> None:
                            said["button"] = f"{label} -> {other}"

                        yield f"{page}: {other}", with_block(tree, page, at, turn)


@mutation("fill in filler words", "filler_words", "text")
def filler(tree: Tree, chance: Random) -> Broken:
    for page, at, block in blocks(tree):
        if isinstance(block.get("text"), str) and len(block["text"]) > 20:

            def turn(said: dict[str, Any]) -> None:
                said["text"] = "Lorem ipsum dolor sit amet, consectetur adipiscing elit."

            yield f"{page}: {kind_of(block)}", with_block(tree, page, at, turn)


@mutation("empty the home page", "home_content", "block")
def bare(tree: Tree, chance: Random) -> Broken:
    first = next(iter(tree["pages"]))
    other = deepcopy(tree)
    other["pages"][first] = [{"text": "Welcome."}]
    yield first, other


# --- look and seed ----------------------------------------------------------------------------------------------------


@mutation("swap the colours", "color")
def swap_colors(tree: Tree, chance: Random) -> Broken:
    theme = tree.get("theme", {})
    if theme.get("primary") and theme.get("background"):
        yield "theme", {**tree, "theme": {**theme, "primary": theme["background"], "background": theme["primary"]}}


@mutation("paint it in another colour", "color")
def other_color(tree: Tree, chance: Random) -> Broken:
    for slot in ("primary", "background", "accent"):
        for color in ("#c81e78", "#1f7a1f", "#f2c200"):
            if slot in tree.get("theme", {}):
                yield f"theme.{slot}", {**tree, "theme": {**tree["theme"], slot: color}}


@mutation("dress it in another style", "style")
def other_style(tree: Tree, chance: Random) -> Broken:
    for style in ("friendly", "minimal", "bold", "elegant"):
        if style != tree.get("theme", {}).get("style"):
            yield f"theme.style: {style}", {**tree, "theme": {**tree.get("theme", {}), "style": style}}


@mutation("drop the seed of an entity", "seed")
def drop_seed(tree: Tree, chance: Random) -> Broken:
    for entity in tree.get("seed", {}):
        yield entity, {**tree, "seed": {name: rows for name, rows in tree["seed"].items() if name != entity}}


@mutation("empty the seed", "seed", "pages_show")
def no_seed(tree: Tree, chance: Random) -> Broken:
    if tree.get("seed"):
        yield "seed", {key: said for key, said in tree.items() if key != "seed"}


# --- what nobody asked for --------------------------------------------------------------------------------------------


@mutation("add an entity that nobody can reach", "unseen_records", "unmade_records")
def lost_entity(tree: Tree, chance: Random) -> Broken:
    other = deepcopy(tree)
    other["data"]["Gadget"] = {"name": "text!", "size": "int", "shade": "color"}
    yield "Gadget", other


@mutation("show people's emails to all", "private_data", "permission")
def leak(tree: Tree, chance: Random) -> Broken:
    other = deepcopy(tree)
    other["data"]["Customer"] = {"name": "text!", "email": "email!", "phone": "phone", "debt": "money"}
    other.setdefault("access", {})["Customer"] = {"read": "anyone", "write": "user"}
    first = next(page for page in other["pages"] if not page.startswith("Each "))
    other["pages"][first] = [*other["pages"][first], {"table": "Customer"}]
    keys = [
        key
        for key in ("app", "about", "theme", "roles", "signup", "data", "access", "pages", "seed", "automations")
        if key in other
    ]
    yield "Customer", {key: other[key] for key in keys}
