"""A build outlives its server: killed in the middle of writing, it goes on after the start with what it had. Real model, real sockets."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from espalier.config import load
from espalier.model import store
from espalier.model.bases import base
from tests.model.openai_server import endless, saying, serving
from tests.studio.using import SALON, Running

PATIENCE = 600  # for machines that are busy; it takes some seconds
# The studio as `espalier studio` serves it, but for how much is written: few tokens, and no repair.
SERVE = """
import asyncio, sys
from pathlib import Path
from espalier.config import load
from espalier.model.build import How
from espalier.runtime.server import listen
from espalier.studio.server import serve
from espalier.studio.studio import Studio

sockets = tuple(listen("127.0.0.1", 0)[0] for _ in range(2))
ports = [one.getsockname()[1] for one in sockets]
how = How(max_tokens=160, repair=False)
studio = Studio(load(data=Path(sys.argv[1])), port=ports[0], apps_port=ports[1], how=how)
asyncio.run(serve(studio, sockets, lambda: print(studio.address, flush=True)))
"""


@contextmanager
def studio(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A studio as a process, and its address."""
    said = [sys.executable, "-c", SERVE, str(data)]
    process = subprocess.Popen(said, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, "it did not start"
        yield process, address
    finally:
        with_children(process, signal.SIGKILL)
        process.wait(30)
        if process.stdout:
            process.stdout.close()


def with_children(process: subprocess.Popen[str], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def rows(data: Path, said: str) -> list[Any]:
    with closing(sqlite3.connect(data / "studio.db", timeout=10)) as connection:
        return connection.execute(said).fetchall()


def wait_for(what: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


@pytest.fixture
def small() -> None:
    store.pull(base("small"), load())


def test_a_killed_build_goes_on(tmp_path: Path, small: None):
    with studio(tmp_path) as (process, address):
        with httpx.Client(base_url=address, timeout=60) as browser:
            token = browser.get("/api/session").json()["csrf"]
            prompt = {"prompt": "A booking page for my dog salon with groomers, dogs and appointments"}
            id = browser.post("/api/builds", json=prompt, headers={"X-CSRF": token}).json()["build"]
            wait_for(lambda: len(rows(tmp_path, "select memory from candidate")[0][0]) > 300)
        with_children(process, signal.SIGKILL)
        process.wait(30)
    state, written = rows(tmp_path, "select b.state, c.written from build b join candidate c on c.build = b.id")[0]
    assert state == "writing"
    with studio(tmp_path) as (_, address), httpx.Client(base_url=address, timeout=60) as browser:

        def over() -> Any:
            said = browser.get(f"/api/builds/{id}").json()
            return said if said["state"] not in ("queued", "writing", "judging", "repairing") else None

        said = wait_for(over)
        assert said["state"] == "done", said["words"]
        first = said["candidates"][0]["tries"][0]["written"]
        kept = json.loads(written)["0"]
        assert first.startswith(kept[: kept.rindex("\n")]), "it was not gone on with"
        assert browser.get(f"/api/apps/{said['app']}").json()["versions"][0]["build"] == id
    assert rows(tmp_path, "select runs from build") == [(2,)]


def test_a_stopped_server_goes_on_with_what_waits(start: Callable[..., Running]):
    with serving(endless, saying(SALON)) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = me.ok("/api/builds", {"prompt": "A dog salon"})["build"]
        wait_for(lambda: me.read(f"/api/builds/{id}")["written"].get("0"))
        running = start(model=url)
        me = running.browser()
        running.idle()
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "done"
        assert [one["id"] for one in me.read("/api/apps")["apps"]] == [said["app"]]


def test_two_studios_do_not_share_a_folder(start: Callable[..., Running]):
    from espalier.studio.studio import InUse, Studio

    running = start()
    with pytest.raises(InUse):
        Studio(running.settings)


def test_a_full_disk_is_told_and_nothing_is_lost(start: Callable[..., Running]):
    running = start()
    me = running.browser()
    app = me.made()

    def full(connection: Any, _: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    from sqlalchemy import event

    engine = running.studio.store.engine
    engine.dispose()
    event.listen(engine, "connect", full)
    patch = "about: " + "very long words " * 20 + "\n"
    answer = None
    for number in range(app["head"], app["head"] + 60):
        answer = me.send(f"/api/apps/{app['id']}/apply", {"patch": f"app: Salon {number}\n" + patch, "base": number})
        if answer.status_code != 200:
            break
    assert answer is not None
    assert answer.status_code == 507, answer.text
    assert "no room" in answer.json()["error"]
    head = me.read(f"/api/apps/{app['id']}")["head"]
    event.remove(engine, "connect", full)
    engine.dispose()
    fine = me.ok(f"/api/apps/{app['id']}/apply", {"patch": "app: Salon after all\n", "base": head})
    assert fine["name"] == "Salon after all"
