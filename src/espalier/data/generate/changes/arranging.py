"""How records are shown: sorted, filtered, in another way."""

from __future__ import annotations

from espalier.blueprint.names import words
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, many, one, told

TITLES = (
    "Latest",
    "At a glance",
    "Coming up",
    "All of them",
    "What is new",
    "Right now",
    "Our favourites",
    "Worth a look",
    "This week",
    "Everything here",
)


def arrange(case: Case) -> Change | None:
    """Sorting, filtering, columns, number of records."""
    case = case.fresh()
    options = [
        (page, block, block[kind].split(" by ")[0])
        for page, _, block in case.blocks()
        for kind in ("table", "cards", "list")
        if isinstance(block.get(kind), str)
    ]
    options = [(page, block, entity) for page, block, entity in options if entity in case.blueprint.data]
    if not options:
        return None
    page, block, entity = case.pick(options)
    kind = next(iter(block))
    if len(case.blocks_of(entity, kind)) > 1:
        return None
    title = next(one_page.name for one_page in case.blueprint.page_list if one_page.key == page)
    fields = [
        field for field in case.fields(entity) if field.kind not in ("long", "file", "json", "image") and not field.many
    ]
    field = case.pick(fields) if fields else None
    slots = {"many": many(entity), "page": title, "field": words(field.name) if field else ""}
    match case.pick(("sort", "filter", "limit", "title", "show", "empty")):
        case "sort" if field and not block.get("sort"):
            down = field.kind in ("date", "datetime", "money", "int", "number", "rating") and case.chance(0.6)
            block["sort"] = f"-{field.name}" if down else field.name
            how = {"date": "newest first", "datetime": "newest first"}.get(field.kind, "highest first") if down else ""
            request = told(
                case,
                "sort the {many} on {page} by {field}{how}",
                "{many} on {page} should be sorted by {field}{how}",
                "order the {many} by {field}{how} on {page}",
                how=f", {how}" if how else "",
                **slots,
            )
        case "filter" if (
            field
            and (field.choices or field.kind in ("reference", "bool"))
            and field.name not in block.get("filter", [])
            and kind != "list"
        ):
            block["filter"] = [*block.get("filter", []), field.name]
            request = told(
                case,
                "let people filter the {many} [on {page} |]by {field}",
                "add a filter for {field} to the {many} on {page}",
                "I want to filter {many} by {field}",
                **slots,
            )
        case "limit" if not block.get("limit"):
            count = case.pick((3, 5, 10, 12, 20))
            block["limit"] = count
            request = told(
                case,
                "show only {count} {many} on {page}",
                "{page} should list no more than {count} {many}",
                "limit the {many} on {page} to {count}",
                count=str(count),
                **slots,
            )
        case "title" if not block.get("title"):
            block["title"] = case.pick(TITLES)
            request = told(
                case,
                'put the heading "{title}" above the {many} on {page}',
                "call the list of {many} on {page} {title}",
                "give the {many} on {page} the title {title}",
                title=block["title"],
                **slots,
            )
        case "show" if len(fields) >= 4 and not block.get("show") and kind != "list":
            count = case.rng.randint(3, min(5, len(fields)))
            chosen = [one_field for one_field in fields if one_field in case.rng.sample(fields, count)]
            block["show"] = [one_field.name for one_field in chosen]
            names = ", ".join(words(one_field.name) for one_field in chosen)
            request = told(
                case,
                "show only {names} of the {many} on {page}",
                "the {many} on {page} should just show {names}",
                "in the list of {many} on {page} I want {names} and nothing else",
                names=names,
                **slots,
            )
        case "empty" if not block.get("empty"):
            block["empty"] = case.pick(
                ("Nothing here yet", "All done for now", "Be the first", "Nothing to do today", "Come back soon")
            )
            request = told(
                case,
                'when there are no {many} on {page} say "{empty}"',
                'show "{empty}" when the list of {many} on {page} is empty',
                empty=block["empty"],
                **slots,
            )
        case _:
            return None
    return Change(request, case.tree)


def other_way(case: Case) -> Change | None:
    """The same records, shown in another way."""
    case = case.fresh()
    kinds = ("table", "cards", "list", "gallery")
    options = [(page, at, block) for page, at, block in case.blocks() if next(iter(block)) in kinds]
    if not options:
        return None
    page, at, block = case.pick(options)
    old, of = next(iter(block.items()))
    new = case.pick([kind for kind in kinds if kind != old])
    if (
        of not in case.blueprint.data
        or len(case.blocks_of(of, old)) > 1
        or (new == "gallery" and not any(field.kind == "image" for field in case.fields(of)))
    ):
        return None
    rest = {
        key: said
        for key, said in block.items()
        if key != old
        and not (key == "filter" and new in ("list", "gallery"))
        and key not in ("edit", "total", "carousel")
    }
    case.tree["pages"][page][at] = {new: of, **rest}
    title = next(one_page.name for one_page in case.blueprint.page_list if one_page.key == page)
    request = told(
        case,
        "show the {many} on {page} as {new} instead of [a |]{old}",
        "{page} should show the {many} as {new}",
        "turn the {old} of {many} on {page} into {new}",
        "use {new} for the {many} on {page}",
        many=many(of),
        page=title,
        new={"table": "a table", "list": "a list", "gallery": "a gallery"}.get(new, new),
        old=old,
    )
    return Change(request, case.tree, needs=(need("block", any=(new,), entity=Like.of(one(of))),))


CHANGES: tuple[tuple[Maker, float], ...] = ((arrange, 3), (other_way, 1.2))
