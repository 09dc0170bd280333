"""Pages that come, go and get other names."""

from __future__ import annotations

from espalier.blueprint.names import label, words
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, Tree, many, one, told, value, where_shown

DATED = ("date", "datetime")


def rename_page(case: Case) -> Change | None:
    case = case.fresh()
    pages = [page for page in case.blueprint.page_list if not page.each]
    page = case.pick(pages)
    new = case.pick(
        (
            "Start",
            "Overview",
            "Workbench",
            "Our list",
            "Everything",
            "Planning",
            "The desk",
            "Control room",
            "News",
            "Diary",
            "Register",
            "Numbers",
            "Archive",
            "For members",
            "Today",
            "Inbox",
            "Find",
            "Board room",
            "Kitchen table",
            f"All {many(case.pick(case.entities))}" if case.entities else "All",
        )
    )
    if any(other.name == new for other in case.blueprint.page_list) or f"-> {page.name}" in repr(case.tree):
        return None
    key = f"{new} ({page.who})" if page.who is not None else new
    case.tree["pages"] = {key if old == page.key else old: blocks for old, blocks in case.tree["pages"].items()}
    request = told(
        case,
        "rename the page {old} to {new}",
        "call the page {old} {new}",
        "{old} should be called {new}",
        "the page {old} needs another name: {new}",
        "change {old} to {new} in the menu",
        old=page.name,
        new=new,
    )
    return Change(request, case.tree, needs=(need("page", like=Like.of(new)),))


def add_page(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    where = where_shown(case, entity) if entity else None
    if not entity or not where:
        return None
    fields = case.fields(entity)
    choices = [field for field in fields if field.choices and not field.many]
    dates = [field for field in fields if field.kind in DATED and not field.computed]
    who = where[0][len(where[1]) :]
    block: Tree
    if choices and case.chance(0.6):
        word = case.pick(case.pick(choices).choices)
        field = next(field for field in choices if word in field.choices)
        name, block, say = (
            label(f"{word} {many(entity)}"),
            {"table": entity, "where": f"{field.name} = {value(word)}"},
            f"the {many(entity)} that are {word.lower()}",
        )
    elif dates:
        field = case.pick(dates)
        name, block, say = (
            label(f"Coming {many(entity)}"),
            {"list": entity, "where": f"{field.name} >= today", "sort": field.name},
            f"the {many(entity)} whose {words(field.name)} is still to come",
        )
    else:
        return None
    if any(page.name == name for page in case.blueprint.page_list):
        return None
    case.tree["pages"][name + who] = [block]
    audience = f" for {many(who.strip(' ()'))}" if who and who.strip(" ()") != "user" and " " not in who.strip() else ""
    request = told(
        case,
        "add a page {name}{audience} with {say}",
        "I need a page{audience} called {name} that shows {say}",
        "make a new page {name}{audience}: {say}",
        "put {say} on a page of their own called {name}{audience}",
        name=name,
        audience=audience,
        say=say,
    )
    return Change(
        request,
        case.tree,
        needs=(
            need("page", like=Like.of(name)),
            need("block", any=("table", "list"), entity=Like.of(one(entity)), page=Like.of(name)),
        ),
    )


def remove_page(case: Case) -> Change | None:
    case = case.fresh()
    pages = [
        page for page in case.blueprint.page_list[1:] if not page.each and f"-> {page.name}" not in repr(case.tree)
    ]
    if len(pages) < 2:
        return None
    page = case.pick(pages)
    case.tree["pages"] = {key: blocks for key, blocks in case.tree["pages"].items() if key != page.key}
    return Change(
        told(
            case,
            "remove the page {page}",
            "delete [the page |]{page} from the menu",
            "we don't need the page {page}",
            "drop {page}",
            "the page {page} can go",
            page=page.name,
        ),
        case.tree,
    )


CHANGES: tuple[tuple[Maker, float], ...] = ((rename_page, 1.5), (add_page, 1.5), (remove_page, 0.8))
