"""Other ways to see records: on a map, a timeline, a page of their own."""

from __future__ import annotations

from ..draft import Draft
from ..needs import need
from ..pages import how_added, tell_block
from .base import page_with, quoted


def on_map(draft: Draft) -> bool:
    for entity in draft.entities.values():
        place = entity.first("location")
        if place and draft.tree["pages"]:
            page = page_with(draft, entity)
            if page:
                draft.tree["pages"][page].append({"map": f"{entity.name} by {place.name}"})
                tell_block(draft, "map", entity)
                return True
    return False


def search(draft: Draft) -> bool:
    for entity in draft.of("thing", "people", "product"):
        page = page_with(draft, entity)
        if page and entity.first("text"):
            blocks = draft.tree["pages"][page]
            at = next(at for at, block in enumerate(blocks) if entity.name in block.values())
            blocks.insert(at, {"search": entity.name})
            tell_block(draft, "search", entity)
            return True
    return False


def leaderboard(draft: Draft) -> bool:
    for entity in draft.of("thing", "idea", "people"):
        votes = entity.first("marks", "rating", "int", "number")
        page = page_with(draft, entity)
        if votes and page and entity.function == "idea":
            draft.tree["pages"][page].append({"leaderboard": f"{entity.name} by {votes.name}"})
            tell_block(draft, "leaderboard", entity, field=votes.words)
            return True
    return False


def timeline(draft: Draft) -> bool:
    for entity in draft.of("log", "event"):
        if entity.day:
            for page, blocks in draft.tree["pages"].items():
                if any(value == entity.name for block in blocks for value in block.values()):
                    draft.tree["pages"][page].append({"timeline": f"{entity.name} by {entity.day.name}"})
                    tell_block(draft, "timeline", entity)
                    return True
    return False


def page_of_each(draft: Draft) -> bool:
    """A page for every record of a kind, with what belongs to it."""
    if draft.audience == "site":
        return False
    for entity in draft.of("thing", "people"):
        parts = [other for other in draft.of("log", "record", "task") if draft.reference(other, entity)]
        if not parts:
            continue
        part = parts[0]
        blocks: list[dict[str, object]] = [{"detail": entity.name}]
        if draft.chance(0.4):
            blocks.append({"form": part.name})
        day = part.day
        blocks.append({"table": part.name, **({"sort": f"-{day.name}"} if day and draft.chance(0.6) else {})})
        draft.tree["pages"][f"Each {entity.name}"] = blocks
        draft.tell(
            "page_of_each", need("block", any=("detail",), entity=draft.like(entity)), must=True, about=entity.kind.key, entity=entity.words,
            entities=entity.many, parts=part.many,
        )  # fmt: skip
        return True
    return False


def compare(draft: Draft) -> bool:
    """Records side by side."""
    for entity in draft.of("product", "thing"):
        fields = [
            one for one in entity.fields.values() if one.kind.kind not in ("long", "image", "file", "json", "location")
        ]
        if len(fields) < 4 or draft.audience not in ("site", "own"):
            continue
        shown = [one.name for one in fields[1:6]]
        who = "user" if draft.audience == "own" else ""
        draft.add_page("Compare", who, [{"compare": entity.name, "show": shown}])
        draft.tell(
            "compare",
            need("block", any=("compare",), entity=draft.like(entity)),
            must=True,
            about=entity.kind.key,
            entities=entity.many,
        )
        return True
    return False


def progress(draft: Draft) -> bool:
    """How far things have come."""
    for entity in draft.entities.values():
        page = page_with(draft, entity)
        keys = entity.fields
        pair = next(((keys[have], keys[want]) for have, want in PROGRESS if have in keys and want in keys), None)
        share = entity.first("percent") if entity.function in ("task", "record") else None
        shown = pair[0] if pair else share
        if not page or not shown:
            continue
        block: dict[str, object] = {"progress": f"{entity.name} by {shown.name}"}
        if pair:
            block["target"] = pair[1].name
        draft.tree["pages"][page].append(block)
        tell_block(draft, "progress", entity, field=shown.words)
        return True
    return False


def figures(draft: Draft) -> bool:
    """One more figure, that the prompt asks for."""
    for entity in draft.of("log", "record", "task", "order", "request"):
        page = next(
            (page for page, blocks in draft.tree["pages"].items() if any("stats" in block for block in blocks)), None
        )
        if not page:
            return False
        day, flow, value = entity.day, entity.flow, entity.fields.get(entity.kind.value)
        if value and day and draft.chance(0.5):
            how = how_added(value)
            period = draft.pick(("week", "month", "year"))
            label_of, figure = (
                f"{value.words.capitalize()} this {period}",
                f"{how}({entity.name}.{value.name} where {period}({day.name}) = {period}(today))",
            )
            said = f"{'average ' if how == 'avg' else ''}{value.words} this {period}"
        elif day and entity.kind.remind == day.kind.key:
            rest = (
                f" and {flow.name} != {quoted(flow.choices[len(flow.choices) - flow.kind.exits - 1])}" if flow else ""
            )
            label_of, figure, said = (
                f"Overdue {entity.many}",
                f"count({entity.name} where {day.name} < today{rest})",
                f"how many {entity.many} are overdue",
            )
        elif flow:
            state = draft.pick(flow.choices[1:])
            label_of, figure, said = (
                f"{state} {entity.many}",
                f"count({entity.name} where {flow.name} = {quoted(state)})",
                f"how many {entity.many} are {state.lower()}",
            )
        else:
            continue
        block = next(block for block in draft.tree["pages"][page] if "stats" in block)
        if figure in block["stats"].values():
            continue
        block["stats"] = {**block["stats"], label_of: figure}
        draft.tell(
            "figures",
            need("block", any=("stats",), figures=(figure,)),
            must=True,
            about=entity.kind.key,
            what=said,
            page=page.partition(" (")[0],
        )
        return True
    return False


PROGRESS = (("saved", "wanted"), ("words", "words_wanted"))
WAYS = (on_map, search, leaderboard, timeline, page_of_each, page_of_each, compare, progress, figures, figures)
