"""Checks of flows: each finds the app without its guard, and lets the one with it pass; apps of another shape are left alone."""

from __future__ import annotations

import pytest

from tests.check.writing import LIBRARY, run, said

SHOP = """\
app: Small Oven
roles: [customer, baker]
data:
  Bread:
    name: text!
    price: money!
    stock: int! = 10
  Order:
    bread: Bread!
    quantity: int! 1..20 = 1
    rules:
      There are not that many: quantity <= bread.stock
access:
  Bread: {read: anyone, write: baker}
  Order: {read: own or baker, create: customer}
pages:
  Home:
    - cards: Bread
  Order (customer):
    - form: Order
seed:
  Bread:
    - Rye | 5 | 6
    - Seed | 6 | 9
automations:
  when Order created: bread.stock = bread.stock - quantity
"""
COURSES = """\
app: Course Book
roles: [pupil, teacher]
data:
  Course:
    name: text!
    seats: int! 1..30
    seats_left: int = seats - count(Place)
  Place:
    course: Course!
    rules:
      This course is full: course.seats_left > 0
access:
  Course: {read: anyone, write: teacher}
  Place: {read: own or teacher, create: pupil}
pages:
  Home:
    - cards: Course
    - form: Place
seed:
  Course:
    - Pots | 8
    - Glaze | 12
"""
ROOMS = """\
app: Rooms by the Hour
data:
  Room:
    name: text!
  Booking:
    room: Room!
    starts: datetime!
    why: text
    unique: [room, starts]
access:
  Booking: {read: user, create: user}
pages:
  Home:
    - form: Booking
    - calendar: Booking by starts
seed:
  Room:
    - Blue room
    - Attic
"""
VOTES = """\
app: Which Cake
data:
  Cake:
    name: text!
  Vote:
    cake: Cake!
    unique: [cake, owner]
access:
  Vote: {read: user, create: user}
pages:
  Home:
    - form: Vote
seed:
  Cake:
    - Lemon
    - Plum
"""
LEAVE = """\
app: Time Off
roles: [staff, manager]
data:
  Request:
    reason: text!
    status: New | Approved | Declined = New
    actions:
      Approve (manager): [if status = New, status = Approved]
      Decline (manager): [if status = New, status = Declined]
access:
  Request: {read: own or manager, create: staff, write: own, status: {write: nobody}}
pages:
  Home:
    - form: Request
    - table: Request
"""
GUARDED = [
    ("flow_stock", SHOP, "      There are not that many: quantity <= bread.stock\n", "stock becomes -"),
    ("flow_stock", COURSES, "      This course is full: course.seats_left > 0\n", "seats_left becomes -1"),
    ("flow_booking", ROOMS, "    unique: [room, starts]\n", "two people can take the same room"),
    ("flow_vote", VOTES, "    unique: [cake, owner]\n", "again and again"),
    ("flow_approval", LEAVE, ", status: {write: nobody}", "staff may write `Approved` into status"),
]


@pytest.mark.parametrize(("name", "text", "guard", "words"), GUARDED)
@pytest.mark.parametrize("thorough", [True, False])
def test_with_and_without_its_guard(name, text, guard, words, thorough):
    with_it = run(name, text, thorough=thorough)
    assert with_it.share == 1 and with_it.looked_at, said(with_it)
    assert text.count(guard) == 1
    bare = text.replace(guard, "")
    bare = bare.replace("    rules:\naccess", "access")
    without = run(name, bare, thorough=thorough)
    assert without.share < 1 and words in said(without), said(without)


@pytest.mark.parametrize("name", ["flow_booking", "flow_vote", "flow_approval"])
def test_other_apps_are_left_alone(name):
    assert run(name, LIBRARY).share is None
    assert run(name, SHOP).share is None


def test_what_is_lowered_by_nothing_is_left_alone():
    text = SHOP[: SHOP.index("automations:")]
    assert run("flow_stock", text).share is None


def test_votes_of_people_without_an_account_are_left_alone():
    text = VOTES.replace("create: user", "create: anyone").replace("    unique: [cake, owner]\n", "")
    assert run("flow_vote", text).share is None


def test_free_times_are_the_platforms():
    text = ROOMS.replace("    unique: [room, starts]\n", "").replace("- form: Booking", "- booking: Booking by starts")
    assert run("flow_booking", text).share is None


def test_many_places_are_no_single_thing():
    text = ROOMS.replace("    unique: [room, starts]\n", "").replace(
        "    name: text!\n", "    name: text!\n    seats: int! = 9\n"
    )
    assert run("flow_booking", text).share is None


def test_who_decides_may_be_said_by_the_author():
    text = LEAVE.replace("status: {write: nobody}", "status: {write: staff}")
    assert run("flow_approval", text).share == 1
