"""A process that is killed at any step of a migration leaves the old version or the new one, with all rows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from support import add, blueprint, column, dump, reopen

from espalier.runtime.storage import Database
from espalier.runtime.storage.backup import backups

HERE = Path(__file__).parent
OLD = {"Client": {"name": "text!", "phone": "phone", "age": "text"}, "Visit": {"client": "Client!", "day": "date"}}
NEW = {
    "Customer": {"name": "text!", "age": "int", "level": "Low | High = Low", "number": "serial"},
    "Trip": {"customer": "Customer"},
}
RENAMES = {"Client": "Customer"}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process(work: Callable[[], None]) -> int:
    """Do the work in a process of its own (forked, since starting one anew takes a second); how it ended."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(path: Path, at: int = -1) -> tuple[int, list[str]]:
    """Migrate in a process that kills itself at this step; how it ended, and the steps that it came to."""
    log = path.parent / "steps"
    log.touch()

    def step(name: str) -> None:
        with log.open("a") as file:
            file.write(f"{name}\n")
        if len(log.read_text().split()) == at + 1:
            kill()

    code = in_a_process(lambda: Database.open(path, blueprint(NEW), renames=RENAMES, step=step).close())
    return code, log.read_text().split()


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
    code, names = run(path)
    assert code == 0
    return names


def test_killed_at_every_step(tmp_path):
    names = steps(tmp_path)
    assert {
        "lock",
        "backup",
        "aside",
        "create",
        "copy",
        "drop",
        "rename",
        "fill",
        "index",
        "record",
        "commit",
        "done",
    } <= set(names)
    for at, name in enumerate(names):
        path = tmp_path / str(at) / "data.db"
        before = filled(path)
        code, said = run(path, at)
        assert (code, said) == (-signal.SIGKILL, names[: at + 1])
        check(path, before, new=name == "done")


def test_killed_during_the_backup(path, monkeypatch):
    before = filled(path)

    def sync(copy: Path) -> None:
        assert copy.suffix == ".part" and copy.stat().st_size
        kill()

    monkeypatch.setattr("espalier.runtime.storage.backup._sync", sync)
    assert run(path)[0] == -signal.SIGKILL
    monkeypatch.undo()
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
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(3)
    ]
    for process in started:
        said, wrong = process.communicate(timeout=60)
        assert (process.returncode, said.strip()) == (0, "0"), wrong
