"""What an app holds on its first day. What the prompt itself lists (three halls, four prices) is there by name."""

from __future__ import annotations

import re

from espalier.check.words import Like

from .draft import Draft, EntityDraft, FieldDraft
from .look import ADJECTIVES
from .needs import need

PLACES = (
    "Ashgrove Bellmead Birchley Brackenfold Calder Copse End Dunmere Eastbrook Fallowfield Fernhill Granby Hartwell Hollin Iverdale Kelbrook Larkrise "
    "Lowfield Marlow Northgate Oakhurst Penbury Quarry Lane Ravensdale Rushmoor Saltby Southgate Stonely Thornby Upton Wenlow Westmoor Yarrow"
).split()
# What is called by where it stands.
PLACED = frozenset(
    "district site branch station flat house hall garden field pitch hut lake quarter route trail spot stop shop stand school village farm forest plot pool studio".split()
)
SEEDED = ("thing", "product", "event", "news", "people", "idea")


def plant(draft: Draft) -> None:
    """Fill in the seed."""
    seed: dict[str, list[str]] = {}
    for entity in draft.entities.values():
        often = 0.9 if entity.function in ("thing", "product") else 0.6 if entity.function in ("event", "news") else 0.2
        # Nobody but the creator would see the samples of an app in which everybody sees only what is theirs.
        if entity.function not in SEEDED or draft.audience == "own" or not draft.chance(often):
            continue
        rows = _rows(draft, entity, seed)
        if rows:
            seed[entity.name] = rows
    seed |= draft.asked
    if seed:
        draft.tree["seed"] = seed


def _rows(draft: Draft, entity: EntityDraft, seed: dict[str, list[str]]) -> list[str]:
    columns = [
        one for one in entity.fields.values() if not one.kind.computed and one.kind.kind not in ("marks", "serial")
    ]
    if not columns:
        return []
    title = columns[0]
    offered = len(title.kind.rows)
    if any(one.kind.required and not _can(one, draft, seed) for one in columns):
        return []
    listed = (
        title.kind.kind == "text" and entity.function in ("thing", "product") and draft.size >= 2 and draft.chance(0.3)
    )
    if listed and draft.chance(0.6) and (own := _own_names(draft, entity, draft.rng.randint(2, 5))):
        names = own
    elif offered:
        names = list(title.kind.rows)
        keep = draft.rng.randint(min(2, offered), min(4, offered))
        names = names[:keep]
    else:
        return []
    table = []
    for at, name in enumerate(names):
        cells = [name if one is title else _cell(draft, one, at, seed) for one in columns]
        table.append(cells)
    if listed:
        _tell(draft, entity, columns, table)
    lines = []
    for cells in table:
        line = " | ".join(cell.replace("|", "/") for cell in cells)
        lines.append(re.sub(r"( \| ?)+$", "", line).replace("|  |", "| |"))
    return lines


def _tell(draft: Draft, entity: EntityDraft, columns: list[FieldDraft], table: list[list[str]]) -> None:
    names = [cells[0] for cells in table]
    needs = [
        need("seed", entity=draft.like(entity), at_least=len(names)),
        *(need("text", like=Like.of(name)) for name in names),
    ]
    price = next(
        (at for at, one in enumerate(columns) if one.kind.kind == "money" and all(cells[at] for cells in table)), None
    )
    items = names
    if price is not None and draft.chance(0.6):
        items = [
            f"{cells[0]} {draft.pick(('for ', ''))}{cells[price]}"
            if draft.chance(0.2)
            else f"{cells[0]} {cells[price]}"
            for cells in table
        ]
    draft.tell(
        "seed",
        *needs,
        must=True,
        about=entity.kind.key,
        entities=entity.many,
        entity=entity.words,
        items=", ".join(items),
        count=str(len(items)),
    )


def _own_names(draft: Draft, entity: EntityDraft, many: int) -> list[str]:
    """Names of this very place: nobody can guess them. Where things stand somewhere they are called by it; else what they are
    stands last, as in the samples. Empty when neither can be."""
    if set(entity.words.split()) & PLACED:
        return draft.rng.sample(PLACES, many)
    title = next(iter(entity.fields.values()))
    heads = [
        row.split()[-1].lower() for row in title.kind.rows if row.replace(" ", "").isalpha() and len(row.split()) < 4
    ]
    if not heads:
        return []
    first = draft.rng.sample(ADJECTIVES if draft.chance(0.6) else [place for place in PLACES if " " not in place], many)
    return [f"{word} {draft.pick(heads)}" for word in first]


def _can(one: FieldDraft, draft: Draft, seed: dict[str, list[str]]) -> bool:
    if one.kind.kind == "reference":
        target = draft.entities.get(one.kind.target)
        return target is not None and target.name in seed
    return one.kind.kind not in ("image", "file", "json")


def _cell(draft: Draft, one: FieldDraft, at: int, seed: dict[str, list[str]]) -> str:
    kind = one.kind
    if one.choices:
        given = kind.rows[at % len(kind.rows)] if kind.rows else ""
        if given in one.choices:
            return given
        if kind.flow:
            return one.choices[0] if draft.chance(0.6) else draft.pick(one.choices[: len(one.choices) - kind.exits])
        return draft.pick(one.choices) if kind.required else ""
    if kind.kind == "reference":
        target = draft.entities.get(kind.target)
        rows = seed.get(target.name, []) if target else []
        return draft.pick(rows).split(" | ")[0].strip('"') if rows else ""
    if kind.rows:
        return kind.rows[at % len(kind.rows)]
    if not kind.required:
        return ""  # what nobody needs and nobody knows
    low, high = _range(kind.type)
    match kind.kind:
        case "int":
            return str(draft.rng.randint(low, high))
        case "number":
            return str(round(draft.rng.uniform(low, high), 1)).removesuffix(".0")
        case "money":
            return str(draft.pick((5, 8, 12, 15, 18, 20, 25, 30, 45, 60, 80, 120)))
        case "date":
            return (
                f"+{draft.rng.randint(1, 40)} days"
                if "until" in one.name or kind.required
                else f"-{draft.rng.randint(2, 60)} days"
            )
        case "datetime":
            return (
                f"+{2 + 5 * at + draft.rng.randrange(4)} days {draft.rng.randint(8, 19):02d}:{draft.pick(('00', '30'))}"
            )
        case "time":
            return f"{draft.rng.randint(7, 19):02d}:{draft.pick(('00', '15', '30'))}"
        case "bool":
            return draft.pick(("true", "false"))
        case "percent":
            return str(draft.rng.randrange(5, 100, 5))
        case "rating":
            return str(draft.rng.randint(3, 5))
        case "color":
            return draft.pick(("#2a9d8f", "#e76f51", "#f4a261", "#264653", "#8ab17d"))
        case "phone":
            return f"555 0{draft.rng.randint(100, 199)}"
        case "text":
            return draft.pick(PLACES)
        case "location":
            return f"{draft.rng.uniform(44, 54):.2f},{draft.rng.uniform(5, 18):.2f}"
        case "email":
            return f"{draft.pick(PLACES).lower()}@example.org"
        case "long":
            return "Ask us and we will tell you more."
    return ""


def _range(type: str) -> tuple[int, int]:
    found = re.search(r"(-?\d+)\.\.(-?\d+)", type)
    if not found:
        return 2, 30
    low, high = int(found[1]), int(found[2])
    return low, min(high, low + 30) if low >= 1900 or high - low > 100 else high
