"""What follows changes and the clock, each once."""

from datetime import timedelta

import pytest

from espalier.runtime.automations import moved, tick
from espalier.runtime.errors import Invalid
from espalier.runtime.records import Records

from .conftest import me, titles

SHOP = """
roles: [buyer, seller]
data:
  Order:
    name: text!
    status: New | Paid = New
    total: int = sum(Line.amount)
  Line:
    order: Order! part
    amount: int!
  Log:
    text: text! unique
access:
  default: {read: user, write: user}
automations:
  when Order created: email owner "We have {name}."
  when Order updated: notify seller "{name} was changed"
  when Order deleted: notify seller "{name} is gone"
  when Order status = Paid: notify owner "{name} is paid"
  when Order total > 10: notify seller "{name} is large"
  when Order.name changes: notify seller "now called {name}"
  when Log created: [create Log, Log.text = "the same"]
"""


def texts(app):
    return [row["text"] for row in app.rows("espalier_notification")]


def test_changes_are_followed_in_the_same_transaction(place):
    app = place(SHOP)
    ann, _ = app.person("Ann", "buyer"), app.person("Sel", "seller")
    order = ann.create("Order", {"name": "A1"})
    assert [row["recipient"] for row in app.rows("espalier_outbox")] == ["ann@example.com"] and texts(app) == []
    ann.update("Order", order.id, {"status": "Paid"})
    assert texts(app) == ["A1 was changed", "A1 is paid"]
    ann.update("Order", order.id, {"name": "A2"})
    assert texts(app)[2:] == ["A2 was changed", "now called A2"]
    ann.delete("Order", order.id)
    assert texts(app)[4:] == ["A2 is gone"]


def test_a_condition_becomes_true_through_what_it_sums(place):
    app = place(SHOP)
    ann, _ = app.person("Ann", "buyer"), app.person("Sel", "seller")
    order = ann.create("Order", {"name": "A1"})
    line = ann.create("Line", {"order": order.id, "amount": "6"})
    assert texts(app) == []
    ann.create("Line", {"order": order.id, "amount": "6"})
    assert texts(app) == ["A1 is large"]
    ann.update("Line", line.id, {"amount": "7"})
    assert texts(app) == ["A1 is large"]
    ann.delete("Line", line.id)
    ann.create("Line", {"order": order.id, "amount": "9"})
    assert texts(app) == ["A1 is large"] * 2


def test_an_automation_that_fails_undoes_itself_alone(place):
    app = place(SHOP)
    ann = app.person("Ann", "buyer")
    ann.create("Log", {"text": "first"})
    assert titles(ann.query("Log")) == ["first", "the same"]
    with pytest.raises(Invalid):
        ann.create("Log", {"text": "first"})
    ann.create("Log", {"text": "second"})
    assert titles(ann.query("Log")) == ["first", "the same", "second"]


TIMERS = """
data:
  Visit:
    name: text!
    starts: datetime
    day: date
    status: Open | Done = Open
automations:
  1 day before Visit.starts: notify owner "soon: {name}"
  2 days after Visit.day: notify owner "over: {name}"
  every day for Visit where status = Done: [name = "old " + name, status = Open]
"""


def test_timers_do_each_occasion_once(place, tmp_path):
    app = place(TIMERS, tmp_path / "data.db")
    ann = app.person("Ann")
    visit = ann.create("Visit", {"name": "V", "starts": "2026-11-24 09:00"})
    past = ann.create("Visit", {"name": "P", "starts": "2026-11-20 09:00"})
    tick(app)
    assert texts(app) == []
    app.later(hours=23)
    tick(app), tick(app)
    assert texts(app) == ["soon: V"]
    Records(app, ann.visitor).update("Visit", visit.id, {"starts": "2026-11-24 08:00"})
    tick(app)
    assert texts(app) == ["soon: V"] * 2  # another time is another occasion
    Records(app, ann.visitor).update("Visit", past.id, {"day": "2026-11-21"})
    tick(app), tick(app)
    assert texts(app)[2:] == ["over: P"]
    Records(app, ann.visitor).update("Visit", past.id, {"status": "Done"})
    tick(app)
    assert ann.get("Visit", past.id)["status"] == "Done"  # today's round is over
    app.later(days=1)
    tick(app), tick(app)
    seen = ann.get("Visit", past.id)
    assert (seen["name"], seen["status"]) == ("old P", "Open")
    app.database.close()
    again = place("app: Test\n" + TIMERS, tmp_path / "data.db")
    again.clock = app.clock
    before = texts(again)
    tick(again)
    assert texts(again) == before


def test_a_month_later_is_in_the_next_month(place):
    app = place(TIMERS)
    assert moved(app.clock.replace(month=1, day=31), 1, "month").day == 28
    assert moved(app.clock, -11, "month") == app.clock.replace(year=2025, month=12)
    assert moved(app.clock, 2, "week") == app.clock + timedelta(days=14)
    assert me(app.person("Ann")) == 1
