"""The studio: one object that owns its state (database, models, jobs, hosting) and is passed to every function that needs it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import threading
import time
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from espalier.model.build import How
from espalier.runtime.signing import Signing, key_of

from . import accounts, apps
from .builds import Builds
from .errors import StudioError
from .hosting import Hosting, reached
from .jobs import Jobs
from .models import Models
from .store import Store
from .telling import Telling

if TYPE_CHECKING:
    from espalier.check.bounded import Pool
    from espalier.config import Settings

log = logging.getLogger(__name__)

APPS = "apps"
HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
ROUND = 5.0  # seconds between two rounds of work between visits
SWEEP = 3600.0


class InUse(StudioError):
    """Another process has this studio open."""


class Studio:
    """A studio over a data folder. `start` and `close` it on the event loop that serves it.

    port, apps_port: where it listens, when that is not what the settings say (0 takes any). how: how apps are written. pool: what
    judges them. Raises InUse, and NoRoom when the folder cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        port: int = 0,
        apps_port: int = 0,
        how: How = How(),
        pool: Pool | None = None,
    ) -> None:
        self.settings = settings
        self.port, self.apps_port = port or settings.port, apps_port or settings.apps_port
        self.store = Store(settings.data)
        self._lock = FileLock(settings.data / "studio.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self.store.close()
            raise InUse(
                f"Another studio runs with the data in {settings.data}.", "Stop it, or give this one a folder: --data"
            ) from None
        self.signing = Signing(key_of(settings.data, settings.secret_key.get_secret_value()))
        self.alone = _near(settings.host) and not settings.proxies and _near(_host(settings.base_url))
        self.telling = Telling(settings, self.store)
        self.store.told = self.telling.outcome
        self.models = Models(settings, self.telling.call)
        self.jobs = Jobs(self, how, pool)
        self.builds = Builds(self)
        self.hosting = Hosting(self)
        self._stopping = threading.Event()
        self._rounds: threading.Thread | None = None
        self._warming: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Scheme and host of the studio, without a slash at the end: as the settings say, else as this visitor reaches it."""
        if self.settings.base_url:
            return self.settings.base_url
        host = self.settings.host
        shown = reached.get() or ("localhost" if _near(host) or host in ("0.0.0.0", "::") else host)  # noqa: S104
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"

    def reach(self, host: str) -> None:
        """Note by which host name the visitor of this moment came, for addresses that no setting says."""
        reached.set("" if self.alone or self.settings.base_url or not HOST.fullmatch(host) else host)

    def folder(self, app: str) -> Path:
        """Where the data of an app lies."""
        return self.settings.data / APPS / app

    async def start(self, *, warm: bool = True) -> None:
        """Go on with unfinished builds, and begin the work between visits. warm: load the model before the first question."""
        await self.jobs.start()
        self._rounds = threading.Thread(target=self._go_round, daemon=True, name="studio rounds")
        self._rounds.start()
        if warm:
            self._warming = asyncio.create_task(self._warm())

    async def close(self) -> None:
        """Stop. What is unfinished goes on with the next start."""
        self._stopping.set()
        if self._warming:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        await self.jobs.close()
        await self.models.close()
        if self._rounds:
            await asyncio.to_thread(self._rounds.join, 5)
        await asyncio.to_thread(self.hosting.close)
        await asyncio.to_thread(self.telling.close)
        self.store.close()
        self._lock.release()

    async def _warm(self) -> None:
        from espalier.model.judging import Judge

        with contextlib.suppress(Exception):  # what is wrong with the model is said when somebody asks it
            await self.models.start()
            await Judge().warm()

    def _go_round(self) -> None:
        swept = 0.0
        while not self._stopping.wait(ROUND):
            try:
                self.hosting.tick()
                if time.time() - swept > SWEEP:
                    swept = time.time()
                    accounts.sweep(self.store)
                    apps.purge(self)
                    self.telling.expire()
            except Exception:
                log.exception("the work between visits failed")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _near(host: str) -> bool:
    """Is this an address of this machine that no other can reach? An empty one says nothing against it."""
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")
