"""Whatever is done to a blueprint, undoing it gives every row back exactly."""

from __future__ import annotations

import os
from contextlib import suppress
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from support import add, blueprint, dump

from espalier.blueprint.problems import BlueprintError
from espalier.runtime.storage import Database, Refused, Tables
from espalier.runtime.storage.tables import is_link

# More are tried by hand: ESPALIER_EXAMPLES=500, other ones each time.
EXAMPLES = int(os.environ.get("ESPALIER_EXAMPLES", "20"))
FIXED = "ESPALIER_EXAMPLES" not in os.environ

START: dict[str, dict[str, Any]] = {
    "Client": {
        "name": "text!",
        "code": "text unique",
        "level": "Low | Mid | High",
        "phone": "phone",
        "friends": ["Client"],
    },
    "Order": {
        "client": "Client!",
        "total": "money",
        "count": "int",
        "due": "date",
        "starts": "datetime",
        "done": "bool",
        "words": "tags",
        "fans": "marks",
    },
    "Line": {
        "order": "Order! part",
        "weight": "number",
        "note": "long",
        "number": "serial L-001",
        "extras": ["Red | Green"],
    },
}

TYPES = [
    "text", "text!", "text unique", "long", "email", "phone", "url", "int", "int 0..5", "number", "percent", "money", "money 0..10", "date", "datetime",
    "time", "bool", "tags", "json", "rating", "color", "location", "image", "Low | Mid | High", "Low | High", "Red | Green", "Client", "Order!", "User",
    "marks", "serial", "int = 7", 'text = "new"', ["Client"], ["Order"], ["User"], ["Red | Green"], ["Low | Mid | High"], ["image"], "Client! part",
]  # fmt: skip
ENTITIES = ["Client", "Order", "Line", "Extra", "Customer"]
FIELDS = ["name", "code", "phone", "client", "total", "order", "owner", "fresh", "other"]

names = st.sampled_from(ENTITIES)
fields = st.sampled_from(FIELDS)
pick = st.integers(0, 20)
edits = st.one_of(
    st.tuples(st.just("add entity"), names, st.dictionaries(fields, st.sampled_from(TYPES), min_size=1, max_size=3)),
    st.tuples(st.just("drop entity"), names),
    st.tuples(st.just("rename entity"), names, names),
    st.tuples(st.just("add field"), names, fields, st.sampled_from(TYPES)),
    st.tuples(st.just("drop field"), names, pick),
    st.tuples(st.just("rename field"), names, pick, fields),
    st.tuples(st.just("retype field"), names, pick, st.sampled_from(TYPES)),
    st.tuples(st.just("swap types"), names, pick, pick),
)


def filled() -> Database:
    database = Database.open(None, blueprint(START))
    with database.write() as connection:
        for number in (1, 2):
            row = {"created": "x", "updated": "x", "name": f"P{number}", "email": f"p{number}@example.com"}
            connection.exec_driver_sql(
                "INSERT INTO user (created, updated, name, email) VALUES (:created, :updated, :name, :email)", row
            )
        connection.exec_driver_sql("UPDATE user SET created = '2027-01-01 00:00:00.000000', updated = created")
    add(database, "Client", name="Ana", code="7", level="Low", phone="555 0100", owner=1)
    add(database, "Client", name="1,250", code="07", level="High", friends=[1])
    add(database, "Client", name="yes", level="Mid", phone="0100", friends=[2, 1])
    add(database, "Client", name="2027-03-01", code="red")
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM client WHERE id = 4")
    add(
        database,
        "Order",
        client="1",
        total="12.50",
        count="3",
        due="2027-03-01",
        starts="2027-03-01 14:30",
        done="yes",
        words="new, local",
        fans=[1, 2],
    )
    add(
        database,
        "Order",
        client="2",
        total="3.00",
        count="1",
        due="2027-03-02",
        starts="2027-03-02",
        done="no",
        owner=2,
    )
    add(database, "Order", client="1", count="0")
    add(database, "Line", order="1", weight="0.1", note="One\ntwo", number="L-001", extras="Red, Green")
    add(database, "Line", order="2", weight="2", note="7", number="L-002", extras="Green")
    return database


def edited(data: dict[str, dict[str, Any]], edit: tuple[Any, ...]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The data part after an edit, and its renames; the same when the edit does not apply."""
    data = deepcopy(data)
    kind, entity = edit[:2]
    if kind == "add entity":
        data.setdefault(entity, dict(edit[2]))
        return data, {}
    if entity not in data:
        return data, {}
    if kind == "drop entity":
        del data[entity]
        for said in data.values():
            for name in [name for name, kind in said.items() if entity in str(kind)]:
                del said[name]
        return {name: said for name, said in data.items() if said}, {}
    if kind == "rename entity":
        if edit[2] in data:
            return data, {}
        changed = {
            edit[2] if name == entity else name: {
                field: ([kind[0].replace(entity, edit[2])] if isinstance(kind, list) else kind.replace(entity, edit[2]))
                for field, kind in said.items()
            }
            for name, said in data.items()
        }
        return changed, {entity: edit[2]}
    said = data[entity]
    if kind == "add field":
        said.setdefault(edit[2], edit[3])
        return data, {}
    name = list(said)[edit[2] % len(said)]
    if kind == "drop field" and len(said) > 1:
        del said[name]
    elif kind == "rename field" and edit[3] not in said:
        data[entity] = {edit[3] if field == name else field: kind for field, kind in said.items()}
        return data, {f"{entity}.{name}": edit[3]}
    elif kind == "retype field":
        said[name] = edit[3]
    elif kind == "swap types":
        other = list(said)[edit[3] % len(said)]
        said[name], said[other] = said[other], said[name]
    return data, {}


def lines(statement: str) -> tuple[str, ...]:
    """A CREATE statement without regard to the order of its columns."""
    return tuple(sorted(line.strip().rstrip(",") for line in statement.strip().split("\n")))


def made(database: Database) -> set[tuple[str, ...]]:
    """The tables and indexes of the blueprint as the database has them."""
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE '%espalier!_%' ESCAPE '!' AND name != 'sqlite_sequence'"
        ).scalars()
        return {lines(said) for said in found}


@settings(max_examples=EXAMPLES, deadline=None, derandomize=FIXED, suppress_health_check=list(HealthCheck))
@given(st.lists(edits, max_size=8), st.booleans())
def test_undoing_all_edits_gives_all_rows_back(steps: list[tuple[Any, ...]], told: bool) -> None:
    database = filled()
    try:
        before = dump(database)
        data, way = START, []
        for step in steps:
            after, renames = edited(data, step)
            if after == data:
                continue
            try:
                database.follow(blueprint(after), renames)
            except (BlueprintError, Refused):
                continue
            way.append(
                (
                    data,
                    {
                        new if "." not in old else f"{old.split('.')[0]}.{new}": old.split(".")[-1]
                        for old, new in renames.items()
                    },
                )
            )
            data = after
            assert made(database) == {lines(statement) for statement in Tables(blueprint(after)).create()}
            note(f"{step} -> {database.history()[0]['changes']}")
        for earlier, renames in reversed(way):
            database.follow(blueprint(earlier), renames if told else None)
        assert dump(database) == before
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        database.close()


row_edits = st.one_of(edits, st.tuples(st.just("fill"), pick), st.tuples(st.just("delete"), pick, pick))


@settings(max_examples=EXAMPLES, deadline=None, derandomize=FIXED, suppress_health_check=list(HealthCheck))
@given(st.lists(row_edits, max_size=10), st.data())
def test_no_edit_breaks_a_database_in_use(steps: list[tuple[Any, ...]], chosen: st.DataObject) -> None:
    """Rows come and go between the edits, and the edits jump back to any earlier blueprint: never anything but done or refused."""
    database = filled()
    try:
        data, earlier = START, [START]
        for step in steps:
            entities = list(database.tables)
            if step[0] == "fill":
                fill(database, entities[step[1] % len(entities)])
                continue
            if step[0] == "delete":
                table = database.tables[entities[step[1] % len(entities)]]
                with suppress(IntegrityError), database.write() as connection:
                    connection.execute(table.delete().where(table.c.id == step[2]))
                continue
            after, renames = edited(data, step)
            if chosen.draw(st.integers(0, 4)) == 0:
                after, renames = chosen.draw(st.sampled_from(earlier)), {}
            rows = dump(database)
            try:
                done = database.follow(blueprint(after), renames)
            except BlueprintError:
                continue
            except Refused as refused:
                assert refused.count >= len(refused.rows) > 0
                assert dump(database) == rows
                continue
            data = after
            earlier.append(after)
            note(f"{step} -> {after}")
            # Before the first change, a database in memory has only the indexes that are rules.
            assert done is None or made(database) == {
                lines(statement) for statement in Tables(blueprint(after)).create()
            }
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        database.close()


def fill(database: Database, entity: str) -> None:
    """One more record with samples in all fields that take them."""
    shape = database.tables.shape.entities[entity]
    values = {}
    for name, field in shape.fields.items():
        if not is_link(field) and field.kind not in ("reference", "serial", "image", "file"):
            values[name] = field.type.sample(field, len(dump(database)[database.tables.names[entity]]) + 3)
    with suppress(IntegrityError, ValueError):
        add(database, entity, **values)
