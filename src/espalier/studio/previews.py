"""Previews: an app as it is in some version, or as far as it is written, seen as some role, for the frame in the studio.

What a preview shows stands in its address, signed, so that nobody can make one up. Its data is never the kept data: it is made up in
memory, or a copy. So whatever somebody does in a preview, nothing is lost. Only so many are kept at once.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response

from espalier.blueprint.reader import read
from espalier.blueprint.schema import Blueprint
from espalier.check import people
from espalier.runtime.access import Visitor
from espalier.runtime.app import DATA_FILE, App, Visit
from espalier.runtime.people import accounts

from . import copies, samples
from .errors import NotThere

if TYPE_CHECKING:
    from espalier.config import Settings

    from .studio import Studio

MOST = 24  # previews that are kept; each is an app of a few MB
SCRIPT = "/~studio/preview.js"
STRANGER = "anyone"


@dataclass(frozen=True)
class Wanted:
    """What an address of a preview says.

    app and version, or build and candidate (as far as it is written). by: whose preview it is, whom nobody shares its data with.
    role: as whom; empty for a stranger who may sign up and log in. data: `sample` or `real` (a copy). until: when it ends.
    """

    app: str = ""
    version: int = 0
    build: str = ""
    candidate: int = 0
    by: str = ""
    role: str = ""
    data: str = "sample"
    until: int = 0

    def as_list(self) -> list[Any]:
        return [self.app, self.version, self.build, self.candidate, self.by, self.role, self.data, self.until]

    @classmethod
    def of(cls, said: Any) -> Wanted | None:
        """What was signed; None when it has ended or is of another shape."""
        if not isinstance(said, list) or len(said) != 8:
            return None
        wanted = cls(*said)
        return wanted if wanted.until > time.time() else None


class Preview(App):
    """An app in a frame: its blocks say which they are, and a script of ours tells the studio what somebody points at."""

    marks_blocks = True
    studio: Studio

    def respond(self, visit: Visit) -> Response:
        origin = self.studio.address
        visit.allow("frame-ancestors", origin)
        response = super().respond(visit)
        if response.headers.get("content-type", "").startswith("text/html") and isinstance(response.body, bytes):
            script = f"{SCRIPT}?studio={quote(origin, safe='')}"
            tag = f'<script src="{script}" type="module"></script></body>'.encode()
            response.body = response.body.replace(b"</body>", tag, 1)
            response.headers["content-length"] = str(len(response.body))
        return response


@dataclass
class _Open:
    """A preview that runs, and the people in it by their roles."""

    app: Preview
    cast: Mapping[str, Visitor]
    folder: Path | None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        self.app.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Previews:
    """The previews that run. Threads may share it."""

    def __init__(self, studio: Studio, settings: Settings) -> None:
        """settings: those of the apps."""
        self._studio = studio
        self._settings = settings.model_copy(update={"embed": studio.address})
        self._folder = studio.settings.data / "previews"  # copies of real data; of a killed process, rubbish
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[str, threading.Lock] = {}

    def app(self, text: str, by: str, real: Path | None = None) -> _Open:
        """The running app of a blueprint's text. real: the folder whose data is copied; made-up data without one.

        Raises BlueprintError for a text that does not read, StorageError when the data cannot follow it.
        """
        mark = f"{real}:{_state(real)}" if real else ""
        key = hashlib.sha256(f"{by}\0{mark}\0{text}".encode()).hexdigest()
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:  # of two requests of one page the second takes what the first one made
            with self._lock:
                if key in self._open:
                    self._open.move_to_end(key)
                    return self._open[key]
            made = self._make(text, real)
            with self._lock:
                self._open[key] = made
                self._making.pop(key, None)
                old = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - MOST)]
        for one in old:
            self._retire(one)
        return made

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            open_now, self._open = list(self._open.values()), OrderedDict()
        for one in open_now:
            one.close()

    def __len__(self) -> int:
        return len(self._open)

    def _make(self, text: str, real: Path | None) -> _Open:
        blueprint = read(text)
        folder = self._copy(real) if real else None
        try:
            app = Preview(blueprint, folder, "preview", self._settings)
            app.studio = self._studio
        except BaseException:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        with suppress(Exception):  # a preview without made-up people and records is better than none
            cast = people.cast(app).by_role
            if not real:
                samples.plant(app)
            return _Open(app, cast, folder)
        return _Open(app, {}, folder)

    def _copy(self, source: Path) -> Path:
        """A folder with a copy of an app's data."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            copies.copy_data(source, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def _retire(self, one: _Open) -> None:
        """Close a preview when the answers on their way no longer need it."""
        timer = threading.Timer(self._settings.answer_seconds, one.close)
        timer.daemon = True
        timer.start()


def roles(blueprint: Blueprint) -> list[str]:
    """As whom an app can be seen: a stranger, everybody who can have an account, the admin."""
    usual = accounts.signup_roles(blueprint)
    plain = [] if usual and "user" not in usual else ["user"]
    return [STRANGER, *plain, *blueprint.roles, "admin"]


def visitor(opened: _Open, role: str) -> Visitor | None:
    """The person of a role; None for a stranger. Raises NotThere."""
    if role in ("", STRANGER):
        return None
    if role not in opened.cast:
        raise NotThere(f"This app has no role {role}.", f"It has {', '.join([STRANGER, *opened.cast])}.")
    return opened.cast[role]


def _state(folder: Path | None) -> str:
    """Changes when the data does: a preview of real data shows how it is when it is opened."""
    with suppress(OSError):
        return ":".join(
            str(file.stat().st_mtime_ns)
            for file in sorted((folder or Path()).glob(f"{DATA_FILE}*"))
            if file.suffix != ".db-shm"
        )
    return ""
