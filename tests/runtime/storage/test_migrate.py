"""Every kind of change of a blueprint, over rows that are there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from support import add, blueprint, column, dump, reopen

from espalier.runtime.storage import Database, Refused
from espalier.runtime.storage.plan import plan
from espalier.runtime.storage.serial import next_serial

CLIENTS = {"Client": {"name": "text!", "phone": "phone"}}


def filled(path, data, entity="Client", rows=({"name": "Ana", "phone": "555 0100"}, {"name": "Bo"})):
    database = Database.open(path, blueprint(data))
    for row in rows:
        add(database, entity, **row)
    return database


def test_an_entity_is_added_dropped_and_comes_back(path):
    both = CLIENTS | {"Visit": {"client": "Client!", "day": "date", "guests": ["Client"]}}
    database = reopen(filled(path, CLIENTS), both)
    add(database, "Visit", client=1, day="2027-03-01", guests=[2, 1])
    before = dump(database)
    database = reopen(database, CLIENTS)
    assert "Visit" not in database.tables
    # What waits aside stands in nobody's way.
    with database.write() as connection:
        connection.execute(database.tables["Client"].delete().where(database.tables["Client"].c.id == 2))
    add(database, "Client", name="Cy")
    database = reopen(database, both)
    assert column(database, "Visit", "client") == {1: 1}
    assert column(database, "Visit", "guests") == {1: [1]}
    assert dump(database)["visit"] == before["visit"]
    assert add(database, "Visit", client=1) == 2
    database.close()


def test_ids_are_not_given_again_after_an_entity_came_back(path):
    database = filled(path, CLIENTS | {"Tag": {"name": "text"}})
    with database.write() as connection:
        connection.execute(database.tables["Client"].delete().where(database.tables["Client"].c.id == 2))
    database = reopen(database, {"Tag": {"name": "text"}})
    database = reopen(database, CLIENTS | {"Tag": {"name": "long"}})
    assert add(database, "Client", name="Cy") == 3
    database.close()


def test_parts_of_what_was_deleted_meanwhile_do_not_come_back(path):
    data = CLIENTS | {"Pet": {"client": "Client! part", "name": "text"}, "Toy": {"pet": "Pet! part", "name": "text"}}
    database = filled(path, data)
    for client in (1, 2):
        pet = add(database, "Pet", client=client, name=f"Pet {client}")
        add(database, "Toy", pet=pet, name=f"Toy {client}")
    database = reopen(database, CLIENTS)
    with database.write() as connection:
        connection.execute(database.tables["Client"].delete().where(database.tables["Client"].c.id == 2))
    database = reopen(database, data)
    assert (column(database, "Pet", "name"), column(database, "Toy", "name")) == ({1: "Pet 1"}, {1: "Toy 1"})
    database.close()


def test_a_field_is_dropped_and_comes_back(path):
    database = reopen(filled(path, CLIENTS), {"Client": {"name": "text!"}})
    add(database, "Client", name="Cy")
    database = reopen(database, CLIENTS)
    assert column(database, "Client", "phone") == {1: "555 0100", 2: None, 3: None}
    database.close()


def test_another_type_under_the_same_name_keeps_both(path):
    without = {"Client": {"name": "text!"}}
    number = {"Client": {"name": "text!", "phone": "int"}}
    database = reopen(reopen(filled(path, CLIENTS), without), number)
    assert column(database, "Client", "phone") == {1: None, 2: None}
    with database.write() as connection:
        connection.execute(database.tables["Client"].update().values(phone=7))
    database = reopen(reopen(database, without), CLIENTS)
    assert column(database, "Client", "phone") == {1: "555 0100", 2: None}
    database = reopen(reopen(database, without), number)
    assert column(database, "Client", "phone") == {1: 7, 2: 7}
    database.close()


def test_another_entity_of_the_same_name_begins_empty(path):
    database = reopen(filled(path, CLIENTS | {"Tag": {"name": "text"}}), {"Tag": {"name": "text"}})
    database = reopen(database, {"Tag": {"name": "text"}, "Client": {"phone": "int", "other": "text"}})
    assert column(database, "Client", "phone") == {}
    add(database, "Client", phone="1")
    database = reopen(database, {"Tag": {"name": "text"}})
    database = reopen(database, CLIENTS | {"Tag": {"name": "text"}})
    assert column(database, "Client", "phone") == {1: "555 0100", 2: None}
    database.close()


def test_what_referred_to_the_one_that_went_does_not_take_to_its_namesake(path):
    tag = {"Tag": {"name": "text", "client": "Client"}}
    database = filled(path, CLIENTS | tag)
    add(database, "Tag", name="x", client=1)
    database = reopen(database, {"Tag": {"name": "text"}})
    other = {"Client": {"name": "int"}}
    database = reopen(database, other | tag)
    assert column(database, "Tag", "client") == {1: None}
    database = reopen(reopen(database, {"Tag": {"name": "text"}}), CLIENTS | tag)
    assert column(database, "Tag", "client") == {1: 1}
    database.close()


@pytest.mark.parametrize("told", [True, False])
def test_renames_and_back(told, path):
    old = CLIENTS | {"Visit": {"client": "Client!", "who": ["Client"], "likes": "marks"}}
    new = {
        "Customer": {"name": "text!", "mobile": "phone"},
        "Visit": {"customer": "Customer!", "who": ["Customer"], "likes": "marks"},
    }
    database = filled(path, old)
    person = add(database, "User", name="Ana", email="ana@example.com")
    add(database, "Visit", client=1, who=[2], likes=[person])
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO espalier_file (name, original, type, size, entity, field, record, created) VALUES ('f', 'f', 't', 1, 'Client', 'phone', 1, 'x')"
        )
    before = dump(database)
    renames = {"Client": "Customer", "Client.phone": "mobile", "Visit.client": "Visit.customer"}
    database = reopen(database, new, renames=renames)
    assert column(database, "Customer", "mobile") == {1: "555 0100", 2: None}
    assert column(database, "Visit", "customer") == {1: 1}
    assert column(database, "Visit", "who") == {1: [2]}
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT entity, field FROM espalier_file").one() == ("Customer", "mobile")
    # The same renames may be given again; they are passed over.
    database = reopen(database, new | {"More": {"x": "text"}}, renames=renames)
    back = {"Customer": "Client", "Customer.mobile": "Client.phone", "Visit.customer": "client"}
    database = reopen(database, old, renames=back if told else None)
    assert dump(database) == before
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT entity, field FROM espalier_file").one() == ("Client", "phone")
    database.close()


def test_two_change_their_names_with_each_other(path):
    database = filled(
        path, {"A": {"x": "text", "y": "text", "z": "int"}, "B": {"x": "text"}}, "A", [{"x": "1", "y": "2"}]
    )
    add(database, "B", x="b")
    database = reopen(
        database,
        {"A": {"x": "text"}, "B": {"x": "text", "y": "text"}},
        renames={"A": "B", "B": "A", "A.x": "y", "A.y": "x"},
    )
    assert (column(database, "B", "x"), column(database, "B", "y"), column(database, "A", "x")) == (
        {1: "2"},
        {1: "1"},
        {1: "b"},
    )
    database.close()


def test_a_new_entity_takes_the_name_of_one_that_was_renamed(path):
    database = reopen(
        filled(path, CLIENTS),
        {"Client": {"name": "text!"}, "Customer": {"name": "text!", "phone": "phone"}},
        renames={"Client": "Customer"},
    )
    assert column(database, "Customer", "phone") == {1: "555 0100", 2: None}
    assert column(database, "Client", "name") == {}
    database.close()


def test_a_required_field_is_added_to_rows(path):
    new = {
        "Client": CLIENTS["Client"]
        | {
            "level": "Low | High! = Low",
            "since": "date! = today - 1 week",
            "note": "text!",
            "number": "serial C-010",
            "code": "int! unique = 5",
        }
    }
    database = filled(path, CLIENTS)
    notes = database.plan(blueprint(new)).notes
    assert "Clients get a note; where there is no default, it is asked for when one of the 2 is changed next." in notes
    database = reopen(database, new)
    assert column(database, "Client", "level") == {1: "Low", 2: "Low"}
    assert all(isinstance(day, date) for day in column(database, "Client", "since").values())
    assert column(database, "Client", "note") == {1: None, 2: None}
    assert column(database, "Client", "number") == {1: "C-010", 2: "C-011"}
    assert column(database, "Client", "code") == {1: None, 2: None}
    database.close()


KEPT = [
    ("text", "Ana", "long", "Ana"),
    ("long", "Ana", "text", "Ana"),
    ("text", "ana@Example.com", "email", "ana@example.com"),
    ("text", "example.com/x", "url", "https://example.com/x"),
    ("text", "007", "int", 7),
    ("text", "1,250.5", "number", 1250.5),
    ("text", "12.5", "money", Decimal("12.50")),
    ("text", "2027-03-01", "date", date(2027, 3, 1)),
    ("text", "open", "Open | Closed", "Open"),
    ("text", "yes", "bool", True),
    ("text", "a, b", "tags", ["a", "b"]),
    ("text", "#FFF", "color", "#ffffff"),
    ("Open | Closed", "Open", "text", "Open"),
    ("Open | Closed", "Open", "Open | Done", "Open"),
    ("Open | Closed", "Open", ["Open | Closed"], ["Open"]),
    (["Open | Closed"], "Open", "Open | Closed", "Open"),
    ("int", "3", "number", 3.0),
    ("int", "3", "money", Decimal("3.00")),
    ("int", "3", "text", "3"),
    ("int", "1", "bool", True),
    ("int", "3", "int 1..5", 3),
    ("bool", "yes", "int", 1),
    ("number", "3.0", "int", 3),
    ("money", "3.00", "int", 3),
    ("money", "3.25", "number", 3.25),
    ("rating", "4", "int", 4),
    ("date", "2027-03-01", "datetime", datetime(2027, 3, 1)),
    ("datetime", "2027-03-01 00:00", "date", date(2027, 3, 1)),
    ("datetime", "2027-03-01 14:30", "text", "2027-03-01 14:30"),
    ("tags", "a, b", "text", "a, b"),
    ("text", '{"a": 1}', "json", {"a": 1}),
    ("image", "x.png", "file", "x.png"),
    ("image", "x.png", ["image"], ["x.png"]),
]


@pytest.mark.parametrize(("before", "text", "after", "value"), KEPT)
def test_values_are_carried_to_another_type_and_back(before, text, after, value, path):
    database = filled(path, {"Thing": {"x": before, "y": "int"}}, "Thing", [{"x": text}, {"y": "1"}])
    was = dump(database)
    database = reopen(database, {"Thing": {"x": after, "y": "int"}})
    assert column(database, "Thing", "x") == {1: value, 2: None}
    database = reopen(database, {"Thing": {"x": before, "y": "int"}})
    assert dump(database) == was
    database.close()


LOST = [
    ("text", "seven", "int", "must be a whole number"),
    ("text", "nobody", "email", "must be an email address"),
    ("text", "Open", "Closed | Done", "must be one of Closed, Done"),
    ("text", "x" * 100 + ".png", "image", "is not an uploaded file"),
    ("long", "One\n\ntwo", "text", "holds several lines"),
    ("Open | Closed", "Closed", "Open | Done", "is no longer one of the choices"),
    (["Open | Closed"], "Open, Closed", "Open | Closed", "only one fits"),
    (["Open | Closed"], "Open, Closed", ["Open | Done"], "is no longer one of the choices"),
    ("number", "3.5", "int", "must be a whole number"),
    ("money", "3.50", "int", "must be a whole number"),
    ("number", "3.125", "money", "must be an amount"),
    ("int", "7", "int 1..5", "must be 5 or less"),
    ("int", "7", "rating", "must be 5 or less"),
    ("int", "2", "bool", "must be yes or no"),
    ("money", "7.00", "money 0..5", "must be 5 or less"),
    ("datetime", "2027-03-01 14:30", "date", "would become `2027-03-01`"),
]


@pytest.mark.parametrize(("before", "text", "after", "why"), LOST)
def test_a_change_that_would_lose_values_is_refused_with_the_rows(before, text, after, why, path):
    data = {"Thing": {"name": "text", "x": before}}
    database = filled(path, data, "Thing", [{"name": "First", "x": text}, {"name": "Second"}])
    was = dump(database)
    planned = database.plan(blueprint({"Thing": {"name": "text", "x": after, "more": "int"}}))
    assert planned.refused is not None
    with pytest.raises(Refused, match="1 row stands in the way") as caught:
        reopen(database, {"Thing": {"name": "text", "x": after, "more": "int"}})
    [row] = caught.value.rows
    assert (row.entity, row.id, row.title) == ("Thing", 1, "First")
    assert why in row.why
    assert row.value in text or row.value == text[:80]
    database = Database.open(path, blueprint(data))
    assert dump(database) == was
    database.close()


def test_at_most_twenty_rows_are_named(path):
    database = filled(path, {"Thing": {"x": "text"}}, "Thing", [{"x": f"word {number}"} for number in range(25)])
    with pytest.raises(Refused, match="and 5 more") as caught:
        reopen(database, {"Thing": {"x": "int"}})
    assert (caught.value.count, len(caught.value.rows)) == (25, 20)


def test_one_reference_and_many(path):
    one, many = {"A": {"name": "text"}, "B": {"a": "A"}}, {"A": {"name": "text"}, "B": {"a": ["A"]}}
    database = filled(path, one, "A", [{"name": "x"}, {"name": "y"}])
    add(database, "B", a=1)
    add(database, "B")
    database = reopen(database, many)
    assert column(database, "B", "a") == {1: [1]}
    database = reopen(database, one)
    assert column(database, "B", "a") == {1: 1, 2: None}
    database = reopen(database, many)
    add(database, "B", a=[2, 1])
    with pytest.raises(Refused, match="only one fits"):
        reopen(database, one)


def test_a_reference_to_another_entity(path):
    data = {"A": {"name": "text"}, "B": {"name": "text"}, "C": {"to": "A"}}
    database = filled(path, data, "A", [{"name": "x"}])
    add(database, "B", name="x")
    add(database, "C")
    database = reopen(database, data | {"C": {"to": "B"}})
    database = reopen(database, data)
    add(database, "C", to=1)
    with pytest.raises(Refused, match="is a record of A, not of B") as caught:
        reopen(database, data | {"C": {"to": "B"}})
    assert caught.value.rows[0].value == "x"


def test_text_becomes_a_reference_by_name_and_back(path):
    text, reference = {"A": {"name": "text"}, "C": {"to": "text"}}, {"A": {"name": "text"}, "C": {"to": "A!"}}
    database = filled(path, text, "A", [{"name": "Acme"}, {"name": "Bell"}])
    add(database, "C", to="bell")
    was = dump(database)
    database = reopen(database, reference)
    assert column(database, "C", "to") == {1: 2}
    database = reopen(database, text)
    assert dump(database) == was
    add(database, "C", to="Nobody")
    with pytest.raises(Refused, match="is not the name of just one record of A"):
        reopen(database, reference)


def test_unique_over_doubles_is_refused(path):
    data = {"Thing": {"name": "text", "code": "text", "group": "int"}}
    database = filled(
        path,
        data,
        "Thing",
        [
            {"name": "a", "code": "x", "group": "1"},
            {"name": "b", "code": "x", "group": "2"},
            {"name": "c"},
            {"name": "d"},
        ],
    )
    with pytest.raises(Refused) as caught:
        reopen(database, {"Thing": data["Thing"] | {"code": "text unique"}})
    assert [(row.id, row.title, row.value) for row in caught.value.rows] == [(2, "b", "x")]
    together = {"Thing": data["Thing"] | {"unique": ["code", "group"]}}
    database = Database.open(path, blueprint(together))
    with pytest.raises(IntegrityError):
        add(database, "Thing", name="e", code="x", group="1")
    database = reopen(database, data)
    add(database, "Thing", name="e", code="x", group="1")
    with pytest.raises(Refused, match="`code` with `group`"):
        reopen(database, together)


def test_a_running_number_goes_on(path):
    data = {"Bill": {"title": "text", "number": "serial B-001"}}
    text = {"Bill": {"title": "text", "number": "text"}}
    database = filled(path, text, "Bill", [{"title": "x"}, {"title": "y"}])
    before = dump(database)
    database = reopen(database, data)
    assert column(database, "Bill", "number") == {1: "B-001", 2: "B-002"}
    database = reopen(database, text)
    assert dump(database) == before  # what the app had given is taken back
    database = reopen(database, data)
    was = dump(database)
    database = reopen(database, {"Bill": {"title": "text", "number": "text"}})
    database = reopen(database, data)
    assert dump(database) == was
    with database.write() as connection:
        assert (
            next_serial(connection, database.tables, "Bill", database.tables.shape.entities["Bill"].fields["number"])
            == "B-003"
        )
    database.close()


def test_doubles_that_a_new_type_would_make_are_refused(path):
    database = filled(path, {"Thing": {"x": "text unique"}}, "Thing", [{"x": "7"}, {"x": "07"}])
    with pytest.raises(Refused, match="stands in Thing 1 too"):
        reopen(database, {"Thing": {"x": "int unique"}})


def test_what_becomes_of_parts_and_owners(path):
    plain = CLIENTS | {"Pet": {"client": "Client", "keeper": "User", "name": "text"}}
    database = filled(path, plain)
    person = add(database, "User", name="Ana", email="ana@example.com")
    add(database, "Pet", client=1, keeper=person, name="Rex")
    was = dump(database)
    database = reopen(database, CLIENTS | {"Pet": {"client": "Client! part", "keeper": "User! owner", "name": "text"}})
    assert database.tables.owner("Pet").name == "keeper"
    with database.write() as connection:
        connection.execute(database.tables["Client"].delete().where(database.tables["Client"].c.id == 2))
    database = reopen(database, plain)
    assert dump(database)["pet"] == was["pet"]
    with database.write() as connection:
        connection.execute(database.tables["Client"].delete())
    assert column(database, "Pet", "client") == {1: None}
    database.close()


def test_who_made_a_record_as_a_field_and_back(path):
    plain, field = {"Note": {"x": "text"}}, {"Note": {"x": "text", "owner": "User!"}}
    database = Database.open(path, blueprint(plain))
    person = add(database, "User", name="Ana", email="ana@example.com")
    add(database, "Note", x="1", owner=person)
    was = dump(database)
    database = reopen(database, field)
    assert column(database, "Note", "owner") == {1: person}
    database = reopen(database, {"Note": {"x": "text", "student": "User! owner"}}, renames={"Note.owner": "student"})
    assert column(database, "Note", "student") == {1: person}
    database = reopen(reopen(database, field), plain)
    assert dump(database) == was
    database.close()


def test_computed_and_stored(path):
    stored, computed = {"Line": {"a": "int", "b": "int"}}, {"Line": {"a": "int", "b": "int = a * 2"}}
    database = filled(path, stored, "Line", [{"a": "1", "b": "5"}])
    database = reopen(database, computed)
    assert "b" not in database.tables["Line"].c
    database = reopen(database, stored)
    assert column(database, "Line", "b") == {1: 5}
    database.close()


def test_marks_are_dropped_and_come_back(path):
    data = {"Post": {"title": "text", "likes": "marks"}}
    database = Database.open(path, blueprint(data))
    people = [add(database, "User", name=f"P{number}", email=f"p{number}@example.com") for number in range(2)]
    add(database, "Post", title="One", likes=people)
    was = dump(database)
    database = reopen(database, {"Post": {"title": "text"}})
    database = reopen(database, data)
    assert dump(database) == was
    database = reopen(database, {"Post": {"title": "text", "likes": ["User"]}})
    assert column(database, "Post", "likes") == {1: people}
    with pytest.raises(Refused, match=r"people's marks|only one fits"):
        reopen(database, {"Post": {"title": "text", "likes": "int"}})


def test_a_choice_that_went_stays_aside_when_it_no_longer_fits(path):
    data = {"Thing": {"x": "Open | Closed", "y": "text"}}
    database = reopen(filled(path, data, "Thing", [{"x": "Closed"}]), {"Thing": {"y": "text"}})
    database = reopen(database, {"Thing": {"y": "text", "x": "Open | Done"}})
    assert column(database, "Thing", "x") == {1: None}
    database = reopen(reopen(database, {"Thing": {"y": "text"}}), data)
    assert column(database, "Thing", "x") == {1: "Closed"}
    database.close()


def test_a_person_reads_what_will_happen():
    database = Database.open(None, blueprint(CLIENTS | {"Visit": {"day": "date"}}))
    add(database, "Client", name="Ana", phone="555 0100")
    add(database, "Client", name="Bo", phone="555 0101")
    was = dump(database)
    planned = database.plan(blueprint({"Client": {"name": "text!", "born": "date"}}))
    assert planned.notes == [
        "Clients get a born.",
        "`phone` of clients is no longer used; 2 values are kept aside and come back when the field does.",
        "Visits are no longer used: there are none.",
    ]
    assert dump(database) == was
    alone = plan(blueprint(CLIENTS), blueprint({"Customer": CLIENTS["Client"]}), {"Client": "Customer"})
    assert alone.notes == ["Clients are called customers from now on."]
