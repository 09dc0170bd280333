"""A process that is killed at any step of a migration leaves the old version or the new one, with all rows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import add, blueprint, column, dump, reopen

from espalier.runtime.storage import Database
from espalier.runtime.storage.backup import backups

HERE = Path(__file__).parent
OLD = {"Client": {"name": "text!", "phone": "phone", "age": "text"}, "Visit": {"client": "Client!", "day": "date"}}
NEW = {"Customer": {"name": "text!", "age": "int", "level": "Low | High = Low", "number": "serial"}, "Trip": {"customer": "Customer"}}
RENAMES = {"Client": "Customer"}

KILLED = """
import os, signal, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from support import *
count = 0
def step(name):
    global count
    print(name, flush=True)
    if count == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
Database.open(Path({path!r}), blueprint({new!r}), renames={renames!r}, step=step).close()
"""

IN_BACKUP = """
import os, signal, sqlite3, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from support import *
import espalier.runtime.storage.backup as backup
def sync(path):
    assert path.suffix == ".part" and path.stat().st_size
    os.kill(os.getpid(), signal.SIGKILL)
backup._sync = sync
Database.open(Path({path!r}), blueprint({new!r}), renames={renames!r})
"""


def run(script: str, path: Path, at: int = -1) -> tuple[int, list[str]]:
    said = script.format(here=str(HERE), path=str(path), new=NEW, renames=RENAMES, at=at)
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout.split()


def filled(path: Path) -> dict:
    database = Database.open(path, blueprint(OLD))
    for number in range(30):
        add(database, "Client", name=f"Client {number}", phone="555 0100", age=str(number))
    add(database, "Visit", client=2, day="2027-03-01")
    before = dump(database)
    database.close()
    return before


def check(path: Path, before: dict, new: bool) -> None:
    """The file opens at the version it has, and every row comes out of it."""
    if new:
        database = Database.open(path, blueprint(NEW))
        assert list(column(database, "Customer", "age").values()) == list(range(30))
        assert database.history()[0]["counter"] == 1
        database = reopen(database, OLD)
    else:
        database = Database.open(path, blueprint(OLD))
        assert database.history()[0]["counter"] == 0
    assert dump(database) == before
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        left = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE 'espalier_new%'").all()
        assert left == []
    database.close()
    # And from there the change can be made again.
    database = Database.open(path, blueprint(NEW), renames=RENAMES)
    assert list(column(database, "Customer", "age").values()) == list(range(30))
    database.close()


def steps(tmp_path: Path) -> list[str]:
    path = tmp_path / "whole" / "data.db"
    filled(path)
    code, names = run(KILLED, path)
    assert code == 0
    return names


def test_killed_at_every_step(tmp_path):
    names = steps(tmp_path)
    assert {"lock", "backup", "aside", "create", "copy", "drop", "rename", "fill", "index", "record", "commit", "done"} <= set(names)
    for at, name in enumerate(names):
        path = tmp_path / str(at) / "data.db"
        before = filled(path)
        code, said = run(KILLED, path, at)
        assert (code, said) == (-signal.SIGKILL, names[: at + 1])
        check(path, before, new=name == "done")


def test_killed_during_the_backup(path):
    before = filled(path)
    code, _ = run(IN_BACKUP, path)
    assert code == -signal.SIGKILL
    assert backups(path) == []
    assert list((path.parent / "backups").glob("*.part"))
    check(path, before, new=False)
    assert not list((path.parent / "backups").glob("*.part"))


@pytest.mark.parametrize("data", [OLD, NEW])
def test_two_processes_open_a_new_file_at_once(data, path):
    script = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from pathlib import Path
from support import *
database = Database.open(Path({str(path)!r}), blueprint({data!r}))
print(database.counter)
"""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2] / "src")}
    started = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) for _ in range(3)]
    for process in started:
        said, wrong = process.communicate(timeout=60)
        assert (process.returncode, said.strip()) == (0, "0"), wrong
