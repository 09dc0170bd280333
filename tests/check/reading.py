"""A small honest app for the checks about reading and access, and what runs one check over a text."""

from __future__ import annotations

import textwrap

from espalier.blueprint import read
from espalier.check.checks import checks
from espalier.check.report import Result
from espalier.check.subject import Subject

SHOP = """\
app: Candle hut
roles: [buyer, keeper]
data:
  Candle:
    name: text!
    kind: Pillar | Jar | Taper!
    price: money!
    stock: int
    cost: money
    recipe: long
  Order:
    candle: Candle!
    buyer: User! owner = me
    amount: int!
    due: date
    status: New | Sent | Back = New
    total: money = amount * candle.price
    actions:
      Send (keeper): [if status = New, status = Sent]
access:
  Candle: {read: anyone, write: keeper, cost: keeper, recipe: {read: keeper}}
  Order: {read: own or keeper, create: buyer, update: keeper, delete: nobody}
pages:
  Home:
    - hero: Slow light
      button: Order -> Order
    - cards: Candle
      sort: price
    - search: Candle
  Order (buyer):
    - form: Order
      show: [candle, amount, due]
    - list: Order
      sort: -due
  Desk (keeper):
    - stats:
        New: count(Order where status = New)
        Sold: sum(Order.total)
    - board: Order by status
    - calendar: Order by due
    - chart: bar sum(Order.amount) by candle.kind
    - table: Order
      show: [candle, buyer, amount, status, due, total]
      filter: [status, candle]
      sort: due
      total: [amount, total]
    - leaderboard: Candle by stock
    - progress: Candle by stock
      target: 50
seed:
  User:
    - Ada Brook | ada@example.com | buyer
    - Ben Marsh | ben@example.com | buyer
    - Kit Stone | kit@example.com | keeper
  Candle:
    - Moonlight | Pillar | 12 | 30 | 4.20 | Rapeseed wax with a wick of hemp
    - Harbour | Jar | 18.50 | 12 | 6 | Soy wax and driftwood resin
    - Orchard | Jar | 16 | 7 | 5.50 | Beeswax melted at sixty degrees
    - Needle | Taper | 3 | 40 | 0.80 | Dipped twenty times in tallow
  Order:
    - Moonlight | ada@example.com | 2 | +1 day | New
    - Harbour | ben@example.com | 1 | +3 days | New
    - Needle | ben@example.com | 12 | -2 days | Sent
    - Orchard | ada@example.com | 3 | | Back
"""


def subject(text: str, thorough: bool = True) -> Subject:
    text = textwrap.dedent(text)
    return Subject(read(text), text=text, thorough=thorough)


def run(name: str, text: str = SHOP, thorough: bool = True) -> Result:
    """What a check finds in an app."""
    made = subject(text, thorough)
    try:
        return next(one for one in checks("use") if one.name == name).run(made)
    finally:
        made.close()


def said(result: Result) -> str:
    """All that was found wrong."""
    return "\n".join(str(finding) for finding in result.findings)
