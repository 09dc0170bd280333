"""What it costs: `Studio: 24 a month, five people` as a price, what it is for, and what it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .frame import Frame
from .lines import Item, marked_up

if TYPE_CHECKING:
    from espalier.blueprint.blocks.pricing import Pricing
    from espalier.blueprint.schema import Page

    from ..visit import Visit

UNIT = r"(?:zł|€|£|\$|kr|Kč|Ft|lei|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|AUD|CAD|NZD|%)"
PRICE = re.compile(
    rf"(?P<price>(?:from |up to )?(?:[$€£¥₹]|{UNIT} )?\s?\d[\d.,\u00a0 ]*(?:(?<=\d)\s?{UNIT}(?!\w))?|free|on request)(?=$|[\s,.;:])",
    re.IGNORECASE,
)
PER = re.compile(
    r"\s*(?P<per>(?:an?|per|each|every|/)\s?(?:[a-z]+ )?(?:hour|day|night|week|month|quarter|year|person|adult|child|visit|session|seat|user|"
    r"class|lesson|head|box|bag|kg|kilo|piece|ticket|stay|trip|property|project|page|term|season)(?!\w))",
    re.IGNORECASE,
)
LONGEST_POINT = 60


def plan(title: str, text: str) -> Item:
    """A line of a price list taken apart; what is not understood stays as text."""
    item, rest = Item(title), text.strip()
    if found := PRICE.match(rest):
        item.price = found["price"].strip(" ,.")
        item.price = item.price[:1].upper() + item.price[1:]
        rest = rest[found.end() :]
        if per := PER.match(rest):
            item.per = per["per"].strip()
            rest = rest[per.end() :]
    rest = rest.lstrip(" ,;:.-–")
    parts = [re.sub(r"^and ", "", part.strip()) for part in re.split(r"[;,]\s+", rest.rstrip(".")) if part.strip()]
    if item.price and len(parts) > 1 and all(len(part) <= LONGEST_POINT and ". " not in part for part in parts):
        item.points = [part[:1].upper() + part[1:] for part in parts]
    elif rest:
        item.text = marked_up(rest[:1].upper() + rest[1:])
    return item


def render(block: Pricing, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The plans; of three the one in the middle stands out."""
    frame = Frame(block, visit, page, this)
    plans = [plan(title, text) for title, text in block.of.items()]
    if len(plans) == 3 and all(one.price for one in plans):
        plans[1].featured = True
    return frame.placed(frame.macros("content.html").pricing(plans, block.title, frame.text))
