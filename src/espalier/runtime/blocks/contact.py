"""How to reach us: addresses to tap, and opening hours as a table when they can be read as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame

if TYPE_CHECKING:
    from espalier.blueprint.blocks.contact import Contact
    from espalier.blueprint.schema import Page

    from ..visit import Visit

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?s?\.?"
DAYS = re.compile(
    rf"(?P<days>(?:{_DAY}(?:\s*(?:to|-|–|until|through|and|&|/|\+)\s*{_DAY})*|every ?day|daily|weekdays|weekends?|public holidays))(?P<rest>\b.*|$)",
    re.IGNORECASE | re.DOTALL,
)
TIME = r"\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm|h|uhr)?"
TIMES = re.compile(rf"(?:from |open )?{TIME}(?:\s*(?:to|-|–|until)\s*{TIME})?", re.IGNORECASE)


def hours_table(text: str) -> list[tuple[str, str]]:
    """`Mon to Fri, 9 to 17, Sat 10 to 14` as rows of days and times; empty when a part of it is not understood."""
    rows: list[tuple[str, str]] = []
    for part in re.split(r"[,;\n]\s*|\.\s+(?=[A-Z])", text.strip().rstrip(".")):
        part = part.strip()
        if not part:
            continue
        found = DAYS.fullmatch(part)
        if found:
            days = found["days"].strip().rstrip(".")
            rest = found["rest"].strip(" :–-")
            rows.append((days[:1].upper() + days[1:], rest))
        elif rows and not rows[-1][1] and (TIMES.match(part) or part.lower() == "closed"):
            rows[-1] = (rows[-1][0], part)
        else:
            return []
    return rows if rows and all(times for _, times in rows) else []


def render(block: Contact, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The ways to reach us."""
    frame = Frame(block, visit, page, this)
    phone = re.sub(r"[^\d+]", "", block.phone)
    rows = hours_table(block.hours)
    return frame.draw("contact.html", dial=phone, hours=rows, title=block.title or block.of)
