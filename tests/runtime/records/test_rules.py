"""The rules of the data: required, unique, `rules`, what is still needed, and two people at once."""

import threading

import pytest

from espalier.runtime.errors import Invalid
from espalier.runtime.records import Records

from .conftest import fresh, me, titles

COURSE = """
data:
  Course:
    name: text!
    capacity: int! = 2
    left: int = capacity - count(Seat)
  Seat:
    course: Course!
    name: text
    unique: [course, name]
    rules:
      This course is full: course.left > 0
access:
  default: {read: user, write: user}
"""


def test_what_is_needed_must_be_there(place):
    app = place('data:\n  Paper:\n    title: text!\n    agreed: bool!\n    about: text! = "something"')
    ann = app.person("Ann")
    with pytest.raises(Invalid) as error:
        ann.create("Paper", {"agreed": "no"})
    assert set(error.value.errors) == {"title", "agreed"}
    paper = ann.create("Paper", {"title": "x", "agreed": "yes"})
    with pytest.raises(Invalid):
        ann.update("Paper", paper.id, {"title": " "})


def test_values_that_do_not_fit_are_told_at_the_field(place):
    app = place("data:\n  Day:\n    date: date\n    mood: Good | Bad\n    stars: int 1..5\n    to: User")
    ann = app.person("Ann")
    wrong = {"date": "soon", "mood": "Blue", "stars": "9", "to": "nobody"}
    with pytest.raises(Invalid) as error:
        ann.create("Day", wrong)
    assert set(error.value.errors) == set(wrong)


def test_unique_values_are_told_in_words(place):
    app = place(COURSE + "\n", None)
    ann = app.person("Ann")
    course = ann.create("Course", {"name": "Yoga"})
    ann.create("Seat", {"course": course.id, "name": "Ann"})
    with pytest.raises(Invalid, match="course and name"):
        ann.create("Seat", {"course": course.id, "name": "Ann"})


def test_a_rule_over_others_does_not_count_the_record_itself(place):
    app = place(COURSE)
    ann = app.person("Ann")
    course = ann.create("Course", {"name": "Yoga"})
    ann.create("Seat", {"course": course.id, "name": "a"})
    last = ann.create("Seat", {"course": course.id, "name": "b"})
    with pytest.raises(Invalid) as error:
        ann.create("Seat", {"course": course.id, "name": "c"})
    assert error.value.errors == {"course": "This course is full"}
    ann.update("Seat", last.id, {"name": "bb"})
    other = ann.create("Course", {"name": "Judo", "capacity": "0"})
    with pytest.raises(Invalid):
        ann.update("Seat", last.id, {"course": other.id})


def test_rules_are_asked_again_only_when_what_they_name_changes(place):
    app = place(
        "data:\n  Visit:\n    starts: datetime!\n    note: text\n    rules:\n      Please choose a time to come: starts > now"
    )
    ann = app.person("Ann")
    visit = ann.create("Visit", {"starts": "2026-11-22 11:00"})
    app.later(days=1)
    ann = Records(app, ann.visitor)
    assert ann.update("Visit", visit.id, {"note": "was nice"})["note"] == "was nice"
    with pytest.raises(Invalid):
        ann.update("Visit", visit.id, {"starts": "2026-11-22 12:00"})


def test_bookings_of_one_room_do_not_overlap(place):
    app = place("""
data:
  Room:
    name: text!
  Booking:
    room: Room!
    starts: datetime!
    ends: datetime!
    rules:
      The room is taken then: count(Booking where room = this.room and starts < this.ends and ends > this.starts) = 0
access:
  default: {read: user, write: user}
""")
    ann = app.person("Ann")
    room = ann.create("Room", {"name": "Blue"})

    def book(start: str, end: str):
        return ann.create("Booking", {"room": room.id, "starts": f"2027-01-01 {start}", "ends": f"2027-01-01 {end}"})

    book("10:00", "11:00")
    second = book("11:00", "12:00")
    with pytest.raises(Invalid, match="taken"):
        book("10:30", "11:30")
    with pytest.raises(Invalid, match="taken"):
        ann.update("Booking", second.id, {"starts": "2027-01-01 10:59"})
    ann.update("Booking", second.id, {"ends": "2027-01-01 11:30"})


def test_a_record_that_others_need_stays(place):
    app = place(COURSE)
    ann = app.person("Ann")
    course = ann.create("Course", {"name": "Yoga"})
    seat = ann.create("Seat", {"course": course.id, "name": "Ann"})
    with pytest.raises(Invalid) as error:
        ann.delete("Course", course.id)
    assert "1 seat (Ann)" in error.value.errors[""]
    ann.delete("Seat", seat.id)
    ann.delete("Course", course.id)
    assert ann.count("Course") == 0


def test_what_still_needs_a_record_is_not_named_to_those_who_may_not_read_it(place):
    app = place("""
data:
  Plan:
    name: text!
  Customer:
    name: text!
    plan: Plan!
access:
  Plan: {read: user, write: user}
  Customer: {read: nobody, write: nobody}
""")
    ann = app.person("Ann")
    plan = ann.create("Plan", {"name": "Gold"})
    app.author.put("Customer", {"name": "Secret Corp", "plan": plan.id}, owner=None)
    with pytest.raises(Invalid) as error:
        ann.delete("Plan", plan.id)
    assert "1 customer" in error.value.errors[""] and "Secret" not in error.value.errors[""]


def test_parts_go_with_the_whole_and_can_be_brought_back(place):
    from espalier.runtime.storage import journal

    app = place("data:\n  Invoice:\n    number: serial INV-0001\n  Line:\n    invoice: Invoice! part\n    text: text!")
    ann = app.person("Ann")
    invoice = ann.create("Invoice", {})
    assert ann.create("Invoice", {})["number"] == "INV-0002"
    for text in ("one", "two"):
        ann.create("Line", {"invoice": invoice.id, "text": text})
    ann.delete("Invoice", invoice.id)
    assert ann.count("Line") == 0
    with app.database.write() as connection:
        gone = [entry for entry in journal.entries(connection) if entry.operation == "delete"]
        for entry in gone:
            journal.undo(connection, app.database.tables, entry, me(ann))
    assert titles(ann.query("Line")) == ["one", "two"] and fresh(ann, invoice)["number"] == "INV-0001"


def at_once(work, number: int) -> list[BaseException | None]:
    """Do the work in so many threads at the same time; what each of them ran into."""
    start = threading.Barrier(number)
    found: list[BaseException | None] = [None] * number

    def run(at: int) -> None:
        start.wait()
        try:
            work(at)
        except Exception as error:
            found[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_people_cannot_take_the_last_place_together(place, tmp_path):
    app = place(COURSE, tmp_path / "data.db")
    ann = app.person("Ann")
    course = ann.create("Course", {"name": "Yoga"})
    errors = at_once(lambda at: Records(app, ann.visitor).create("Seat", {"course": course.id, "name": f"s{at}"}), 8)
    assert ann.count("Seat") == 2
    assert sum(isinstance(error, Invalid) for error in errors) == 6 and errors.count(None) == 2


def test_of_two_changes_at_once_one_is_told(place, tmp_path):
    app = place("data:\n  Page:\n    text: long!", tmp_path / "data.db")
    ann = app.person("Ann")
    page = ann.create("Page", {"text": "start"})
    errors = at_once(
        lambda at: Records(app, ann.visitor).update("Page", page.id, {"text": f"by {at}"}, page["updated"]), 6
    )
    assert errors.count(None) == 1 and all(type(error).__name__ == "Conflict" for error in errors if error)


def test_numbers_that_count_up_are_given_once(place, tmp_path):
    app = place("data:\n  Bill:\n    number: serial B-1", tmp_path / "data.db")
    ann = app.person("Ann")
    assert at_once(lambda at: Records(app, ann.visitor).create("Bill", {}), 6) == [None] * 6
    assert sorted(record["number"] for record in ann.query("Bill")) == [f"B-{at}" for at in range(1, 7)]
