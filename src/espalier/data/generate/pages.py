"""The pages of an app by its audience: who meets what, in which block. Says what is unusual to the draft."""

from __future__ import annotations

from typing import Any

from espalier.blueprint.names import label
from espalier.check.words import Like

from .draft import Draft, EntityDraft, FieldDraft
from .needs import need
from .people import guests, staff, workers

Tree = dict[str, Any]
BOOK = {"request": "Request", "order": "Order", "signup": "Sign up", "inbox": "Contact", "mine": "My {many}", "review": "Reviews",
        "post": "{Many}", "idea": "Ideas"}  # fmt: skip
# Numbers of which the average means something and the sum nothing.
AVERAGED = (
    "temperature degrees score strength upper effort feeling impression rating oxygen sugar deviation ph pulse focus percent weight frames top_ quality hours_slept"
).split()
# Blocks by which somebody who may can make a record.
MAKERS = ("form", "wizard", "table", "board", "booking", "shop", "calendar")


def lay_out(draft: Draft) -> None:
    """Fill in the pages."""
    {"site": _site, "team": _team, "own": _own, "club": _club}[draft.audience](draft)
    _make_everything(draft)


def _make_everything(draft: Draft) -> None:
    """Every kind of record can be made on some page: where it is only listed, a form stands below."""
    for entity in draft.entities.values():
        if entity.function == "line":
            continue
        where = ""
        for page, blocks in draft.tree["pages"].items():
            for block in blocks:
                kind, of = next(iter(block.items()))
                if str(of).split(" by ")[0] == entity.name:
                    where = where or page
                    if kind in MAKERS:
                        break
            else:
                continue
            break
        else:
            if where:
                draft.tree["pages"][where].append({"form": entity.name, "title": f"New {entity.words}"})


# --- blocks -----------------------------------------------------------------------------------------------------------


def show(draft: Draft, entity: EntityDraft, kind: str = "") -> Tree:
    """A list of records in a way that suits them."""
    picture = entity.first("image")
    if not kind:
        kinds = (
            ["cards", "cards", "cards", "list"]
            if draft.audience in ("site", "club", "own")
            else ["table", "table", "cards"]
        )
        if draft.plain:
            kinds = kinds[:1]
        kind = "gallery" if picture and draft.chance(0.3) else draft.pick(kinds)
    block: Tree = {kind: entity.name}
    many = len(entity.fields) > 5
    if many and kind in ("table", "cards") and draft.chance(0.4):
        block["show"] = [one.name for one in entity.fields.values() if one.kind.kind not in ("long", "file", "json")][
            : draft.rng.randint(3, 6)
        ]
    choice = next((one for one in entity.fields.values() if one.choices and not one.kind.flow), None)
    if choice and kind in ("table", "cards") and draft.chance(0.4):
        filters = [
            one.name
            for one in entity.fields.values()
            if (one.choices and not one.kind.flow) or one.kind.target in draft.entities
        ]
        block["filter"] = filters[: draft.rng.randint(1, 2)]
        _tell_filter(draft, entity, block["filter"])
    return block


def _tell_filter(draft: Draft, entity: EntityDraft, names: list[str]) -> None:
    words = [next(one.words for one in entity.fields.values() if one.name == name) for name in names]
    draft.tell(
        "filter",
        need("block", any=("table", "cards", "list", "gallery", "search"), entity=draft.like(entity), filter=tuple(Like.of(w) for w in words)),
        about=entity.kind.key, entities=entity.many, fields=" and ".join(words),
    )  # fmt: skip


def form(draft: Draft, entity: EntityDraft, title: str = "") -> Tree:
    """A form in which such a record is made."""
    typed = [
        one
        for one in entity.fields.values()
        if not one.kind.computed and not one.kind.flow and one.kind.kind != "marks"
    ]
    block: Tree = {"form": entity.name}
    if title:
        block["title"] = title
    if len(typed) < len([one for one in entity.fields.values() if not one.kind.computed]) and draft.chance(0.35):
        block["show"] = [one.name for one in typed]
    return block


def stats(draft: Draft, entities: list[EntityDraft], most: int = 3) -> Tree | None:
    """Figures that matter: what is open, what comes to."""
    lines: dict[str, str] = {}
    for entity in entities:
        flow = entity.flow
        if flow:
            state = flow.choices[0]
            title = label(state) if state.lower() in entity.many else f"{label(state)} {entity.many}"
            lines[title] = f"count({entity.name} where {flow.name} = {_quoted(state)})"
        elif entity.function in ("thing", "people", "product", "mine"):
            lines[label(entity.many)] = f"count({entity.name})"
        value = entity.fields.get(entity.kind.value)
        if value:
            how = how_added(value)
            lines[f"{'Total' if how == 'sum' else 'Average'} {value.words}"] = f"{how}({entity.name}.{value.name})"
    if not lines:
        return None
    return {"stats": dict(list(lines.items())[:most])}


def how_added(value: FieldDraft) -> str:
    """Money and amounts are added up; of measurements the average means something."""
    return "avg" if value.kind.kind != "money" and value.key_in(AVERAGED) else "sum"


def _quoted(choice: str) -> str:
    return choice if choice.replace(" ", "").isalpha() else f'"{choice}"'


def tell_block(draft: Draft, kind: str, entity: EntityDraft, *, must: bool = True, **slots: str) -> None:
    """Let the prompt ask for a block of an entity."""
    draft.tell(kind, need("block", any=(kind,), entity=draft.like(entity)), must=must, about=entity.kind.key, entities=entity.many, entity=entity.words, **slots)  # fmt: skip


def board(draft: Draft, entity: EntityDraft) -> Tree | None:
    flow = entity.flow
    if not flow:
        return None
    tell_block(draft, "board", entity, must=False, field=flow.words)
    return {"board": f"{entity.name} by {flow.name}"}


def calendar(draft: Draft, entity: EntityDraft) -> Tree | None:
    day = entity.day
    if not day:
        return None
    tell_block(draft, "calendar", entity, field=day.words)
    return {"calendar": f"{entity.name} by {day.name}"}


def chart(draft: Draft, entity: EntityDraft) -> Tree | None:
    """A chart of an entity by what divides it."""
    keys = [
        one
        for one in entity.fields.values()
        if one.choices or (one.kind.kind == "reference" and one.kind.target in draft.entities)
    ]
    value = entity.fields.get(entity.kind.value)
    if value and entity.day and draft.chance(0.5):
        how = how_added(value)
        period = draft.pick(("week", "month", "month"))
        by, words_by, shape = f"{period}({entity.day.name})", period, draft.pick(("line", "bar"))
    elif keys:
        key = draft.pick(keys)
        by, words_by, how = key.name, key.words, how_added(value) if value else "sum"
        shape = draft.pick(("bar", "pie", "donut")) if key.choices else "bar"
    else:
        return None
    if value and (words_by in ("week", "month") or draft.chance(0.6)):
        what, words_what = f"{how}({entity.name}.{value.name})", f"{'average ' if how == 'avg' else ''}{value.words}"
    else:
        what, words_what = entity.name, f"number of {entity.many}" if draft.chance(0.4) else entity.many
    drawing = f"{shape} {what} by {by}"
    draft.tell("chart", need("block", any=("chart",), entity=draft.like(entity)), must=True, about=entity.kind.key, what=words_what, by=words_by, shape=shape)  # fmt: skip
    return {"chart": drawing}


# --- audiences --------------------------------------------------------------------------------------------------------


def _page_of(draft: Draft, entity: EntityDraft) -> str:
    said = entity.kind.page or BOOK.get(entity.function, "{Many}")
    return said.replace("{many}", entity.many).replace("{Many}", label(entity.many))


def _site(draft: Draft) -> None:
    run, ask = staff(draft), guests(draft)
    here = ask if ask != "anyone" else ""
    asked = draft.of("request", "order", "signup")
    shown = draft.of("thing", "product")
    first = next(iter(asked), None)
    home: list[Tree | None] = []
    if draft.domain.hero and draft.chance(0.85):
        title, text = draft.pick(draft.domain.hero)
        hero: Tree = {"hero": title}
        if draft.chance(0.7):
            hero["text"] = text
        if first and draft.chance(0.8):
            page = _page_of(draft, first)
            hero["button"] = f"{draft.pick((page, f'{page} now', 'Start here'))} -> {page}"
        home.append(hero)
    home += [show(draft, one) for one in shown[:2]]
    events = list(draft.of("event"))
    for one in events:
        block = calendar(draft, one) if draft.chance(0.3) else None
        day = one.day
        listed: Tree = {"cards": one.name}
        if day:
            listed |= {"where": f"{day.name} >= today", "sort": day.name}
        home.append(block or listed)
    for one in draft.of("news"):
        home.append({"list": one.name, "title": label(one.many), "sort": "-created", "limit": draft.rng.randint(2, 5)})
    draft.add_page("Home", "", home)
    for one in draft.of("mine"):
        draft.add_page(_page_of(draft, one), here, [form(draft, one), show(draft, one, draft.pick(("cards", "list")))])
    for one in asked:
        blocks: list[Tree | None] = [_ask_for(draft, one)]
        if here:
            blocks.append({"list": one.name, "title": f"My {one.many}"})
        draft.add_page(_page_of(draft, one), here, blocks)
    for one in draft.of("review"):
        draft.add_page(_page_of(draft, one), "", [{"list": one.name, "sort": "-created"}, form(draft, one)])
        draft.tell("reviews", need("flow", name="reviews"), must=True, about=one.kind.key, entities=one.many)
    for one in draft.of("post", "idea"):
        draft.add_page(_page_of(draft, one), "", [show(draft, one), form(draft, one)])
    for one in draft.of("inbox"):
        draft.add_page(_page_of(draft, one), "", [form(draft, one)])
        draft.tell("inbox", need("entity", like=draft.like(one), **{"or": [need("entity", like=Like.of("message"))]}), must=True, about=one.kind.key, entities=one.many)  # fmt: skip
    desk: list[Tree | None] = [stats(draft, asked + draft.of("record"))]
    for one in asked + draft.of("record"):
        ways = [board(draft, one) if draft.chance(0.5) else None, calendar(draft, one) if draft.chance(0.25) else None]
        desk += ways if any(ways) else [{"table": one.name}]
    draft.add_page(draft.usual("Desk", "Office", "Dashboard"), run, desk)
    rest = [one for one in draft.entities.values() if one.function in ("people", "log", "inbox", "doc", "task", "mine")]
    manage: list[Tree | None] = [{"table": one.name} for one in rest]
    manage += [{"table": one.name} for one in shown + events + draft.of("news")]
    if draft.size >= 2 and draft.chance(0.4):
        manage.append(_some_chart(draft))
    draft.add_page(draft.usual("Manage", "Records", "Lists"), run, manage)


def _ask_for(draft: Draft, entity: EntityDraft) -> Tree:
    typed = [one for one in entity.fields.values() if not one.kind.computed and not one.kind.flow]
    if entity.function == "request" and len(typed) >= 6 and draft.chance(0.25):
        draft.tell(
            "wizard",
            need("block", any=("wizard",), entity=draft.like(entity)),
            must=True,
            about=entity.kind.key,
            entity=entity.words,
        )
        half = len(typed) // 2
        return {
            "wizard": entity.name,
            "steps": {"The basics": [one.name for one in typed[:half]], "Details": [one.name for one in typed[half:]]},
        }
    return form(draft, entity, draft.pick(("", "", f"New {entity.words}")))


def _some_chart(draft: Draft) -> Tree | None:
    order = [one for one in draft.entities.values() if one.function in ("log", "request", "record", "order", "task")]
    for one in order or list(draft.entities.values()):
        found = chart(draft, one)
        if found:
            return found
    return None


def _team(draft: Draft) -> None:
    run, work = staff(draft), workers(draft)
    user = "user"
    records = draft.of("record", "order", "task", "request")
    logs = draft.of("log", "post", "review", "signup", "mine")
    things = draft.of("thing", "product", "people", "event")
    main = records[:1] or logs[:1] or things[:1]
    first: list[Tree | None] = [stats(draft, records + logs + things) if draft.chance(0.7) else None]
    for one in main:
        first.append((board(draft, one) if one.flow and draft.chance(0.6) else None) or show(draft, one, "table"))
    draft.add_page(draft.usual("Overview", label(main[0].many), "Today"), user, first)
    done = {id(one) for one in main}
    for one in [*records, *logs, *things]:
        if id(one) in done and one.function not in ("log", "request"):
            continue
        blocks: list[Tree | None] = []
        makes = one.function in ("log", "request", "task", "signup", "mine", "post")
        if makes:
            blocks.append(form(draft, one))
        if one.day and one.function in ("event", "task", "request", "record") and draft.chance(0.6):
            blocks.append(calendar(draft, one))
        if id(one) not in done:
            blocks.append(show(draft, one))
        name = label(one.many)
        if any(key.startswith(f"{name} (") for key in draft.tree.get("pages", {})):
            name = f"New {one.words}"
        draft.add_page(name, work if one.function == "log" and "staff" in draft.roles else user, blocks)
    for one in draft.of("news", "idea", "doc", "inbox"):
        if one.function == "idea":
            draft.tell("votes", need("flow", name="follow"), must=True, about=one.kind.key, entities=one.many)
        sort = {"idea": "-votes"}.get(one.function, "-created")
        draft.add_page(
            label(one.many),
            user,
            [
                {"list" if one.function != "doc" else "table": one.name, "sort": sort},
                form(draft, one) if one.function == "idea" else None,
            ],
        )
    if draft.size >= 2 and draft.chance(0.6):
        report: list[Tree | None] = [_some_chart(draft)]
        if draft.chance(0.4):
            report.append(stats(draft, logs + things))
        if not (len(report) > 1 and report[1] == first[0]):
            draft.add_page(draft.usual("Reports", "Figures", "Numbers"), run, report)
        else:
            draft.add_page("Reports", run, report[:1])


def _own(draft: Draft) -> None:
    logs = draft.of("log", "record", "task", "request", "order")
    things = [one for one in draft.entities.values() if one not in logs]
    first: list[Tree | None] = []
    for one in logs[:1]:
        first += [
            form(draft, one) if draft.chance(0.7) else None,
            show(draft, one, draft.pick(("list", "table", "table"))),
        ]
    if not logs:
        first.append(show(draft, things[0]))
        things = things[1:]
    if draft.chance(0.5):
        first.insert(0, stats(draft, logs + things))
    draft.add_page(draft.usual("Today", "Log", "Diary", "Overview"), "user", first)
    for one in things:
        draft.add_page(label(one.many), "user", [show(draft, one)])
    for one in logs[1:]:
        draft.add_page(label(one.many), "user", [calendar(draft, one) if draft.chance(0.3) else None, show(draft, one)])
    if draft.size >= 2 and draft.chance(0.6):
        draft.add_page(
            draft.usual("Progress", "Looking back", "History"),
            "user",
            [_some_chart(draft), calendar(draft, logs[0]) if logs and draft.chance(0.4) else None],
        )


def _club(draft: Draft) -> None:
    home: list[Tree | None] = []
    open_home = draft.chance(0.4) and draft.domain.hero
    if open_home:
        title, text = draft.pick(draft.domain.hero)
        draft.add_page("Welcome", "", [{"hero": title, "text": text}])
    for one in draft.of("news"):
        home.append({"list": one.name, "sort": "-created", "limit": 3})
    lead = draft.lead
    home.append(show(draft, lead))
    draft.add_page(label(lead.many), "user", home)
    for one in draft.of("event"):
        if one is not lead:
            way = calendar(draft, one) if draft.chance(0.5) else None
            listed: Tree = (
                {"cards": one.name, "where": f"{one.day.name} >= today", "sort": one.day.name}
                if one.day
                else {"cards": one.name}
            )
            draft.add_page(label(one.many), "user", [way, listed])
    for one in draft.entities.values():
        if one is lead or one.function in ("event", "news", "line"):
            continue
        if one.function == "idea":
            draft.tell("votes", need("flow", name="follow"), must=True, about=one.kind.key, entities=one.many)
        makes = one.function in ("post", "request", "log", "idea", "signup", "review", "mine")
        draft.add_page(label(one.many), "user", [form(draft, one) if makes else None, show(draft, one)])
    if draft.size >= 3 and draft.chance(0.4):
        draft.add_page("Figures", "user", [_some_chart(draft)])
