"""A studio in this process, and browsers that use it: real requests through the real application, on a loop of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx

from espalier.config import Settings
from espalier.model.build import How
from espalier.studio.server import site
from espalier.studio.studio import Studio

T = TypeVar("T")
STUDIO, APPS = "http://localhost:8000", "http://localhost:8001"
QUICK = How(grammar=False, repair=False)
SALON = """\
app: Dog salon
about: Appointments for dogs
roles: [client, groomer]
data:
  Dog:
    name: text!
    breed: text
  Appointment:
    dog: Dog!
    starts: datetime!
    status: Requested | Confirmed = Requested
access:
  Dog: {read: anyone, write: groomer}
  Appointment: {read: own or groomer, create: client, update: groomer, delete: groomer}
pages:
  Home:
    - hero: Dogs, clean and happy
      text: Book a time in two minutes
    - cards: Dog
  Book (client):
    - form: Appointment
  Day (groomer):
    - table: Appointment
seed:
  Dog:
    - Rex | Collie
    - Bella | Poodle
"""


class Running:
    """A studio that runs. Calls into it go through its loop."""

    def __init__(self, data: Path, **settings: Any) -> None:
        self.data = data
        self.settings = Settings(**({"model": "http://127.0.0.1:9/v1#m", "data": data} | settings))
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._browsers: list[Browser] = []
        self.studio = self.run(self._begin())

    async def _begin(self, how: How = QUICK) -> Studio:
        studio = Studio(self.settings, how=how)
        self.site = site(studio)
        await studio.start(warm=False)
        return studio

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(240)

    def browser(self, base: str = "", **headers: str) -> Browser:
        """base: where they reach the studio, when that is not its usual address."""
        made = Browser(self, base or self.studio.address, headers)
        self._browsers.append(made)
        return made

    def idle(self) -> None:
        """Wait until no build is at work."""

        async def wait() -> None:
            await asyncio.sleep(0)
            await self.studio.jobs.idle()

        self.run(wait())

    def close(self) -> None:
        for one in self._browsers:
            self.run(one.client.aclose())
        self.run(self.studio.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


class Browser:
    """Somebody with cookies. Changes carry the token of their session."""

    def __init__(self, running: Running, base: str, headers: dict[str, str]) -> None:
        self.running = running
        # Whatever is not the studio's own address is the apps'.
        mounts: dict[str, Any] = {
            base: httpx.ASGITransport(running.site),
            "all://": httpx.ASGITransport(running.studio.hosting),
        }
        self.client = httpx.AsyncClient(mounts=mounts, base_url=base, headers=headers, timeout=120)

    def get(self, url: str, **more: Any) -> httpx.Response:
        return self.running.run(self.client.get(url, **more))

    def send(self, url: str, given: Any = None, **more: Any) -> httpx.Response:
        """POST as JSON, with the token."""
        headers = {"X-CSRF": self.csrf} | more.pop("headers", {})
        return self.running.run(self.client.post(url, json=given or {}, headers=headers, **more))

    def form(self, url: str, **given: str) -> httpx.Response:
        """POST as a form of a page does."""
        return self.running.run(self.client.post(url, data={"csrf": self.csrf, **given}))

    def ok(self, url: str, given: Any = None) -> Any:
        """The JSON of a change that must succeed."""
        answer = self.send(url, given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, url: str) -> Any:
        answer = self.get(url)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def csrf(self) -> str:
        return str(self.get("/api/session").json()["csrf"])

    def events(self, build: str, last: str = "") -> list[tuple[str, Any, str]]:
        """All events of a build to its end: (name, data, id)."""
        answer = self.get(f"/api/builds/{build}/events", headers={"Last-Event-ID": last} if last else {})
        assert answer.status_code == 200, answer.text
        found = []
        for block in answer.text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in lines:
                found.append((lines["event"], json.loads(lines["data"]), lines.get("id", "")))
        return found

    def made(self, text: str = SALON) -> Any:
        """An app with this blueprint: one of the gallery, rewritten by hand."""
        app = self.read(f"/api/apps/{self.ok('/api/builds', {'from': 'tasks'})['app']}")
        return self.ok(f"/api/apps/{app['id']}/apply", {"text": text, "base": app["head"]})
