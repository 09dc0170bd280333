"""Seed rows: written with ` | `, and dates that only say "soon" or "lately" made relative, so that they never go stale."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from .tree import Tree, entity_type, fields_of, is_computed

DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::\d\d)?)?$")

# Dates that are facts about the past: they stay as they are.
HISTORIC = re.compile(
    r"birthday|born|died|founded|built|since|installed|bought|acquired|joined|opened|made|first_seen|released|year"
    r"|published|issued|registered|hired|planted|laid|passed|valid_from|hatched|adopted|in_force|employed|started_on"
)
PAST = re.compile(
    r"checked|set_on|given|taken|seen|visited|paid|done|spent|found|written|played|finished|watched|logged|measured|last|sold|harvest|fed"
    r"|sent|received|happened|arrived|went|tested|read|eaten|cleaned|sown|reported|posted|picked|caught|moment|night"
)
LOGS = re.compile(
    r"Reading|Entry|Coin|Log|Expense|Cost|Income|Payment|Sale|^Day$|Result|Check$|CheckIn|Measurement|Observation|Milking"
    r"|Harvest|Rainfall|Workout|Practice|Run$|Hike|Dive|Dream|Sighting|Post|News|Article|Inspection|Weigh|Score|Shift"
    r"|Sample|Episode|Update|Devlog|Video|Story|Bake|Feeding|Transaction|Invoice|Flight|Dividend|Season|Update|Bulletin"
)
DONE = re.compile(
    r"Done|Finished|Paid|Completed|Returned|Played|Closed|Sent|Delivered|Held|Taught|Sold|Released|Archived|Reached|Over"
    r"|Resolved|Fixed|Back|Collected|Won|Drawn|Lost|Shipped|.* won"
)
LATEST_FACT = 2023


def row(values: list[Any], names: list[str]) -> str:
    """One row in the order of the typed-in fields. Lists become values divided by commas, null an empty place."""
    places = [", ".join(value) if isinstance(value, list) else value for value in values]
    places = ["" if place in ("null", "~", "None") else " ".join(place.split()) for place in places]
    while places and places[-1] == "":
        places.pop()
    return " | ".join(places)


def relative_dates(document: Tree) -> None:
    """Replace sample dates by relative ones; the distances within one field stay, if they are not too long."""
    for name, rows in document.get("seed", {}).items():
        entity = document["data"][name]
        typed = [field for field in fields_of(entity) if not is_computed(entity, field)]
        cells = [line.split(" | ") for line in rows]
        spans = [field for field in typed if entity_type(entity[field]) in ("date", "datetime")]
        if not spans:
            continue
        first = spans[0]
        anchors: dict[int, int] = {}
        anchor_days: dict[int, date] = {}
        for field in spans:
            if HISTORIC.search(field) and not re.search(r"last|next|until", field):
                continue
            place = typed.index(field)
            found = {
                number: date.fromisoformat(match[1])
                for number, cell in enumerate(cells)
                if place < len(cell) and (match := DATE.match(cell[place]))
            }
            found = {number: day for number, day in found.items() if day.year > LATEST_FACT}
            if not found:
                continue
            if field != first and anchors and set(found) <= set(anchors):
                # A second date of the same rows (arrive and leave) keeps its distance from the first.
                offsets = {number: anchors[number] + (day - anchor_days[number]).days for number, day in found.items()}
            else:
                past = [n for n in found if is_past(name, field, cells[n])]
                offsets = spread({n: d for n, d in found.items() if n in past}, past=True)
                offsets |= spread({n: d for n, d in found.items() if n not in past}, past=False)
                anchors, anchor_days = offsets, found
            for number, offset in offsets.items():
                time = DATE.match(cells[number][place])[2]  # type: ignore[index]
                cells[number][place] = spoken(offset) + (f" {time}" if time else "")
        document["seed"][name] = [" | ".join(cell) for cell in cells]


def is_past(entity: str, field: str, cells: list[str]) -> bool:
    if PAST.search(field) and not re.search(r"next|until", field):
        return True
    if re.search(r"next|until|due|expires|ends|renews|deadline|closes|leave|back", field):
        return False
    if field == "starts":
        return any(DONE.fullmatch(cell) for cell in cells)
    return bool(LOGS.search(entity)) or any(DONE.fullmatch(cell) for cell in cells)


def spread(days: dict[int, date], past: bool) -> dict[int, int]:
    """Offsets in days from today, with gaps of a month at most."""
    if not days:
        return {}
    order = sorted(set(days.values()), reverse=past)
    offset, offsets = (-1 if past else 2), {}
    for number, day in enumerate(order):
        if number:
            gap = min(abs((day - order[number - 1]).days), 31)
            offset += -gap if past else gap
        offsets[day] = offset
    return {number: offsets[day] for number, day in days.items()}


def spoken(offset: int) -> str:
    if offset == 0:
        return "today"
    sign, size = ("+" if offset > 0 else "-"), abs(offset)
    if size >= 45:
        count, unit = round(size / 30), "month"
    elif size >= 14 and size % 7 == 0:
        count, unit = size // 7, "week"
    else:
        count, unit = size, "day"
    return f"{sign}{count} {unit}{'' if count == 1 else 's'}"
