"""Checks about writing: an honest app passes; flaws of a blueprint and of a runtime that is sabotaged are found."""

from __future__ import annotations

import pytest

from espalier.check.checks import CHECKS, checks
from espalier.check.stored import now, seeded
from espalier.check.use.forms import whole_record
from espalier.runtime import automations, outbox
from espalier.runtime.forms.form import RecordForm
from espalier.runtime.records import Records
from espalier.runtime.records.steps import Acting
from espalier.runtime.records.write import Writing
from tests.check.writing import LIBRARY, run, said, subject_of, swapped

NAMES = (
    "forms_fill", "forms_save", "forms_refuse", "rules_hold", "unique_holds", "actions_do", "boards_move", "edits_save",
    "marks_count", "automations_run",
)  # fmt: skip


def test_an_honest_app_passes():
    checks("use")
    subject = subject_of(LIBRARY)
    for name in NAMES:
        result = CHECKS[name].run(subject)
        assert result.share == 1, f"{name}: {said(result)}"
        assert result.looked_at >= (
            3 if name in ("forms_fill", "forms_save", "forms_refuse", "automations_run") else 1
        ), name
        assert not seeded(subject).changes(now(subject)), f"{name} leaves something behind"
    subject.close()


def test_an_honest_app_passes_in_part():
    for salt in ("a", "b", "c", "d"):
        for name in NAMES:
            result = run(name, thorough=False, salt=salt)
            assert result.share in (None, 1), f"{name}: {said(result)}"


def test_the_same_twice():
    first, second = (run("forms_fill", swapped("due > today", "due < today and due > today")) for _ in range(2))
    assert said(first) == said(second) != ""


# --- forms that cannot be filled in -------------------------------------------------------------------------------------


def test_a_rule_that_nothing_keeps():
    text = swapped("due > today", "due < today and due > today + 3 days")
    assert "whatever is filled in, it is refused: Bring it back after today" in said(run("forms_fill", text))
    assert "nothing that can be filled in keeps this rule" in said(run("rules_hold", text))


def test_a_required_reference_that_this_person_cannot_see():
    text = swapped("Book: {read: anyone, write: librarian}", "Book: {read: reader, write: reader}")
    assert "may see no book to choose" in said(run("forms_fill", text))


def test_a_required_field_that_nobody_may_give():
    text = swapped("Loan: {read: own or librarian,", "Loan: {due: {write: nobody}, read: own or librarian,")
    assert "`due` is required, but the form does not ask for it" in said(run("forms_fill", text))


def test_a_person_who_may_never_make_one():
    text = swapped("create: librarian, update: librarian", "create: librarian and due < today, update: librarian")
    assert "whatever is filled in, this person may not make that loan" in said(run("forms_fill", text))


def test_a_field_in_the_form_that_may_be_set_in_other_records_only():
    text = swapped("Loan: {read: own or librarian,", "Loan: {note: {write: due < today}, read: own or librarian,")
    assert "the form asks for `note`" in said(run("forms_fill", text))


def test_rules_are_met_by_looking_further():
    """Values that no list of samples holds: between two others of the record, after a date of the record referred to."""
    text = """\
app: Looking
data:
  Season:
    name: text!
    opens: date!
  Trip:
    season: Season!
    starts: date!
    ends: date!
    people: int!
    guides: int!
    code: text!
    rules:
      The season has not opened: starts >= season.opens
      It ends before it starts: ends > starts and ends <= starts + 2 days
      One guide for six: guides * 6 >= people and guides <= people
      Not so few: people >= 4321
      Begin the code with T: contains(code, "T-")
access:
  Trip: {create: user}
pages:
  Home:
    - form: Trip
seed:
  Season:
    - Winter | 2031-05-06
"""
    found = said(run("forms_fill", text))
    assert "Begin the code" in found  # no sample holds it, and nothing says what to write
    text = text.replace('      Begin the code with T: contains(code, "T-")\n', "")
    assert run("forms_fill", text).share == 1
    assert run("forms_save", text).share == 1


def test_a_record_is_made_first_where_there_is_none():
    without = LIBRARY[: LIBRARY.index("  Book:\n    - Middle")] + LIBRARY[LIBRARY.index("automations:") :]
    result = run("forms_save", without)
    assert result.share == 1 and result.looked_at >= 4, said(result)


# --- forms that are there and do something else -------------------------------------------------------------------------


def test_a_form_that_drops_what_was_sent(monkeypatch):
    real = Writing.put

    def put(self, entity, values, **more):
        return real(self, entity, {name: value for name, value in values.items() if name != "price"}, **more)

    monkeypatch.setattr(Writing, "put", put)
    assert "`price` is nothing instead of" in said(run("forms_save"))


def test_a_form_that_forgets_its_preset(monkeypatch):
    real = Writing.create

    def create(self, entity, values, preset=None, **more):
        return real(self, entity, values, **more)

    monkeypatch.setattr(Writing, "create", create)
    assert "`shelf` is A instead of B" in said(run("forms_save"))


def test_a_form_that_saves_nothing(monkeypatch):
    monkeypatch.setattr(RecordForm, "save", lambda self: self)
    assert "no Book was saved" in said(run("forms_save"))


def test_a_form_that_refuses_everything(monkeypatch):
    monkeypatch.setattr(RecordForm, "save", lambda self: self.errors.update(title="Never.") or None)
    assert "refused: " in said(run("forms_save"))


def test_a_form_that_is_not_there(monkeypatch):
    monkeypatch.setattr("espalier.runtime.blocks.form.Form.open", False)
    assert "the form is not there for somebody who may send it" in said(run("forms_save"))


def test_a_slip_without_words(monkeypatch):
    real = RecordForm.box

    def box(self, name):
        made = real(self, name)
        made.error = "" if name == "copies" else made.error
        return made

    monkeypatch.setattr(RecordForm, "box", box)
    assert "without a word at the field" in said(run("forms_refuse"))
    in_part = "".join(said(run("forms_refuse", thorough=False, salt=str(salt))) for salt in range(60))
    assert "without a word at the field" in in_part


def test_a_slip_that_is_saved(monkeypatch):
    real = RecordForm.save

    def save(self):
        saved = real(self)
        if saved is None:
            self.visit.records.put("Book", {"title": "Half", "code": "half", "copies": 1}, owner=None)
        return saved

    monkeypatch.setattr(RecordForm, "save", save)
    assert "something was saved" in said(run("forms_refuse"))


def test_a_form_that_takes_everything(monkeypatch):
    monkeypatch.setattr(Writing, "_check_complete", lambda *given: None)
    monkeypatch.setattr(RecordForm, "check", lambda self, only=None: True)
    assert "instead of the form again" in said(run("forms_refuse"))


# --- rules and what is unique -------------------------------------------------------------------------------------------


def test_a_rule_that_is_not_asked(monkeypatch):
    monkeypatch.setattr(Writing, "_check_rules", lambda *given: None)
    assert "a record that breaks it is saved" in said(run("rules_hold"))


def test_a_rule_that_says_nothing():
    text = swapped("    copies: int! 1..20", "    rules:\n      Have one: copies > 0\n    copies: int! 1..20")
    assert "nothing that can be filled in breaks this rule" in said(run("rules_hold", text))


def test_a_rule_about_other_records_is_not_called_empty():
    assert run("rules_hold").share == 1  # `None is left` is broken only when all copies are out


def test_unique_without_an_index(monkeypatch):
    from espalier.runtime.storage.tables import Tables

    real = Tables._table

    def table(self, entity):
        made = real(self, entity)
        for index in list(made.indexes):
            index.unique = False
        return made

    monkeypatch.setattr(Tables, "_table", table)
    text = LIBRARY.replace("code", "sign")  # tables are kept for equal blueprints
    assert "the same is saved twice" in said(run("unique_holds", text))


# --- actions ------------------------------------------------------------------------------------------------------------


def test_an_action_that_can_never_be_pressed():
    text = swapped("if shelf != Attic, shelf = Attic", "if copies > 30, shelf = Attic")
    assert "it can never be pressed" in said(run("actions_do", text, thorough=False))


def test_an_action_whose_steps_break_a_rule():
    text = swapped("copies = 1]", "copies = 1, price = -5]").replace(
        "    likes: marks\n", "    likes: marks\n    rules:\n      Not less than nothing: price >= 0\n"
    )
    assert "refused whatever is answered: Not less than nothing" in said(run("actions_do", text, thorough=False))


def test_an_action_that_leaves_what_is_required_empty():
    text = swapped("        - ask Loan.due\n", "")
    assert "`due` of the Loan is required, and nothing gives it" in said(run("actions_do", text, thorough=False))


def test_an_action_that_does_something_else(monkeypatch):
    real = Acting._set
    monkeypatch.setattr(Acting, "_set", lambda self, path, *rest: None if path == "copies" else real(self, path, *rest))
    assert "Book.copies is" in said(run("actions_do"))


def test_an_action_that_writes_to_nobody(monkeypatch):
    monkeypatch.setattr(outbox, "send", lambda *given, **more: None)
    assert "email to ada@example.com was not written" in said(run("actions_do"))


def test_placeholders_that_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(Acting, "filled", lambda self, text, *rest: text)
    assert "was not written" in said(run("actions_do"))


def test_an_action_that_anybody_may_press(monkeypatch):
    from sqlalchemy import true

    monkeypatch.setattr(Acting, "_may_act", lambda *given: true())
    found = said(run("actions_do"))
    assert "as anyone: it may not be pressed" in found
    assert "where its `if` does not hold: it may not be pressed" in found


def test_a_record_is_brought_where_an_action_can_be_pressed():
    text = swapped("if returned = null, returned = today", "if note = Lost, returned = today").replace(
        "    note: long", "    note: Fine | Lost = Fine"
    )
    result = run("actions_do", text)
    assert result.share == 1 and result.looked_at > 6, said(result)


# --- boards, edits, marks -----------------------------------------------------------------------------------------------


def test_a_board_whose_cards_come_back(monkeypatch):
    monkeypatch.setattr(Writing, "change", lambda *given: [])
    assert "`shelf` is" in said(run("boards_move"))
    assert "instead of" in said(run("edits_save"))


def test_an_edit_that_changes_more(monkeypatch):
    real = Writing.change

    def change(self, entity, id, values):
        return real(self, entity, id, {**values, "price": None} if entity == "Book" else values)

    monkeypatch.setattr(Writing, "change", change)
    assert "price of Book" in said(run("edits_save"))


def test_cells_that_nobody_may_edit():
    text = swapped(
        "Book: {read: anyone, write: librarian}", "Book: {read: anyone, create: librarian, copies: {write: nobody}}"
    )
    assert "nobody who may open this page may change copies" in said(run("edits_save", text))


def test_marks_that_count_every_time(monkeypatch):
    real = Records.mark
    monkeypatch.setattr(Records, "mark", lambda self, entity, id, field, on=None: real(self, entity, id, field, None))
    assert "marked twice, it counts" in said(run("marks_count"))


def test_marks_that_nobody_may_put():
    text = swapped("Book: {read: anyone,", "Book: {likes: {write: nobody}, read: anyone,")
    assert "nobody who can read it may mark it" in said(run("marks_count", text, thorough=False))


# --- automations --------------------------------------------------------------------------------------------------------


def test_automations_that_do_nothing(monkeypatch):
    monkeypatch.setattr(Acting, "_tell", lambda *given: None)
    assert len(run("automations_run").findings) == 4


def test_an_automation_that_repeats(monkeypatch):
    from sqlalchemy import true

    monkeypatch.setattr(automations, "_not_done", lambda *given: true())
    real = automations._do

    def do(records, occasion):
        import dataclasses
        import secrets

        return real(records, dataclasses.replace(occasion, key=secrets.token_hex(4)))

    monkeypatch.setattr(automations, "_do", do)
    assert "it happens again at the next tick" in said(run("automations_run"))


@pytest.mark.parametrize("who", ["me", "note"])
def test_an_automation_that_can_reach_nobody(who):
    text = swapped('2 days before Loan.due: email reader "', f'2 days before Loan.due: email {who} "').replace(
        "note: long", "note: email"
    )
    text = text.replace("Loan: {read: own", "Loan: {note: {write: nobody}, read: own")
    found = said(run("automations_run", text, thorough=False))
    assert ("can never be anybody here" in found) == (who == "me"), found


def test_the_clock_is_put_back():
    checks("use")
    subject = subject_of(LIBRARY)
    before = subject.now
    CHECKS["automations_run"].run(subject)
    assert subject.now == before and not seeded(subject).changes(now(subject))


# --- the search itself --------------------------------------------------------------------------------------------------


def test_breaking_one_rule_keeps_the_others():
    subject = subject_of(LIBRARY)
    stored = seeded(subject)
    search = whole_record(stored, "Loan", subject.cast.admin)
    kept = search.meet_all()
    assert kept.broken is None
    rule = next(one for one in search.conditions if one.words == "Bring it back after today")
    broken = search.break_only(rule, kept.given)
    assert [one.words for one in search.conditions if not one.holds(broken.record)] == [rule.words]


# --- parts that are filled in with their whole ----------------------------------------------------------------------------

ORDERS = """\
app: Parts
data:
  Order:
    name: text!
    lines: int = count(Line)
  Line:
    order: Order! part
    what: text!
    many: int! = 1
    rules:
      Not so many: many < 4
access:
  Order: {read: user, write: user}
pages:
  Home:
    - form: Order
"""


def test_parts_are_saved_with_their_whole(monkeypatch):
    from espalier.runtime.forms.form import Lines

    result = run("forms_save", ORDERS)
    assert result.share == 1, said(result)
    monkeypatch.setattr(Lines, "save", lambda *given: None)
    assert "0 Line were saved with it instead of one" in said(run("forms_save", ORDERS))
