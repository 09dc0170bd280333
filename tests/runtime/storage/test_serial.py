"""Running numbers, and the journal from which changes are undone."""

from __future__ import annotations

import threading

import pytest
from support import MOMENT, add, blueprint, column, dump

from espalier.runtime.storage import Database, journal
from espalier.runtime.storage.serial import next_serial

DATA = {
    "Bill": {"title": "text", "number": "serial INV-0001", "lines": ["Line"], "seen": "marks"},
    "Line": {"bill": "Bill! part", "name": "text"},
}


def save(database: Database, title: str, fail: bool = False) -> None:
    with database.write() as connection:
        field = database.tables.shape.entities["Bill"].fields["number"]
        number = next_serial(connection, database.tables, "Bill", field)
        connection.execute(
            database.tables["Bill"].insert().values(title=title, number=number, created=MOMENT, updated=MOMENT)
        )
        if fail:
            raise RuntimeError


def test_numbers_have_no_gaps_under_concurrent_writes(path):
    database = Database.open(path, blueprint(DATA))

    def work() -> None:
        for number in range(8):
            if number % 3 == 2:
                with pytest.raises(RuntimeError):
                    save(database, "lost", fail=True)
            save(database, "kept")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(column(database, "Bill", "number").values()) == [f"INV-{number:04d}" for number in range(1, 33)]
    database.close()


def test_a_number_that_is_taken_is_passed_over():
    database = Database.open(None, blueprint(DATA))
    add(database, "Bill", title="typed", number="INV-0002")
    save(database, "a")
    save(database, "b")
    assert column(database, "Bill", "number") == {1: "INV-0002", 2: "INV-0001", 3: "INV-0003"}


def filled() -> Database:
    database = Database.open(None, blueprint(DATA))
    add(database, "User", name="Ana", email="ana@example.com")
    add(database, "Bill", title="Old", number="INV-0001", seen=[1])
    add(database, "Line", bill=1, name="one")
    add(database, "Bill", title="Other", lines=[1])
    return database


def changed(database: Database, entity: str, record: int, operation: str, **values: object) -> journal.Entry:
    table = database.tables[entity]
    with database.write() as connection:
        before = journal.snapshot(connection, database.tables, entity, record)
        if operation == "delete":
            connection.execute(table.delete().where(table.c.id == record))
        else:
            connection.execute(table.update().where(table.c.id == record).values(values))
        journal.note(connection, entity, record, operation, 1, before)
        return journal.entries(connection)[0]


def test_changes_are_undone():
    database = filled()
    before = dump(database)
    entry = changed(database, "Bill", 1, "update", title="New", number=None)
    assert (entry.entity, entry.record, entry.operation, entry.user) == ("Bill", 1, "update", 1)
    with database.write() as connection:
        journal.undo(connection, database.tables, entry, 1)
    assert dump(database) == before
    with database.read() as connection:
        [newest, first] = journal.entries(connection, "Bill", 1)
    assert (newest.operation, newest.undone, first.undone) == ("update", False, True)
    # Undoing the undo is the change again.
    with database.write() as connection:
        journal.undo(connection, database.tables, newest, 1)
    assert column(database, "Bill", "title")[1] == "New"


def test_a_deleted_record_comes_back_with_its_links():
    database = filled()
    before = dump(database)
    entry = changed(database, "Bill", 2, "delete")
    assert column(database, "Bill", "lines") == {}
    with database.write() as connection:
        journal.undo(connection, database.tables, entry, None)
    assert dump(database) == before


def test_a_part_does_not_come_back_without_its_whole():
    database = filled()
    entry = changed(database, "Line", 1, "delete")
    changed(database, "Bill", 1, "delete")
    with database.write() as connection, pytest.raises(ValueError, match="bring that back first"):
        journal.undo(connection, database.tables, entry, None)


def test_a_created_record_is_removed_by_undo():
    database = filled()
    with database.write() as connection:
        journal.note(connection, "Bill", 2, "create", 1)
        journal.undo(connection, database.tables, journal.entries(connection)[0], 1)
    assert list(column(database, "Bill", "title")) == [1]


def test_the_journal_keeps_the_newest(monkeypatch):
    monkeypatch.setattr(journal, "MOST_KEPT", 150)
    monkeypatch.setattr(journal, "LARGEST_BEFORE", 50)
    database = filled()
    with database.write() as connection:
        for number in range(400):
            journal.note(connection, "Bill", 1, "update", 1, {"row": {"title": "x" * number}, "links": {}})
        kept = journal.entries(connection, limit=1000)
    assert len(kept) == 150
    assert kept[0].before is None
    with database.write() as connection, pytest.raises(ValueError, match="too large"):
        journal.undo(connection, database.tables, kept[0], 1)
