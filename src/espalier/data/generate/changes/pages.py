"""Pages and blocks that come, go, move and change."""

from __future__ import annotations

from espalier.blueprint.names import label, words
from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, Tree, many, one, told, value

DATED = ("date", "datetime")
FAQS = (
    ("How can I reach you?", "By phone in the morning or by email at any time."), ("What does it cost?", "You see the price before you send anything."),
    ("Can I cancel?", "Yes. Tell us one day before."), ("Do I need an account?", "Only if you want to see what you sent."), ("Who can see my data?", "Only the people who work on it."),
    ("Are children welcome?", "Yes, with somebody who looks after them."), ("Where can I park?", "Behind the house, on the left."), ("How fast do you answer?", "Within two working days."),
)  # fmt: skip
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


def _put(case: Case, page: str, block: Tree, first: bool = False) -> None:
    blocks = case.tree["pages"][page]
    case.tree["pages"][page] = [block, *blocks] if first else [*blocks, block]


def _where(case: Case, entity: str) -> tuple[str, str] | None:
    """A page that shows the entity already: its key and its name."""
    found = case.blocks_of(entity)
    if not found:
        return None
    key = case.pick(found)[0]
    if key.lower().startswith("each "):
        return None
    return key, next(page.name for page in case.blueprint.page_list if page.key == key)


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
        if field.kind in wanted and not field.many and not (kind == "board" and field.computed)
    ]
    if not options:
        return None
    field = case.pick(options)
    return f"{entity} by {field.name}", words(field.name)


def add_block(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    where = _where(case, entity) if entity else None
    kind = case.pick(("calendar", "calendar", "board", "timeline", "map", "leaderboard", "progress"))
    found = _block(case, entity, kind) if entity and where else None
    if not entity or not where or not found or case.blocks_of(entity, kind):
        return None
    of, by = found
    _put(case, where[0], {kind: of})
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
    where = _where(case, entity) if entity else None
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
    _put(case, where[0], {"chart": f"{shape} {what} by {by}"})
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
        where = _where(case, entity)
        if not where:
            return None
        page = where[0]
        _put(case, page, {"stats": {name: figure}}, first=True)
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


def content(case: Case) -> Change | None:
    """Words for visitors, on a page that they may open."""
    case = case.fresh()
    page = next((page for page in case.blueprint.page_list if page.who is None and not page.each), None)
    if page is None:
        return None
    kind = case.pick(("faq", "contact", "newsletter", "banner", "features", "footer"))
    if any(kind in block for _, _, block in case.blocks()):
        return None
    match kind:
        case "faq":
            block: Tree = {"faq": dict(case.rng.sample(FAQS, case.rng.randint(2, 3)))}
            said = told(
                case,
                "add [a small |an |]FAQ to {page}",
                "answer a few frequently asked questions on {page}",
                page=page.name,
            )
        case "contact":
            phone = f"555 0{case.rng.randint(100, 199)}"
            block = {"contact": case.pick(("Find us", "Contact", "Get in touch")), "phone": phone}
            said = told(
                case,
                "put our phone number {phone} on {page}",
                "show how to reach us on {page}: {phone}",
                "add contact details ({phone}) to {page}",
                phone=phone,
                page=page.name,
            )
        case "newsletter":
            block = {"newsletter": case.pick(("News once a month", "Stay in touch", "Hear from us first"))}
            said = told(
                case,
                "add a newsletter sign-up to {page}",
                "people should be able to subscribe to our newsletter on {page}",
                page=page.name,
            )
        case "banner":
            words_of = case.pick(
                (
                    "We are closed on public holidays",
                    "New opening hours from Monday",
                    "Open day this Saturday",
                    "Closed in August",
                    "We are looking for helpers",
                )
            )
            block = {"banner": words_of}
            said = told(
                case,
                "put a banner on {page}: {words}",
                'show "{words}" as a banner on {page}',
                "add a notice [to|on] {page}: {words}",
                words=words_of,
                page=page.name,
            )
        case "features":
            points = case.rng.sample(
                (
                    ("Quick", "An answer within a day"),
                    ("Local", "We live around the corner"),
                    ("Fair", "One price for everybody"),
                    ("Careful", "We take the time it needs"),
                    ("Open", "Ask us anything"),
                    ("Simple", "No forms in triplicate"),
                ),
                3,
            )
            block = {"features": dict(points)}
            said = told(
                case,
                "show our three strong points on {page}: {points}",
                "add a section to {page} with {points}",
                points=", ".join(f"{head} ({text[0].lower()}{text[1:]})" for head, text in points),
                page=page.name,
            )
        case _:
            text = f"{case.tree['app']}, {case.pick(('made with care', 'since 2009', 'open all year', 'a family business'))}"
            block = {"footer": text}
            said = told(
                case,
                'put "{text}" in the footer of {page}',
                "add a footer to {page}: {text}",
                text=text,
                page=page.name,
            )
    _put(case, page.key, block, first=kind == "banner")
    return Change(said, case.tree, needs=(need("block", any=(kind,)),))


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
    where = _where(case, entity) if entity else None
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


def words_of_hero(case: Case) -> Change | None:
    case = case.fresh()
    heroes = [block for _, _, block in case.blocks() if "hero" in block]
    if not heroes:
        return None
    block = case.pick(heroes)
    new = case.pick(
        (
            "Come as you are",
            "Good things take time",
            "Made for people like you",
            "It starts with a click",
            "Welcome to our place",
            "Slow and well done",
            "Here since 1998",
            "Ask us first",
            "All in one place",
            "Small place, big heart",
        )
    )
    if block["hero"] == new:
        return None
    block["hero"] = new
    return Change(
        told(
            case,
            'the [big |]heading on the start page should be "{new}"',
            'change the headline to "{new}"',
            "write {new} as the big heading",
            'replace the heading with "{new}"',
            new=new,
        ),
        case.tree,
        needs=(need("text", like=Like.of(new)),),
    )


CHANGES: tuple[tuple[Maker, float], ...] = ((add_block, 2.5), (add_chart, 2), (add_figure, 1.8), (content, 1.8), (remove_block, 1.5), (rename_page, 1.5), (add_page, 1.5), (remove_page, 0.8), (arrange, 3), (other_way, 1.2), (words_of_hero, 0.6))  # fmt: skip
