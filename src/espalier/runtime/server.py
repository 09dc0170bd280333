"""Serving blueprints over HTTP: one app at `/`, several at `/NAME/` with a page that lists them, reloaded when a file changes.

An app is started when somebody first asks for it. A file that was edited into something that cannot be used leaves the
old version running; its problems are told in the terminal and to the app's admin. Answering is each App's own matter.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from espalier.blueprint.problems import BlueprintError, Problem
from espalier.config import Settings

from .app import POLICY, App, Receive, Scope, Send, _lifespan, plain_page
from .storage.errors import StorageError

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint

log = logging.getLogger(__name__)

ENDINGS = (".yaml", ".yml")
LARGEST_BLUEPRINT = 1_000_000
PORTS_TO_TRY = 20
ADDRESS_FILE = "address.json"
SECONDS_BETWEEN_ROUNDS = 5.0
RESERVED = {"static", "theme.css", "healthz", "robots.txt"}


class CannotServe(ValueError):
    """Nothing can be served; the text says why and what to do."""


@dataclass
class Tells:
    """How the server tells the person at the terminal; cli.py draws it, tests collect it."""

    broken: Callable[[Path, Sequence[Problem]], None] = lambda file, problems: None
    reloaded: Callable[[Path], None] = lambda file: None
    started: Callable[[App], None] = lambda app: None


@dataclass
class Hosted:
    """One blueprint file and its app. `app()` starts it."""

    file: Path
    name: str
    root: str
    settings: Settings
    base_url: str
    tells: Tells
    running: App | None = None
    problems: tuple[Problem, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> App:
        """The running app, started when it is not. Raises BlueprintError when its blueprint cannot be used."""
        with self._lock:
            if self.running is None:
                self.running = self._start(read_file(self.file))
                self.tells.started(self.running)
            elif self.running.stale:
                # Another server has moved the data to another blueprint: follow it, never fight it.
                fresh = self._start(read_file(self.file), back=False)
                self._retire(self.running)
                self.running = fresh
            return self.running

    def reload(self) -> None:
        """Take up the file as it is now; when it cannot be used, keep what runs."""
        with self._lock:
            try:
                blueprint = read_file(self.file)
                if self.running is not None and blueprint == self.running.blueprint:
                    self.problems, self.running.problems = (), []
                    return
                fresh = self._start(blueprint) if self.running is not None else None
            except BlueprintError as error:
                self.problems = tuple(error.problems)
                if self.running is not None:
                    self.running.problems = [str(problem) for problem in error.problems]
                self.tells.broken(self.file, error.problems)
                return
            self.problems = ()
            old, self.running = self.running, fresh or self.running
        if old is not None and fresh is not None:
            self._retire(old)
        self.tells.reloaded(self.file)

    def stop(self) -> None:
        with self._lock:
            if self.running is not None:
                self.running.close()
                self.running = None

    def _start(self, blueprint: Blueprint, *, back: bool = True) -> App:
        folder = self.settings.data / self.name
        try:
            app = App(blueprint, folder, self.name, self.settings, base_url=self.base_url, root=self.root, back=back)
        except StorageError as error:
            # A change of the data that cannot be made without loss; storage says what to do.
            raise BlueprintError([Problem(str(error))]) from error
        self.problems = ()
        keep_address(folder, self.base_url, self.root)
        return app

    def _retire(self, app: App) -> None:
        """Close an app when the answers that are on their way no longer need it."""
        timer = threading.Timer(self.settings.answer_seconds, app.close)
        timer.daemon = True
        timer.start()


class Site:
    """Several apps behind one ASGI application."""

    def __init__(
        self,
        files: Iterable[Path],
        settings: Settings,
        *,
        base_url: str = "",
        tells: Tells | None = None,
        listing: bool | None = None,
    ) -> None:
        """listing: serve at `/NAME/` with a page of all apps even when there is one; by itself when there are several."""
        paths = list(files)
        self.settings = settings
        self.base_url = base_url or settings.base_url or f"http://localhost:{settings.port}"
        self.listing = len(paths) > 1 if listing is None else listing
        tells = tells or Tells()
        self.hosted: dict[str, Hosted] = {}
        for path in paths:
            name = self._name(path)
            root = f"/{name}" if self.listing else ""
            self.hosted[name] = Hosted(path, name, root, settings, self.base_url, tells)

    def _name(self, path: Path) -> str:
        from espalier.blueprint.names import slug

        name = first = slug(path.stem)
        number = 1
        while name in self.hosted or name in RESERVED:
            number += 1
            name = f"{first}-{number}"
        return name

    def tick(self) -> None:
        """The work between visits of every app that runs: emails on their way, timers that are due."""
        for hosted in self.hosted.values():
            if hosted.running is not None:
                hosted.running.tick()

    def close(self) -> None:
        for hosted in self.hosted.values():
            hosted.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        import anyio

        if not self.listing:
            hosted = next(iter(self.hosted.values()))
            app = await anyio.to_thread.run_sync(self._started, hosted)
            await app({**scope, "root_path": ""} if isinstance(app, App) else scope, receive, send)
            return
        path = scope["path"]
        name, slash, _ = path[1:].partition("/")
        if name in self.hosted:
            if not slash:
                query = scope.get("query_string", b"").decode("latin-1")
                await RedirectResponse(f"/{name}/{'?' + query if query else ''}", 308)(scope, receive, send)
                return
            app = await anyio.to_thread.run_sync(self._started, self.hosted[name])
            await app({**scope, "root_path": f"/{name}"}, receive, send)
            return
        response = await anyio.to_thread.run_sync(self._own, scope["method"], path)
        await response(scope, receive, send)

    def _started(self, hosted: Hosted) -> App | Response:
        try:
            return hosted.app()
        except BlueprintError as error:
            hosted.problems = tuple(error.problems)
            hosted.tells.broken(hosted.file, error.problems)
            return _with_headers(
                plain_page(
                    503,
                    "Not ready yet",
                    "This app's blueprint has faults. They are listed in the terminal it was started from.",
                )
            )
        except Exception:
            log.exception("%s could not be started", hosted.file)
            return _with_headers(plain_page(503, "Not ready yet", "This app could not be started. The log says why."))

    def _own(self, method: str, path: str) -> Response:
        if method not in ("GET", "HEAD"):
            response: Response = PlainTextResponse("Only GET.", 405, headers={"Allow": "GET, HEAD"})
        elif path == "/":
            response = self.index()
        elif path == "/healthz":
            response = PlainTextResponse("ok")
        elif path.startswith("/static/"):
            response = _static(path.removeprefix("/static/"))
        elif path == "/theme.css":
            from .look.shell import Theme, stylesheet

            response = Response(stylesheet(Theme.of()), media_type="text/css")
        else:
            response = plain_page(404, "Nothing here", "There is no app at this address.")
        if method == "HEAD":
            response.body = b""
        return _with_headers(response)

    def index(self) -> Response:
        """The page that lists the apps."""
        from .look.shell import Shell
        from .render import environment

        shown = []
        for hosted in self.hosted.values():
            try:
                blueprint = hosted.running.blueprint if hosted.running else read_file(hosted.file)
                shown.append(
                    {"name": blueprint.app, "about": blueprint.about, "url": f"/{hosted.name}/", "broken": False}
                )
            except BlueprintError as error:
                hosted.problems = tuple(error.problems)
                shown.append(
                    {
                        "name": hosted.name,
                        "about": "Its blueprint has faults; the terminal lists them.",
                        "url": "",
                        "broken": True,
                    }
                )
        shell = Shell(name="Espalier", about="The apps on this server")
        return HTMLResponse(environment().get_template("index.html").render(app=shell, apps=shown, title="Apps"))


def read_file(file: Path) -> Blueprint:
    """The blueprint in a file. Raises BlueprintError, also when the file cannot be read."""
    from espalier.blueprint.reader import read

    try:
        if file.stat().st_size > LARGEST_BLUEPRINT:
            raise BlueprintError(
                [Problem("the file is too large for a blueprint", suggestion="a blueprint has at most 1 MB")]
            )
        return read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BlueprintError([Problem(f"the file cannot be read: {error}")]) from error


def blueprints_in(paths: Sequence[Path]) -> list[Path]:
    """The blueprint files that paths mean: files as they are, folders as the YAML files in them. Raises CannotServe."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix in ENDINGS and file.is_file())
            if not inside:
                raise CannotServe(
                    f"There is no blueprint (a file ending in .yaml) in {path}. Make one: espalier new NAME"
                )
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise CannotServe(f"{path} does not exist. Make it: espalier new {path.stem}")
    return list(dict.fromkeys(file.resolve() for file in found))


def keep_address(folder: Path, base_url: str, root: str) -> None:
    """Note where an app was last served, so that a link can be made from the terminal."""
    (folder / ADDRESS_FILE).write_text(json.dumps({"base_url": base_url, "root": root}), "utf-8")


def last_address(folder: Path) -> tuple[str, str]:
    """Where an app was last served, as App's base_url and root; both empty when it never was."""
    try:
        said = json.loads((folder / ADDRESS_FILE).read_text("utf-8"))
        return str(said["base_url"]), str(said["root"])
    except (OSError, ValueError, KeyError):
        return "", ""


def listen(host: str, port: int) -> tuple[socket.socket, bool]:
    """A socket on the port, or on the next free one, and whether it is the one asked for. 0 takes any.

    Raises CannotServe.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tries = [0] if port == 0 else list(range(port, min(port + PORTS_TO_TRY, 65_536)))
    for candidate in tries:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, candidate))
            made.listen(128)
        except PermissionError as error:
            made.close()
            raise CannotServe(
                f"This user may not listen on port {candidate}. Choose one above 1023: --port 8000"
            ) from error
        except OSError as error:
            made.close()
            if error.errno not in (98, 48, 10048):  # in use: Linux, macOS, Windows
                raise CannotServe(
                    f"Cannot listen on {host}: {error.strerror or error}. Set host to an address of this machine."
                ) from error
            continue
        return made, candidate == port or port == 0
    raise CannotServe(f"Ports {tries[0]} to {tries[-1]} are all taken. Choose another: --port 0 takes any free one")


def run(site: Site, listener: socket.socket, *, watch: bool = True) -> None:
    """Serve until interrupted. Reloads on change, and does the work between visits in a thread of its own."""
    import uvicorn

    stopping = threading.Event()
    threads = [threading.Thread(target=_rounds, args=(site, stopping), daemon=True, name="rounds")]
    if watch:
        threads.append(threading.Thread(target=_watch, args=(site, stopping), daemon=True, name="watch"))
    for thread in threads:
        thread.start()
    config = uvicorn.Config(
        site,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(site.settings.proxies),
        forwarded_allow_ips=site.settings.proxies or None,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64_000,
        lifespan="off",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=3)
        site.close()


def _rounds(site: Site, stopping: threading.Event) -> None:
    while not stopping.wait(SECONDS_BETWEEN_ROUNDS):
        try:
            site.tick()
        except Exception:
            log.exception("the work between visits failed")


def _watch(site: Site, stopping: threading.Event) -> None:
    from watchfiles import watch

    by_path = {hosted.file: hosted for hosted in site.hosted.values()}
    # The folders are watched, not the files: many editors write a new file and rename it.
    folders = {str(file.parent) for file in by_path}
    for changes in watch(*folders, stop_event=stopping, recursive=False, raise_interrupt=False):
        for path in {Path(changed) for _, changed in changes}:
            if path in by_path and path.exists():
                try:
                    by_path[path].reload()
                except Exception:
                    log.exception("%s could not be reloaded", path)


def _static(name: str) -> Response:
    from .assets import FOREVER
    from .look.assets import asset

    try:
        found = asset(name)
    except KeyError:
        return plain_page(404, "Nothing here", "There is no such file.")
    return Response(
        found.body, media_type=found.media_type, headers={"Cache-Control": FOREVER, "ETag": f'"{found.fingerprint}"'}
    )


def _with_headers(response: Response) -> Response:
    policy = "; ".join(f"{name} {' '.join(sorted(sources))}" for name, sources in POLICY.items())
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def serve(
    paths: Sequence[Path],
    settings: Settings,
    *,
    tells: Tells | None = None,
    ready: Callable[[Site, str, bool], Any] | None = None,
    watch: bool = True,
) -> None:
    """Serve blueprints until interrupted. `ready(site, address, is_the_port_asked_for)` is told when it listens.

    Raises CannotServe.
    """
    files = blueprints_in(paths)
    listener, as_asked = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else settings.host  # noqa: S104
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    site = Site(files, settings, base_url=settings.base_url or address, tells=tells)
    if ready is not None:
        ready(site, address, as_asked)
    run(site, listener, watch=watch)
