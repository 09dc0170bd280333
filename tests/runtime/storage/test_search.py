"""Looking for text: what is found, what never breaks, and what nobody may look into."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import add, blueprint, reopen

from espalier.runtime.storage import Database

DATA = {
    "Note": {
        "title": "text",
        "body": "long",
        "words": "tags",
        "level": "Low | Very high",
        "secret": "text",
        "rank": "text",
        "stars": "int",
    }
}
OPEN = ["title", "body", "words", "level", "rank"]


def found(database: Database, text: str, fields: list[str] | None = None, entity: str = "Note") -> list[int]:
    with database.read() as connection:
        condition = database.search_condition(entity, text, OPEN if fields is None else fields)
        table = database.tables[entity]
        return list(connection.execute(table.select().where(condition).order_by(table.c.id)).scalars())


def filled(path=None) -> Database:
    database = Database.open(path, blueprint(DATA))
    add(
        database,
        "Note",
        title="Crème brûlée recipe",
        body="Vanilla and sugar",
        words="dessert, french",
        secret="garlic",
    )
    add(database, "Note", title="北京烤鸭 roast duck", level="Very high", rank="first-class")
    add(database, "Note", title="C++ & 100% 'quotes' \"double\" 🦆", body="a_b")
    return database


@pytest.mark.parametrize("kept", ["file", "memory"])
def test_words_are_found_by_their_beginnings_in_any_field(kept, path):
    database = filled(path if kept == "file" else None)
    assert found(database, "creme") == [1]
    assert found(database, "BRÛL sug french") == [1]
    assert found(database, "very") == [2]
    assert found(database, "first-cl") == [2]
    assert found(database, "recipe duck") == []
    assert found(database, "rulee") == []
    assert found(database, "") == found(database, "  \x00 ") == [1, 2, 3]
    database.close()


def test_scripts_without_spaces_and_signs(path):
    database = filled(path)
    assert found(database, "烤鸭") == [2]
    assert found(database, "烤鸭 roa") == [2]
    assert found(database, "烤鸡") == []
    assert found(database, "🦆") == [3]
    assert found(database, "%") == [3]
    assert found(database, "_") == [3]
    assert found(database, "C++ 100%") == [3]
    database.close()


def test_fields_that_are_not_given_are_never_looked_into(path):
    database = filled(path)
    assert found(database, "garlic", [*OPEN, "secret"]) == [1]
    assert found(database, "garlic") == []
    assert found(database, "vanilla", ["title"]) == []
    assert found(database, 'x" OR secret : garlic') == []
    assert found(database, "secret:garlic") == []
    assert found(database, "garlic", []) == []
    assert found(database, "garlic", ["stars", "unknown"]) == []
    database.close()


def test_several_conditions_stand_in_one_question(path):
    database = filled(path)
    table = database.tables["Note"]
    first = database.search_condition("Note", "creme", ["title"])
    second = database.search_condition("Note", "duck", ["title"])
    with database.read() as connection:
        assert list(connection.execute(table.select().where(first | second)).scalars()) == [1, 2]
        assert connection.execute(table.select().where(first & second)).all() == []
    database.close()


def test_the_index_follows_changes(path):
    database = filled(path)
    table = database.tables["Note"]
    with database.write() as connection:
        connection.execute(table.update().where(table.c.id == 1).values(title="Apple pie", words=None))
        connection.execute(table.delete().where(table.c.id == 2))
    assert found(database, "apple") == [1]
    assert found(database, "creme") == found(database, "french") == found(database, "duck") == []
    with pytest.raises(RuntimeError), database.write():
        add(database, "Note", title="Lost")
        raise RuntimeError
    assert found(database, "lost") == []
    database.close()


def test_the_index_follows_the_blueprint(path):
    database = filled(path)
    database = reopen(
        database,
        {"Memo": {"name": "text", "body": "long", "more": "text"}},
        renames={"Note": "Memo", "Note.title": "name"},
    )
    assert found(database, "creme", ["name"], "Memo") == [1]
    assert found(database, "garlic", ["name", "body", "more"], "Memo") == []
    database = reopen(database, DATA)
    assert found(database, "garlic", ["secret"]) == [1]
    with database.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE name LIKE 'espalier_search%memo%'"
        ).all()
    assert names == []
    database.close()


def test_records_deleted_with_others_are_no_longer_found(path):
    database = Database.open(path, blueprint({"A": {"name": "text"}, "B": {"a": "A! part", "name": "text"}}))
    add(database, "A", name="x")
    add(database, "B", a=1, name="hello")
    with database.write() as connection:
        connection.execute(database.tables["A"].delete())
    assert found(database, "hello", ["name"], "B") == []
    with database.read() as connection:
        assert (
            connection.exec_driver_sql(
                "SELECT count(*) FROM espalier_search_b WHERE espalier_search_b MATCH 'hello'"
            ).scalar()
            == 0
        )
    database.close()


DATABASE = filled()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                ['"', "AND", "OR", "NOT", "NEAR(", "*", "^", ":", "{", "}", "-", "+", "(", ")", "a", "''", "\\"]
            )
        ).map(" ".join),
    )
)
def test_nothing_that_people_type_is_an_error(text):
    assert isinstance(found(DATABASE, text), list)
