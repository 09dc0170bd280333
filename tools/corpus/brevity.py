"""Rules that keep a blueprint to what was asked."""

from __future__ import annotations

import re

from .tree import Tree, blocks_of, entity_type, fields_of, is_computed, kind_of, page_title

# Words of a prompt that ask for messages, for pictures of numbers, and for ways to narrow a list down.
ASKS_MESSAGES = re.compile(
    r"e-?mail|notif|remind|alert|messag|warn|tell|\bping|\bnag|inform|automatic|call our|nudge|day before|let .* know",
    re.IGNORECASE,
)

ASKS_CHARTS = re.compile(
    r"chart|graph|statistic|dashboard|trend|figures|over time|numbers|analy|report|per month|by month|how much|how many|totals?\b"
    r"|average|overview|revenue|pattern|tracker|spending"
    r"|\b(hours|kilos|lessons|costs?|sales|visits|orders|bookings|income|earned|pay|defects|km) (per|by)\b",
    re.IGNORECASE,
)

ASKS_FILTERS = re.compile(r"filter|search|brows|find|sort|look|grouped|by (type|size|name|style)", re.IGNORECASE)

FIGURES_PAGE = re.compile(r"pattern|number|trend|statistic|insight", re.IGNORECASE)
MOST_SEED_ROWS = 2

MOST_SEEDED = 2


def only_asked(document: Tree, prompt: str) -> None:
    """Messages and charts that nobody asked for go; a blueprint says what makes this app itself."""
    if not ASKS_MESSAGES.search(prompt):
        sent = re.compile(r"^(email|notify) ")
        kept = {
            trigger: steps
            for trigger, steps in document.get("automations", {}).items()
            if not all(sent.match(step) for step in ([steps] if isinstance(steps, str) else steps))
        }
        document["automations"] = kept
    if not ASKS_CHARTS.search(prompt):
        for name, blocks in document["pages"].items():
            if FIGURES_PAGE.search(page_title(name)):
                continue
            rest = [block for block in blocks if kind_of(block) != "chart"]
            document["pages"][name] = rest or blocks
    for _, block in blocks_of(document):
        if "filter" in block:
            block["filter"] = block["filter"][:3] if ASKS_FILTERS.search(prompt) else []
            if not block["filter"]:
                del block["filter"]


def few_rows(document: Tree) -> None:
    """Two rows each, of two entities, show what is meant; rows that these refer to stay."""
    seed = document.get("seed", {})
    data = document["data"]
    kept: Tree = {}
    needed: dict[str, set[str]] = {}
    # From the referring entities to those they refer to, so that what is needed is known in time.
    for name in reversed(list(seed)):
        wanted = needed.get(name, set())
        rows = [
            row for number, row in enumerate(seed[name]) if number < MOST_SEED_ROWS or row.split(" | ")[0] in wanted
        ]
        typed = [field for field in fields_of(data[name]) if not is_computed(data[name], field)]
        for row in rows:
            for field, value in zip(typed, row.split(" | "), strict=False):
                target = entity_type(data[name][field]).strip("[]")
                if target in data:
                    needed.setdefault(target, set()).update(part.strip() for part in value.split(","))
        kept[name] = rows
    spare = [name for name in seed if name not in needed]
    while len(kept) > MOST_SEEDED and spare:
        kept.pop(spare.pop())
    document["seed"] = {name: kept[name] for name in seed if name in kept}
    if not document["seed"]:
        del document["seed"]
