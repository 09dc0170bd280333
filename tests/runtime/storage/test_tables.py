"""Tables made from blueprints: columns, rules, and names of every kind."""

from __future__ import annotations

import keyword
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from support import add, blueprint, column

from espalier.blueprint.names import RESERVED_FIELDS
from espalier.runtime.storage import Database, Tables
from espalier.runtime.storage.tables import table_names


def test_the_database_itself_refuses_what_the_blueprint_forbids():
    database = Database.open(
        None,
        blueprint(
            {
                "Room": {
                    "code": "text unique",
                    "beds": "int 1..5",
                    "price": "money 0..100",
                    "stars": "rating",
                    "kind": "Single | It's: 100%",
                }
            }
        ),
    )
    add(database, "Room", code="A", beds=5, price="100", stars="5", kind="It's: 100%")
    table = database.tables["Room"]
    for wrong in ({"code": "A"}, {"beds": 6}, {"price": 10_001}, {"price": -1}, {"stars": 6}, {"kind": "Double"}):
        with pytest.raises(IntegrityError), database.write() as connection:
            connection.execute(table.update().where(table.c.id == 1).values(wrong))
            if "code" in wrong:
                connection.execute(table.insert().values(created=date(2027, 1, 1), updated=date(2027, 1, 1), **wrong))


def test_what_is_deleted_with_a_record():
    database = Database.open(
        None,
        blueprint({
            "Firm": {"name": "text!"},
            "Part": {"firm": "Firm! part", "name": "text"},
            "Needs": {"firm": "Firm!"},
            "May": {"firm": "Firm", "firms": ["Firm"], "likes": "marks"},
        }),
    )  # fmt: skip
    first, second = add(database, "Firm", name="One"), add(database, "Firm", name="Two")
    person = add(database, "User", name="Ana", email="ana@example.com")
    add(database, "Part", firm=first, name="p")
    add(database, "Needs", firm=second)
    may = add(database, "May", firm=first, firms=[first, second], likes=[person], owner=person)
    firm = database.tables["Firm"]
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(firm.delete().where(firm.c.id == second))
    with database.write() as connection:
        connection.execute(firm.delete().where(firm.c.id == first))
        user = database.tables["User"]
        connection.execute(user.delete().where(user.c.id == person))
    assert column(database, "Part", "name") == {}
    assert column(database, "May", "firm") == {may: None}
    assert column(database, "May", "firms") == {may: [second]}
    assert column(database, "May", "likes") == {}
    with database.read() as connection:
        assert connection.execute(database.tables["May"].select()).one().owner is None


def test_a_person_marks_a_record_once():
    database = Database.open(None, blueprint({"Post": {"title": "text", "likes": "marks"}}))
    person = add(database, "User", name="Ana", email="ana@example.com")
    with pytest.raises(IntegrityError):
        add(database, "Post", title="One", likes=[person, person])


def test_ids_are_never_given_twice():
    database = Database.open(None, blueprint({"Post": {"title": "text"}}))
    first = add(database, "Post", title="One")
    with database.write() as connection:
        connection.execute(database.tables["Post"].delete())
    assert add(database, "Post", title="Two") > first


SQL_AND_HTML = [
    "select",
    "from",
    "table",
    "order",
    "group",
    "index",
    "values",
    "default",
    "check",
    "primary",
    "references",
    "script",
    "style",
    "rank",
    "rowid",
]
OTHERS = ["名前", "größe", "имя", "content", "c", "keys", "items", "metadata", "record", "target", "position", "x" * 40]


def test_field_names_that_mean_something_elsewhere():
    wanted = [
        name
        for name in (*SQL_AND_HTML, *keyword.kwlist, *OTHERS)
        if name == name.lower() and name not in RESERVED_FIELDS
    ]
    names = list(dict.fromkeys(wanted))[:58]
    assert {"名前", "select", "class", "rank"} <= set(names)
    database = Database.open(None, blueprint({"Thing": dict.fromkeys(names, "text unique") | {"many": ["Thing"]}}))
    add(database, "Thing", **{name: f"word {name}" for name in names})
    for name in names:
        assert column(database, "Thing", name) == {1: f"word {name}"}
    with database.write() as connection:
        found = connection.execute(
            database.tables["Thing"].select().where(database.search_condition("Thing", "word rank", ["rank"]))
        ).all()
    assert len(found) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Select",
        "Table",
        "Order",
        "Group",
        "User名",
        "商品",
        "Größe",
        "Class",
        "SqliteMaster",
        "EspalierVersion",
        "X" * 40,
        "PgClass",
    ],
)
def test_entity_names_that_mean_something_elsewhere(name, path):
    data = {name: {"title": "text", "others": [name], "other": name}}
    database = Database.open(path, blueprint(data))
    add(database, name, title="One")
    add(database, name, title="Two", other=1, others=[1, 2])
    database.close()
    database = Database.open(
        path,
        blueprint({"Renamed": {"title": "long", "others": ["Renamed"], "other": "Renamed"}}),
        renames={name: "Renamed"},
    )
    assert column(database, "Renamed", "others") == {2: [1, 2]}
    assert column(database, "Renamed", "title") == {1: "One", 2: "Two"}
    database.close()


def test_entities_whose_tables_would_have_the_same_name():
    assert table_names(("AB", "Ab", "User")) == {"User": "user", "AB": "ab", "Ab": "ab_2"}
    database = Database.open(
        None, blueprint({"OrderLine": {"a": "text"}, "Order_line": {"b": "text"}, "USER": {"c": "text"}})
    )
    add(database, "OrderLine", a="x")
    add(database, "Order_line", b="y")
    add(database, "USER", c="z")
    assert database.tables["User"].name == "user"
    assert (column(database, "OrderLine", "a"), column(database, "Order_line", "b"), column(database, "USER", "c")) == (
        {1: "x"},
        {1: "y"},
        {1: "z"},
    )


def test_tables_that_change_places_when_entities_do(path):
    database = Database.open(path, blueprint({"OrderLine": {"a": "text"}, "Order_line": {"b": "text"}}))
    add(database, "OrderLine", a="x")
    add(database, "Order_line", b="y")
    database.close()
    database = Database.open(path, blueprint({"Order_line": {"b": "text"}, "OrderLine": {"a": "text", "more": "int"}}))
    assert (column(database, "OrderLine", "a"), column(database, "Order_line", "b")) == ({1: "x"}, {1: "y"})
    database.close()


def test_whose_a_record_is():
    said = Tables(blueprint({
        "Plain": {"name": "text"},
        "Named": {"owner": "User!", "name": "text"},
        "Marked": {"student": "User! owner", "name": "text"},
    }))  # fmt: skip
    assert said.owner("Plain").name == "owner"
    assert said.owner("Named").name == "owner"
    assert said.owner("Marked").name == "student"
    assert said.maker("Marked").name == "owner"
