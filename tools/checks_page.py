"""Write the tables of docs/checks.md from the list of checks: `.venv/bin/python tools/checks_page.py`. A test holds that they are
the same; everything else on that page is written by hand."""

from __future__ import annotations

import re
from pathlib import Path

from espalier.check.checks import Check, checks
from espalier.check.report import GROUPS
from espalier.check.requirements import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "checks.md"
PLACE = "<!-- {name}: made by tools/checks_page.py -->\n"


def table_of(group: str) -> str:
    """The checks of a group as a Markdown table, those that cost most first."""
    found = sorted(checks(group), key=lambda one: (not one.gate, -one.weight, one.name))
    return "\n".join(["| check | what holds when it passes | counts |", "|---|---|---|", *map(_row, found), ""])


def _row(check: Check) -> str:
    counts = "gate" if check.gate else f"{check.weight:g}" + (", strict" if check.strict else "")
    return f"| `{check.name}` | {check.says} | {counts} |"


def table_of_kinds() -> str:
    """The kinds of requirement as a Markdown table."""
    rows = [
        f"| `{name}` | {(kind.__doc__ or '').strip().partition(chr(10))[0]} |" for name, kind in sorted(KINDS.items())
    ]
    return "\n".join(["| kind | what is asked for |", "|---|---|", *rows, ""])


def written(page: str) -> str:
    """The page with its tables as they should be."""
    for name in (*GROUPS, "kinds"):
        place = PLACE.format(name=name)
        table = table_of_kinds() if name == "kinds" else table_of(name)
        if place not in page:
            raise ValueError(f"docs/checks.md has no place for the table of {name}: {place}")
        page = re.sub(re.escape(place) + r"(?:\|[^\n]*\n)*", lambda _, said=place + table: said, page)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
