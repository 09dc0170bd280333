"""A small app for the looking blocks, and ways to visit it in process."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from espalier.blueprint import read
from espalier.runtime.access import ANYONE, Visitor
from espalier.runtime.app import App
from espalier.runtime.visit import Visit

NOW = datetime(2026, 11, 22, 12, 0)

DATA = """\
roles: [agent, client]
data:
  Desk:
    name: text!
    shade: color
  Ticket:
    title: text!
    status: Open | Waiting | Done = Open
    price: money EUR
    desk: Desk
    due: date
    until: date
    urgent: bool
    hours: number
    agent: User
    hidden: bool
    likes: marks
  Note:
    text: long!
  Subscriber:
    email: email! unique
access:
  default: {read: anyone, write: agent}
  User: {read: anyone, write: own}
  Ticket: {read: hidden != true or agent, create: agent, update: agent, price: {read: agent}, urgent: {write: nobody}}
  Subscriber: {read: nobody, create: nobody}
"""

SEED = """\
seed:
  User:
    - Ada | ada@example.com | agent
    - Bo | bo@example.com | client
  Desk:
    - North | tomato
    - South
  Ticket:
    - Alpha | Open | 100 | North | 2026-11-02 | 2026-11-05 | true | 3
    - Beta | Open | 250.50 | North | 2026-11-30 | | | 5
    - Gamma | Waiting | 40 | South | 2026-12-06 | | | 3
    - Delta | Done | 1000 | South | 2026-10-28 | 2026-11-03 | | 8
    - Epsilon | Done | 9 | | | | | 1
    - Secret | Open | 5000 | North | 2026-11-10 | | | 20 | ada@example.com | true
"""

AGENT, CLIENT = Visitor(1, "Ada", "ada@example.com", "agent"), Visitor(2, "Bo", "bo@example.com", "client")
ADMIN = Visitor(1, "Ada", "ada@example.com", "admin")


def app_of(*blocks: str, data: str = DATA, seed: str = SEED, head: str = "", pages: str = "") -> App:
    """An app whose first page holds these blocks."""
    drawn = "".join("    " + line + "\n" for block in blocks for line in block.strip("\n").split("\n"))
    text = f"app: Desk\n{head}{data}pages:\n  Home:\n{drawn}{pages}{seed}"
    return App(read(text), clock=lambda: NOW)


def show(app: App, path: str = "/", who: Visitor = ANYONE, status: int = 200) -> str:
    """The page as a visitor sees it."""
    address, _, query = path.partition("?")
    response = app.respond(Visit(app, "GET", address, query=query, visitor=who))
    assert response.status_code == status, response.body[:500]
    page = bytes(response.body).decode()
    assert "This part cannot be shown" not in page
    return page


def post(app: App, path: str, form: dict[str, Any], who: Visitor = ANYONE, **more: Any) -> Any:
    """The answer to a form with the right token."""
    visit = Visit(app, "POST", path, visitor=who, client="203.0.113.9", **more)
    visit.form = type(visit.form).of({**form, "csrf": visit.csrf})
    return app.respond(visit)


def main(page: str) -> str:
    """What stands between the bars of the page."""
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def text(page: str) -> str:
    """The words of the page's main part, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main(page))).split())
