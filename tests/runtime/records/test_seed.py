"""Seeds: rows become records, references are found by name, people by email or role."""

from datetime import date, datetime
from pathlib import Path

import pytest

from espalier.blueprint.reader import read
from espalier.runtime.access import Visitor
from espalier.runtime.automations import tick
from espalier.runtime.records import Records
from espalier.runtime.seed import seed

from .conftest import Place, titles

APP = """
roles: [client, groomer]
data:
  Visit:
    dog: Dog!
    helper: User
    starts: datetime
    day: date
    status: Booked | Done = Booked
    tags: [Tag]
    price: money
    number: serial V-1
  Dog:
    name: text!
    keeper: User owner
  Tag:
    word: text!
access:
  Dog: {read: own or groomer, create: client}
  Visit: {read: own or groomer, create: client}
seed:
  Visit:
    - Rex | groomer | +3 days 14:00 | -1 week | Done | calm, old | 12.50
    - rex | gus@example.com | today | +1 month
  Dog:
    - Rex | ann@example.com
  Tag:
    - calm
    - old
  User:
    - Ann Lee | ann@example.com | client
automations:
  when Dog created: notify groomer "A dog"
  every day for Dog: notify groomer "Walk {name}"
"""


def test_rows_become_records_once(place):
    app = place(APP)
    made = seed(app)
    assert made == app.author.count("User") + 5 and seed(app) == 0
    first, second = app.author.query("Visit").records
    assert (
        first["dog"].title == "Rex"
        and first["helper"].title
        and [link.title for link in first["tags"]] == ["calm", "old"]
    )
    assert (first["starts"], first["day"]) == (datetime(2026, 11, 25, 14, 0), date(2026, 11, 15))
    assert (first["number"], second["number"], float(first["price"])) == ("V-1", "V-2", 12.5)
    assert (second["status"], second["helper"].title, second["starts"]) == (
        "Booked",
        "Gus",
        datetime(2026, 11, 22, 9, 0),
    )
    assert app.author.put("Visit", {"dog": 1}, owner=None) == 3
    assert app.author.get("Visit", 3)["number"] == "V-3"


def test_seeded_people_see_their_records(place):
    app = place(APP)
    seed(app)
    ann = app.author.query("User", search="Ann").records[0]
    seen = Records(app, Visitor(ann.id, ann["name"], ann["email"], ann["role"]))
    assert titles(seen.query("Dog")) == ["Rex"] and len(seen.query("Visit")) == 2
    assert {record["role"] for record in app.author.query("User")} == {"client", "groomer"}


def test_nobody_is_told_of_seeds(place):
    app = place(APP)
    seed(app)
    tick(app)
    assert app.rows("espalier_notification") == [] and app.rows("espalier_journal") == []
    app.later(days=1)
    tick(app)
    assert app.rows("espalier_notification")


@pytest.mark.parametrize("path", sorted(Path("apps").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_gallery_is_seeded_whole(path):
    app = Place(path.read_text())
    try:
        seed(app)
        for entity, rows in read(path.read_text()).seed.items():
            assert app.author.count(entity) >= len(rows), entity
    finally:
        app.database.close()
