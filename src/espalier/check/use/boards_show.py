"""Do boards, calendars, rankings and bars put every record where the data says it belongs?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks.board import Board
from espalier.blueprint.blocks.calendar import Calendar
from espalier.blueprint.blocks.leaderboard import Leaderboard
from espalier.blueprint.blocks.progress import Progress

from ..checks import check
from ..report import Finding, fine, wrong
from .covered import covered
from .drawn import drawn
from .told import AT_THE_END, records_in, section

if TYPE_CHECKING:
    from ..subject import Subject
    from ..world import Row, View

MOST_ON_A_BOARD = 300
MOST_BARS = 24
RANKED = 10


@check("use", weight=2, order=-20)
def boards_show(subject: Subject) -> Iterator[Finding]:
    """Boards, calendars, rankings and bars hold the records they should, each in its place."""
    for one in drawn(subject):
        if one.page is None or one.answer.status != 200:
            continue
        view = subject.world.of(one.who)
        for at, block in enumerate(one.page.blocks):
            if not isinstance(block, Board | Calendar | Leaderboard | Progress):
                continue
            if not view.holds(block.shown, one.page.each, one.this and one.this[1]):
                continue
            by = str(subject.blueprint.meaning.by(block) or "")
            entity = block.source.entity
            where = f"{one.where} > {at + 1} {block.kind} {entity}"
            if by and "." not in by and view.sees(entity, by) is False:
                continue  # not for them
            node = section(one, one.page, at)
            if node is None:
                yield wrong(where, "the block is not on the page")
                continue
            rows = covered(view, block, entity, one.this)
            match block:
                case Board():
                    said = _board(view, block, entity, by, rows, node)
                case Calendar():
                    said = _calendar(view, block, entity, by, rows, node)
                case Leaderboard():
                    said = _ranking(view, block, entity, by, rows, node)
                case _:
                    said = _bars(view, block, entity, by, rows, node)
            yield wrong(where, said) if said else fine(where)


def _board(view: View, block: Board, entity: str, by: str, rows: list[Row], node: Any) -> str:
    """Every card in its column."""
    if len(rows) > min(block.limit or MOST_ON_A_BOARD, MOST_ON_A_BOARD):
        return ""
    right: dict[str, set[int]] = defaultdict(set)
    field = view.world.place(entity, by)
    for row in rows:
        value = view.at(entity, row, by)
        if field is not None and field.kind == "bool":
            value = "true" if value else "false"
        right["" if value is None else str(value)].add(row["id"])
    said = {
        column.attributes.get("data-value") or "": {
            int(card.attributes.get("data-id") or 0) for card in column.css("article.ticket")
        }
        for column in node.css(".column-cards")
    }
    for value, ids in right.items():
        if said.get(value, set()) != ids:
            return f"column {value or 'without'} holds {len(said.get(value, ()))} records, the data says {len(ids)}"
    extra = sum(len(ids) for ids in said.values()) - len(rows)
    counts = [int(head.text()) for head in node.css("[data-count]")]
    if counts != [len(ids) for ids in said.values()]:
        return f"the heads of its columns say {counts}"
    return f"holds {extra} records that do not belong there" if extra else ""


def _calendar(view: View, block: Calendar, entity: str, by: str, rows: list[Row], node: Any) -> str:
    """Every record on its days, of those that the month shows."""
    said: dict[date, Counter[int]] = {}
    for cell in node.css("table.calendar td"):
        time = cell.css_first("time.calendar-day")
        day = date.fromisoformat((time.attributes.get("datetime") if time is not None else "") or "0001-01-01")
        urls = [each.attributes.get("href") or "" for each in cell.css("a.calendar-event")]
        said[day] = Counter(int(found[1]) for url in urls if (found := AT_THE_END.search(url)))
    right: dict[date, Counter[int]] = {day: Counter() for day in said}
    until = str(block.until) if block.until else ""
    for row in rows:
        for day in _days(view.at(entity, row, by), view.at(entity, row, until) if until else None):
            if day in right:
                right[day][row["id"]] += 1
    for day, ids in right.items():
        if said[day] != ids:
            return f"{day} holds {sum(said[day].values())} records, the data says {sum(ids.values())}"
    return ""


def _days(begins: Any, ends: Any) -> list[date]:
    """The days of a record; until midnight is until the evening before."""
    if begins is None:
        return []
    first = begins.date() if isinstance(begins, datetime) else begins
    last = first if ends is None else ends.date() if isinstance(ends, datetime) else ends
    if isinstance(ends, datetime) and ends.hour == ends.minute == ends.second == 0 and last > first:
        last -= timedelta(days=1)
    return [first + timedelta(days=at) for at in range(min(max(0, (last - first).days), 370) + 1)]


def _ranking(view: View, block: Leaderboard, entity: str, by: str, rows: list[Row], node: Any) -> str:
    """The best first, those that are alike on one rank."""
    values = {row["id"]: value for row in rows if (value := view.at(entity, row, by)) is not None}
    best = sorted(values.values(), reverse=block.best != "lowest")[: block.limit or RANKED]
    shown = records_in(node, "leaderboard")[: block.limit or RANKED]
    ranks = [int(place.attributes.get("value") or 0) for place in node.css("li.place")][: len(shown)]
    if strange := [id for id in shown if id not in values]:
        return f"ranks {entity} {strange[0]}, which does not belong there"
    if [values[id] for id in shown] != best:
        return f"ranks {[values[id] for id in shown][:6]}, the data says {best[:6]}"
    if ranks != [best.index(value) + 1 for value in best]:
        return f"gives the ranks {ranks[:6]}"
    return ""


def _bars(view: View, block: Progress, entity: str, by: str, rows: list[Row], node: Any) -> str:
    """Bars as long as the value, or the number of records."""
    field = view.world.place(entity, by) if by else None
    if field is None or field.kind in ("bool", "choice"):
        strong = node.css_first(".share-number")
        words = strong.text().split() if strong is not None else []
        if not rows:
            return ""
        done = (
            sum(1 for row in rows if view.at(entity, row, by)) if field is not None and field.kind == "bool" else None
        )
        if len(words) < 3 or words[2] != str(len(rows)) or (done is not None and words[0] != str(done)):
            return f"says {' '.join(words)!r}, the data says {done if done is not None else ''} of {len(rows)}"
        return ""
    shown = records_in(node, "progress")
    most = min(MOST_BARS, block.limit) if block.limit else MOST_BARS
    if len(shown) != min(len(rows), most) or set(shown) - {row["id"] for row in rows}:
        return f"shows {len(shown)} records where there are {len(rows)}"
    by_id = {row["id"]: row for row in rows}
    factor = 100 if field.kind == "money" else 1
    for id, bar in zip(shown, node.css("progress"), strict=True):
        value = (view.at(entity, by_id[id], by) or 0) / factor
        said, full = float(bar.attributes.get("value") or 0), float(bar.attributes.get("max") or 0)
        if said < full and abs(said - max(0, value)) > 1e-3 * max(1, abs(value)):
            return f"the bar of {entity} {id} stands at {said:g}, the data says {value:g}"
    return ""
