"""Repairs: a sound app broken in a way that writers break apps, what the check says of it, and the patch that mends it.

Only what still reads can be mended by a patch; for the rest there is the reader. The findings are the check's own words, so that
a model meets in training what it will be told later.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from espalier.blueprint import BlueprintError, print_tree, read, read_tree
from espalier.blueprint.patch import derive, print_patch
from espalier.check.report import Report
from espalier.model.judging import findings
from espalier.model.prompt import repair_request

from ..canonical import ordered
from .changes.base import Case

Tree = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """A broken app (canonical text) and the patch that makes it the sound one again."""

    blueprint: str
    patch: str
    kind: str


def broken(text: str, rng: random.Random) -> Broken | None:
    """A sound blueprint (canonical text), broken in one or two ways; None when no way fits."""
    sound = read(text)
    case = Case(sound, rng).fresh()
    ways = rng.sample(WAYS, len(WAYS))
    done: list[str] = []
    for way in ways:
        if len(done) >= (2 if rng.random() < 0.3 else 1):
            break
        if way(case):
            done.append(way.__name__.strip("_"))
    if not done:
        return None
    try:
        bad = read(print_tree(ordered(read_tree(case.tree))))
        patch = derive(bad, sound)
    except BlueprintError:
        return None
    # Entities and their order are the same to everybody who reads; a patch need not say it.
    orders = {
        place: names for place, names in patch.pop("order", {}).items() if place not in ("data", "access", "seed")
    }
    if orders:
        patch["order"] = orders
    return Broken(print_tree(ordered(bad)), print_patch(patch), "+".join(done)) if patch else None


def request_of(report: Report) -> str:
    """What a model is told of a broken app, as the building of apps tells it. Empty when the check found nothing."""
    told = findings(report)
    return repair_request(told) if told else ""


# --- ways to break an app: each changes the case's tree and says whether it could -----------------------------------------


def _lost_page(case: Case) -> bool:
    """Records that no page shows any more."""
    pages = case.blueprint.page_list[1:]
    if not pages:
        return False
    page = case.pick(pages)
    if f"-> {page.name}" in repr(case.tree):
        return False
    case.tree["pages"].pop(page.key, None)
    return True


def _lost_block(case: Case) -> bool:
    options = [
        (page, at)
        for page, at, block in case.blocks()
        if next(iter(block)) in ("form", "table", "board", "calendar", "cards", "chart", "list", "map")
        and len(case.tree["pages"][page]) > 1
    ]
    if not options:
        return False
    page, at = case.pick(options)
    del case.tree["pages"][page][at]
    return True


def _lost_field(case: Case) -> bool:
    found = case.some_field(
        "text", "long", "phone", "email", "money", "image", "int", "date", "choice", "bool", "number"
    )
    if not found or case.tree.get("seed", {}).get(found[0]):
        return False
    entity, field = found
    if repr(case.tree).count(f"{field.name}") > 1 or len(case.fields(entity)) < 3:
        return False
    del case.tree["data"][entity][field.name]
    return True


def _other_type(case: Case) -> bool:
    """A number where money, text where a choice was meant."""
    found = case.some_field("money", "date", "datetime", "phone", "email", "image", "long", "bool")
    if not found or case.tree.get("seed", {}).get(found[0]):
        return False
    entity, field = found
    said = str(case.tree["data"][entity][field.name])
    if " = " in said or any(field.name in str(block) for _, _, block in case.blocks()):
        return False
    case.tree["data"][entity][field.name] = "text!" if field.required else "text"
    return True


def _lost_choice(case: Case) -> bool:
    found = case.some_field("choice")
    if not found or len(found[1].choices) < 3 or found[1].many:
        return False
    entity, field = found
    gone = case.pick(field.choices[1:])
    if repr(case.tree).count(gone) > 1:
        return False
    said = str(case.tree["data"][entity][field.name])
    case.tree["data"][entity][field.name] = said.replace(f" | {gone}", "", 1)
    return True


def _open_reading(case: Case) -> bool:
    """What is private can be read by everybody."""
    access = case.tree.get("access", {})
    options = [
        name
        for name, entry in access.items()
        if name in case.blueprint.data and str(entry.get("read", "")) not in ("anyone", "")
    ]
    if not options:
        return False
    access[case.pick(options)]["read"] = "anyone"
    return True


def _open_writing(case: Case) -> bool:
    access = case.tree.get("access", {})
    options = [name for name, entry in access.items() if name in case.blueprint.data and "write" in entry]
    if not options:
        return False
    access[case.pick(options)]["write"] = case.pick(("anyone", "user"))
    return True


def _lost_access(case: Case) -> bool:
    access = case.tree.get("access", {})
    options = [name for name in access if name != "default"]
    if not options:
        return False
    del access[case.pick(options)]
    if not access:
        del case.tree["access"]
    return True


def _idle_role(case: Case) -> bool:
    """A role that may do nothing."""
    role = case.pick(("admin_assistant", "guest", "viewer", "helper", "auditor", "visitor", "partner"))
    if role in case.blueprint.roles or not case.blueprint.roles:
        return False
    case.tree["roles"] = [*case.tree["roles"], role]
    return True


def _closed_page(case: Case) -> bool:
    """A page for the wrong people."""
    if len(case.blueprint.roles) < 2:
        return False
    pages = [page for page in case.blueprint.page_list if page.who is not None]
    if not pages:
        return False
    page = case.pick(pages)
    others = [role for role in case.blueprint.roles if role not in str(page.who)]
    if not others:
        return False
    new = f"{page.name} ({case.pick(others)})"
    if new in case.tree["pages"]:
        return False
    case.tree["pages"] = {new if key == page.key else key: blocks for key, blocks in case.tree["pages"].items()}
    return True


def _twice(case: Case) -> bool:
    """The same block again."""
    page, _, block = case.pick(case.blocks())
    if next(iter(block)) in ("hero", "custom"):
        return False
    case.tree["pages"][page].append(dict(block))
    return True


def _lost_color(case: Case) -> bool:
    theme = case.tree.get("theme", {})
    if "primary" not in theme:
        return False
    theme["primary"] = case.pick(("teal", "navy", "orange", "crimson", "seagreen", "slategray"))
    return True


def _hopeless(case: Case) -> bool:
    """A list that nothing can ever be in."""
    options = [
        (block, block["where"])
        for _, _, block in case.blocks()
        if isinstance(block.get("where"), str) and " = " in block["where"]
    ]
    if not options:
        return False
    block, where = case.pick(options)
    path, _, word = where.partition(" = ")
    if " " in path or " and " in word or " or " in word:
        return False
    block["where"] = f"{where} and {path} != {word}"
    return True


def _lost_mail(case: Case) -> bool:
    automations = case.tree.get("automations", {})
    if not automations:
        return False
    del automations[case.pick(list(automations))]
    if not automations:
        del case.tree["automations"]
    return True


def _lost_seed(case: Case) -> bool:
    if "seed" not in case.tree:
        return False
    del case.tree["seed"]
    return True


def _required_unseen(case: Case) -> bool:
    """A form that leaves out what is required."""
    for _, _, block in case.blocks():
        entity = block.get("form")
        if entity in case.blueprint.data and "show" not in block:
            needed = [field for field in case.fields(entity) if field.required and field.typed_in]
            typed = [field for field in case.fields(entity) if field.typed_in]
            if len(needed) > 1 and len(typed) > 2:
                gone = case.pick(needed)
                block["show"] = [field.name for field in typed if field is not gone]
                return True
    return False


WAYS: tuple[Callable[[Case], bool], ...] = (
    _lost_page, _lost_block, _lost_field, _lost_field, _other_type, _lost_choice, _open_reading, _open_writing, _lost_access, _idle_role, _closed_page, _twice,
    _lost_color, _hopeless, _lost_mail, _lost_seed, _required_unseen,
)  # fmt: skip
