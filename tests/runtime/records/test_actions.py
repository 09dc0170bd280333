"""Actions: who may take them, what their steps do, and that they do all or nothing."""

import pytest

from espalier.runtime.errors import Forbidden, Invalid, NotFound
from espalier.runtime.records import Records

from .conftest import fresh, me, titles

LIBRARY = """
roles: [member, librarian]
data:
  Book:
    title: text!
    status: In | Out = In
    copies: int = 2
    actions:
      Borrow (member):
        - if status = In
        - create Loan
        - ask Loan.until
        - Loan.note = "lent on " + title
        - status = Out
        - copies = copies - 1
        - notify librarian "{title} is lent to nobody less than you"
      Return:
        - if status = Out
        - status = In
        - Loan.open = false
      Break (librarian): [status = Out, copies = 99]
      Throw away (librarian): delete
    rules:
      There are not so many: copies < 50
  Loan:
    book: Book! part
    member: User! owner = me
    until: date!
    note: text
    open: bool = true
    actions:
      Give back (own): [book.status = In, open = false, email member "Thank you for {book.title}, {member.name}."]
access:
  Book: {read: user, write: librarian, status: {write: nobody}}
  Loan: {read: own or librarian, write: librarian}
"""


def labels(actions):
    return [action.label for action in actions]


@pytest.fixture
def library(place):
    app = place(LIBRARY)
    return app, app.person("Ann", "member"), app.person("Lib", "librarian"), app.person("Bob", "user")


def test_only_those_who_may_see_a_button_and_only_while_it_holds(library):
    app, ann, lib, bob = library
    book = lib.create("Book", {"title": "Owls"})
    assert labels(ann.actions(book)) == ["Borrow"] and labels(bob.actions(book)) == []
    assert labels(lib.actions(book)) == ["Break", "Throw away"]
    ann.act("Book", book.id, "borrow", {"Loan.until": "2026-12-01"})
    assert labels(ann.actions(book)) == [] and labels(lib.actions(book)) == ["Return", "Break", "Throw away"]
    with pytest.raises(Forbidden):
        ann.act("Book", book.id, "borrow", {"Loan.until": "2026-12-01"})
    with pytest.raises(Forbidden):
        bob.act("Book", book.id, "throw-away")
    with pytest.raises(NotFound):
        ann.act("Book", 999, "borrow", {"Loan.until": "2026-12-01"})
    with pytest.raises(NotFound):
        ann.act("Book", book.id, "nonsense")
    with pytest.raises(NotFound):
        app.anyone.act("Book", book.id, "borrow", {"Loan.until": "2026-12-01"})


def test_buttons_of_many_records_at_once(library):
    _, ann, lib, bob = library
    books = [lib.create("Book", {"title": title}) for title in ("Owls", "Cats")]
    ann.act("Book", books[0].id, "borrow", {"Loan.until": "2026-12-01"})
    found = ann.actions_of("Book", [book.id for book in books])
    assert [labels(found[book.id]) for book in books] == [[], ["Borrow"]]
    assert set(bob.actions_of("Loan", [1, 2, 999])) == set()


def test_steps_set_what_the_person_could_not(library):
    app, ann, lib, _ = library
    book = lib.create("Book", {"title": "Owls"})
    outcome = ann.act("Book", book.id, "Borrow", {"Loan.until": "2026-12-01"})
    assert (outcome.record["status"], outcome.record["copies"]) == ("Out", 1)
    loan = ann.get("Loan", outcome.created[0].id)
    assert (loan["book"].title, loan["member"].title, loan["note"], loan["open"]) == (
        "Owls",
        "Ann",
        "lent on Owls",
        True,
    )
    told = app.rows("espalier_notification")
    assert [(row["user"], row["text"]) for row in told] == [(me(lib), "Owls is lent to nobody less than you")]


def test_answers_are_judged_like_a_form(library):
    _app, ann, lib, _ = library
    book = lib.create("Book", {"title": "Owls"})
    assert [(one.path, one.required) for one in ann.asks("Book", "borrow")] == [("Loan.until", True)]
    for asked in ({}, {"Loan.until": ""}, {"Loan.until": "soon"}, {"Loan.until": "2026-12-01", "status": "In"}):
        with pytest.raises(Invalid):
            ann.act("Book", book.id, "borrow", asked)
    assert fresh(ann, book)["status"] == "In" and lib.count("Loan") == 0


def test_all_or_nothing(library):
    _app, _, lib, _ = library
    book = lib.create("Book", {"title": "Owls"})
    with pytest.raises(Invalid, match="not so many"):
        lib.act("Book", book.id, "break")
    assert fresh(lib, book)["status"] == "In"


def test_steps_reach_through_references_and_down_to_parts(library):
    app, ann, lib, _ = library
    book = lib.create("Book", {"title": "Owls {me}"})
    loan = ann.act("Book", book.id, "borrow", {"Loan.until": "2026-12-01"}).created[0]
    ann.act("Loan", loan.id, "give-back")
    assert fresh(lib, book)["status"] == "In" and ann.get("Loan", loan.id)["open"] is False
    mail = app.rows("espalier_outbox")[0]
    assert (mail["recipient"], mail["body"]) == ("ann@example.com", "Thank you for Owls {me}, Ann.")
    ann.act("Book", book.id, "borrow", {"Loan.until": "2026-12-01"})
    lib.act("Book", book.id, "return")
    assert [record["open"] for record in lib.query("Loan")] == [False, False]
    assert lib.act("Book", book.id, "throw-away").record is None and lib.count("Loan") == 0


def test_an_answer_that_names_a_hidden_record_is_refused(place):
    app = place("""
data:
  Room:
    name: text!
  Task:
    title: text!
    room: Room
    actions:
      Move: [ask room]
access:
  Room: {read: own, create: user}
""")
    ann, bob = app.person("Ann"), app.person("Bob")
    room = bob.create("Room", {"name": "Bob's"})
    task = ann.create("Task", {"title": "Paint"})
    with pytest.raises(Invalid) as hidden:
        ann.act("Task", task.id, "move", {"room": str(room.id)})
    with pytest.raises(Invalid) as absent:
        ann.act("Task", task.id, "move", {"room": "999"})
    assert hidden.value.errors == absent.value.errors


def test_a_form_sets_what_its_page_says(place):
    app = place("""
data:
  Project:
    name: text!
  Task:
    title: text!
    project: Project!
    status: New | Done = Done
access:
  Task: {read: user, create: user, status: {write: nobody}, project: {write: nobody}}
pages:
  Each Project:
    - form: Task
      show: [title]
      set: [project = this, status = New]
""")
    ann = app.person("Ann")
    project = ann.create("Project", {"name": "House"})
    preset = ann.preset("Task", app.blueprint.page_list[0].blocks[0].set, project)
    task = ann.create("Task", {"title": "Roof"}, preset=preset)
    assert (task["project"].title, task["status"]) == ("House", "New")


def test_texts_hold_values_on_one_line(place):
    app = place("data:\n  Note:\n    text: long!\n    price: money EUR\n    day: date")
    id = app.author.put("Note", {"text": "a\nBcc: all@example.com", "price": 3, "day": app.clock.date()}, owner=None)
    assert app.author.filled("{text}|{price}|{day}|{nonsense}|{owner}", "Note", id) == (
        "a Bcc: all@example.com|3.00 EUR|22 November 2026||"
    )


def test_an_action_of_admin_still_needs_its_condition(library):
    app, _, lib, _ = library
    root = app.person("Root", "admin")
    book = lib.create("Book", {"title": "Owls"})
    assert "Return" not in labels(root.actions(book))
    with pytest.raises(Forbidden):
        Records(app, root.visitor).act("Book", book.id, "return")
    assert titles(root.query("Book")) == ["Owls"]
