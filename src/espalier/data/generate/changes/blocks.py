"""Blocks that come and go: calendars, charts, figures."""

from __future__ import annotations

import re

from espalier.blueprint.names import label, words
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, many, one, put, told, value, where_shown

LONG_AGO = re.compile(r"birth|born|founded|since|built")  # dates that no calendar shows
DATED = ("date", "datetime")


def _block(case: Case, entity: str, kind: str) -> tuple[str, str] | None:
    """`Entity by field` for a block of this kind, with the field's words."""
    fields = case.fields(entity)
    wanted = {
        "calendar": DATED,
        "timeline": DATED,
        "map": ("location",),
        "board": ("choice",),
        "progress": ("percent",),
        "leaderboard": ("int", "number", "money", "rating", "marks"),
    }[kind]
    options = [
        field
        for field in fields
        if field.kind in wanted
        and not field.many
        and not (kind == "board" and field.computed)
        and not (field.kind in DATED and LONG_AGO.search(field.name))
    ]
    if not options:
        return None
    field = case.pick(options)
    return f"{entity} by {field.name}", words(field.name)


def add_block(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    where = where_shown(case, entity) if entity else None
    kind = case.pick(("calendar", "calendar", "board", "timeline", "map", "leaderboard", "progress"))
    found = _block(case, entity, kind) if entity and where else None
    if not entity or not where or not found or case.blocks_of(entity, kind):
        return None
    of, by = found
    put(case, where[0], {kind: of})
    word = {"board": "board", "leaderboard": "ranking", "progress": "progress bar"}.get(kind, kind)
    page = f" on {case.pick(('the page ', ''))}{where[1]}"
    request = told(
        case,
        "add a {word} of {many} [by {by} |]{page}",
        "show the {many} [as|on|in] a {word}{page}",
        "put a {word} of the {many}{page}",
        "I'd like a {word} of {many}{page}",
        "there should be a {word} with the {many}{page}",
        word=word,
        many=many(entity),
        by=by,
        page=page,
    )
    return Change(
        request,
        case.tree,
        needs=(need("block", any=(kind,), entity=Like.of(one(entity))),),
        added=told(case, "show a {word} of {many}", "there is a {word} of the {many}", word=word, many=many(entity)),
    )


def add_chart(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    where = where_shown(case, entity) if entity else None
    if not entity or not where:
        return None
    fields = case.fields(entity)
    keys = [
        field
        for field in fields
        if (field.choices or field.kind == "reference") and not field.many and not field.computed
    ]
    dates = [field for field in fields if field.kind in DATED and not field.computed]
    numbers = [field for field in fields if field.kind in ("money", "int", "number")]
    if dates and (not keys or case.chance(0.4)):
        period = case.pick(("week", "month", "day", "year"))
        by, said = f"{period}({case.pick(dates).name})", period
        shape = case.pick(("line", "bar", "area"))
    elif keys:
        key = case.pick(keys)
        by, said = key.name, words(key.name)
        shape = case.pick(("bar", "pie", "donut"))
    else:
        return None
    if numbers and case.chance(0.5):
        number = case.pick(numbers)
        how = case.pick(("sum", "avg")) if number.kind != "money" else "sum"
        what, say = f"{how}({entity}.{number.name})", f"{'average ' if how == 'avg' else 'total '}{words(number.name)}"
    else:
        what, say = entity, f"{many(entity)}"
    put(case, where[0], {"chart": f"{shape} {what} by {by}"})
    request = told(
        case,
        "add a {shape} chart of {say} by {by} to {page}",
        "show {say} per {by} as a {shape} chart on {page}",
        "I want a {shape} chart with {say} per {by} on {page}",
        "put a chart ({shape}) of {say} per {by} on the page {page}",
        "{page} needs a {shape} chart of {say} by {by}",
        shape=shape,
        say=say,
        by=said,
        page=where[1],
    )
    return Change(
        request,
        case.tree,
        needs=(need("block", any=("chart",), entity=Like.of(one(entity)), drawing=f"{shape} {what} by {by}"),),
        added=told(
            case,
            "a {shape} chart shows {say} per {by}",
            "include a {shape} chart of {say} by {by}",
            shape=shape,
            say=say,
            by=said,
        ),
    )


def add_figure(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    if not entity:
        return None
    fields = case.fields(entity)
    choices = [field for field in fields if field.choices and not field.many]
    numbers = [field for field in fields if field.kind in ("money", "int", "number")]
    if choices and case.chance(0.5):
        word = case.pick(case.pick(choices).choices)
        field = next(field for field in choices if word in field.choices)
        name, figure, say = (
            f"{label(word)} {many(entity)}",
            f"count({entity} where {field.name} = {value(word)})",
            f"how many {many(entity)} are {word.lower()}",
        )
    elif numbers and case.chance(0.6):
        number = case.pick(numbers)
        how, word = case.pick((("sum", "Total"), ("avg", "Average")))
        name, figure, say = (
            f"{word} {words(number.name)}",
            f"{how}({entity}.{number.name})",
            f"the {word.lower()} {words(number.name)} of {many(entity)}",
        )
    else:
        name, figure, say = f"{label(many(entity))}", f"count({entity})", f"the number of {many(entity)}"
    found = [(page, block) for page, _, block in case.blocks() if "stats" in block]
    if found:
        page, block = case.pick(found)
        if name in block["stats"] or figure in block["stats"].values():
            return None
        block["stats"] = {**block["stats"], name: figure}
    else:
        where = where_shown(case, entity)
        if not where:
            return None
        page = where[0]
        put(case, page, {"stats": {name: figure}}, first=True)
    title = next(one_page.name for one_page in case.blueprint.page_list if one_page.key == page)
    request = told(
        case,
        "show {say} on {page}",
        "I want to see {say} [at the top of|on] {page}",
        "add a figure with {say} to {page}",
        "{page} should say {say}",
        "put {say} on the page {page}",
        say=say,
        page=title,
    )
    return Change(
        request,
        case.tree,
        needs=(need("block", any=("stats",), figures=(figure,)),),
        added=told(case, "show {say}", "I want to see {say}", say=say),
    )


def remove_block(case: Case) -> Change | None:
    case = case.fresh()
    loose = (
        "chart",
        "stats",
        "calendar",
        "timeline",
        "faq",
        "newsletter",
        "testimonials",
        "map",
        "contact",
        "leaderboard",
        "banner",
        "features",
        "gallery",
        "search",
        "footer",
        "steps",
        "progress",
        "hero",
    )
    options = [
        (page, at, block)
        for page, at, block in case.blocks()
        if next(iter(block)) in loose and len(case.tree["pages"][page]) > 1
    ]
    if not options:
        return None
    page, at, block = case.pick(options)
    kind, of = next(iter(block.items()))
    if sum(kind in other for other in case.tree["pages"][page]) > 1:
        return None
    del case.tree["pages"][page][at]
    title = next(one_page.name for one_page in case.blueprint.page_list if one_page.key == page)
    word = {
        "stats": "figures",
        "faq": "FAQ",
        "hero": "big heading",
        "progress": "progress bars",
        "contact": "contact details",
    }.get(kind, kind)
    whose = (
        f" of {many(of.split(' by ')[0])}" if isinstance(of, str) and of.split(" by ")[0] in case.blueprint.data else ""
    )
    request = told(
        case,
        "remove the {word}{whose} from {page}",
        "take the {word}{whose} off {page}",
        "we don't need the {word}{whose} on {page}",
        "{page} without the {word}{whose}, please",
        "drop the {word}{whose} on the page {page}",
        word=word,
        whose=whose,
        page=title,
    )
    return Change(request, case.tree)


CHANGES: tuple[tuple[Maker, float], ...] = ((add_block, 2.5), (add_chart, 2), (add_figure, 1.8), (remove_block, 1.5))
