"""Opening, reading and writing; two processes; what an operator is told when the file is in trouble."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support import add, blueprint, column, dump, reopen

from espalier.runtime.storage import Changed, Damaged, Database, NoSpace, ReadOnly, StorageError
from espalier.runtime.storage.backup import backups

HERE = Path(__file__).parent
NOTES = {"Note": {"title": "text", "words": "tags"}}
MORE = {"Note": {"title": "text", "words": "tags", "stars": "int"}}


def test_a_reader_sees_one_state(path):
    database = Database.open(path, blueprint(NOTES))
    add(database, "Note", title="One")
    count = database.tables["Note"].select()
    with database.read() as reader:
        assert reader.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with database.read() as reader:
        assert len(reader.execute(count).all()) == 1
        thread = threading.Thread(target=add, args=(database, "Note"), kwargs={"title": "Two"})
        thread.start()
        thread.join()
        assert len(reader.execute(count).all()) == 1
    assert len(column(database, "Note", "title")) == 2
    database.close()


@pytest.mark.parametrize("kept", ["file", "memory"])
def test_an_error_undoes_the_write_and_the_inner_part_alone(kept, path):
    database = Database.open(path if kept == "file" else None, blueprint(NOTES))
    with pytest.raises(RuntimeError), database.write():
        add(database, "Note", title="Lost")
        raise RuntimeError
    with database.write():
        add(database, "Note", title="Kept")
        with pytest.raises(RuntimeError), database.write():
            add(database, "Note", title="Lost too")
            raise RuntimeError
        assert list(column(database, "Note", "title").values()) == ["Kept"]
    assert list(column(database, "Note", "title").values()) == ["Kept"]
    database.close()


@pytest.mark.parametrize("kept", ["file", "memory"])
def test_threads_write_one_after_another(kept, path):
    database = Database.open(path if kept == "file" else None, blueprint(NOTES))

    def work() -> None:
        for number in range(10):
            add(database, "Note", title=str(number))
            column(database, "Note", "title")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(column(database, "Note", "title")) == 60
    database.close()


def test_foreign_keys_hold_after_a_migration(path):
    database = Database.open(path, blueprint({"A": {"name": "text"}, "B": {"a": "A! part"}}))
    first = add(database, "A", name="x")
    add(database, "B", a=first)
    database.follow(blueprint({"A": {"name": "long", "more": "int"}, "B": {"a": "A! part", "more": "int"}}))
    with database.write() as connection:
        connection.execute(database.tables["A"].delete())
    assert column(database, "B", "a") == {}
    database.close()


def test_the_running_one_notices_a_newer_version(path):
    running = Database.open(path, blueprint(NOTES))
    add(running, "Note", title="One")
    later = Database.open(path, blueprint(MORE))
    assert running.changed()
    with pytest.raises(Changed, match="Load the blueprint again"), running.write():
        pass
    add(later, "Note", title="Two", stars=3)
    later.close()
    running.close()
    # A server that loads again by itself with what it had does not take the database back.
    with pytest.raises(Changed, match="earlier"):
        Database.open(path, blueprint(NOTES), back=False)
    # A person may, and loses nothing by it.
    back = Database.open(path, blueprint(NOTES))
    assert list(column(back, "Note", "title").values()) == ["One", "Two"]
    forth = reopen(back, MORE)
    assert column(forth, "Note", "stars") == {1: None, 2: 3}
    forth.close()


def test_a_reader_of_the_old_version_is_told_when_its_column_is_gone(path):
    running = Database.open(path, blueprint(MORE))
    Database.open(path, blueprint({"Other": {"x": "text"}})).close()
    with pytest.raises(Changed), running.read() as connection:
        connection.execute(running.tables["Note"].select())
    running.close()


def test_history_and_backups(path):
    database = Database.open(path, blueprint(NOTES))
    database = reopen(database, MORE)
    assert backups(path) == []  # there was nothing to lose
    add(database, "Note", title="One", stars=2)
    database = reopen(database, NOTES)
    newest, second, first = database.history()
    assert [newest["counter"], second["counter"], first["counter"]] == [2, 1, 0]
    assert "stars" in second["blueprint"]
    assert newest["changes"] == [
        "`stars` of notes is no longer used; 1 value is kept aside and comes back when the field does."
    ]
    [copy] = backups(path)
    assert newest["backup"] == copy.name
    database.close()
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT title, stars FROM note").fetchall() == [("One", 2)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    restored = Database.open(copy, blueprint(MORE))
    assert column(restored, "Note", "stars") == {1: 2}
    restored.close()


def test_a_new_text_with_the_same_data_is_no_migration(path):
    database = Database.open(path, blueprint(NOTES))
    add(database, "Note", title="One")
    other = blueprint(NOTES).model_copy(update={"about": "Something else"})
    again = Database.open(path, other)
    add(database, "Note", title="Two")
    assert [entry["counter"] for entry in again.history()] == [0, 0]
    again.close()
    database.close()


def test_copies_are_rotated(path):
    database = Database.open(path, blueprint(NOTES))
    add(database, "Note", title="One")
    folder = path.parent / "backups"
    folder.mkdir()
    for day in range(1, 25):
        for hour in range(2):
            (folder / f"data-202501{day:02d}-1{hour}0000-000000.db").write_text("")
    (folder / "data-20250101-100000-000000.part").write_text("half a copy")
    made = database.back_up()
    assert made in backups(path)
    assert not list(folder.glob("*.part"))
    assert len(backups(path)) == 18  # the ten newest, of six days, and the last of each of eight days before
    database.close()


def test_a_system_table_or_column_of_a_later_release_is_added(path):
    Database.open(path, blueprint(NOTES)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE espalier_due")
        connection.execute("ALTER TABLE espalier_file DROP COLUMN sha256")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    database = Database.open(path, blueprint(NOTES))
    with database.read() as connection:
        assert "sha256" in {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(espalier_file)")}
        assert connection.exec_driver_sql("SELECT count(*) FROM espalier_due").scalar() == 0
    database.close()


# Trouble with the file.


def test_not_a_database(path):
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, this is no database at all." * 100)
    with pytest.raises(Damaged, match="not a database"):
        Database.open(path, blueprint(NOTES))
    assert path.read_bytes().startswith(b"Dear diary")


def test_a_database_of_something_else(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE note (x)")
    connection.close()
    with pytest.raises(Damaged, match="not that of an app"):
        Database.open(path, blueprint(NOTES))


def test_a_damaged_database(path):
    database = Database.open(path, blueprint(NOTES))
    for number in range(300):
        add(database, "Note", title=f"{number} " * 40)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    raw = bytearray(path.read_bytes())
    for page in range(1, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 100] = os.urandom(100)
    path.write_bytes(raw)
    with pytest.raises(StorageError, match="backups"):
        database = Database.open(path, blueprint(MORE))
        try:
            column(database, "Note", "title")
        finally:
            database.close()


LARGE = {"Note": {"title": "text", "data": "json"}}
LARGER = {"Note": {"title": "long", "data": "json", "stars": "int 1..5"}}


def large(path: Path) -> Database:
    database = Database.open(path, blueprint(LARGE))
    for number in range(60):
        add(database, "Note", title=f"Note {number}", data='"' + "x" * 4000 + '"')
    return database


def test_a_full_disk_loses_nothing(path):
    database = large(path)
    before = dump(database)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(NoSpace, match="free some space"):
        database.follow(blueprint(LARGER))
    with pytest.raises(NoSpace), database.write():
        for number in range(20):
            add(database, "Note", title=f"More {number}", data='"' + "x" * 4000 + '"')
    assert dump(database) == before
    database.close()
    database = Database.open(path, blueprint(LARGE))
    assert dump(database) == before
    database.close()


LIMITED = """
import resource, signal, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from support import *
from espalier.runtime.storage import NoSpace
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path({path!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, resource.RLIM_INFINITY))
try:
    Database.open(path, blueprint({data!r}))
except NoSpace as error:
    print("no space:", error)
"""


def python(script: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2] / "src")}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=60, **options
    )


def test_a_limit_on_the_size_of_files_loses_nothing(path):
    database = large(path)
    before = dump(database)
    database.close()
    done = python(LIMITED.format(here=str(HERE), path=str(path), data=LARGER))
    assert done.stdout.startswith("no space:"), done.stderr
    assert not list((path.parent / "backups").glob("*.part"))
    assert backups(path) == []
    database = Database.open(path, blueprint(LARGE))
    assert dump(database) == before
    database.close()


READING_ONLY = """
import os, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from support import *
from espalier.runtime.storage import ReadOnly
book, path = blueprint({data!r}), Path({path!r})
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    database = Database.open(path, book)
    add(database, "Note", title="x")
except ReadOnly as error:
    print("read only:", error)
"""


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_may_not_be_written(exists, tmp_path):
    folder = tmp_path / "app"
    path = folder / "data.db"
    if exists:
        Database.open(path, blueprint(NOTES)).close()
        path.chmod(0o444)
    else:
        folder.mkdir()
    folder.chmod(0o555)
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = python(READING_ONLY.format(here=str(HERE), path=str(path), data=NOTES))
    folder.chmod(0o755)
    assert done.stdout.startswith("read only:"), done.stderr


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReadOnly, match="cannot be made"):
        Database.open(tmp_path / "file" / "data.db", blueprint(NOTES))
