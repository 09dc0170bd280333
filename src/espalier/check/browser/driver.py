"""One Chromium for the process, found where it is installed, and the loop in which it is spoken to.

`driver()` gives the process's own, started when first asked for, and a fresh one when the last has died. Chromium reaches
nothing but this process: every name but the loopback's is unknown to it. Which pages are opened, and what is looked at
there, is opening.py's; what the pages are answered by is host.py's.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import signal
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .capture import Missing, Said
from .host import Host

if TYPE_CHECKING:
    from playwright.async_api import (
        BrowserContext,
        CDPSession,
        ConsoleMessage,
        Dialog,
        Error,
        Page,
        Playwright,
        Request,
    )

    from .capture import Opened

Thing = TypeVar("Thing")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = [
    "--no-sandbox",  # it runs as any user, root in containers too, and opens nothing but apps in this process
    "--disable-gpu",
    "--in-process-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--mute-audio",
    "--window-size=1440,900",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
START_SECONDS = 30.0
MOST_SAID = 50  # errors and failed requests that are kept of one page
FRAMES = "/-/frames/"  # where custom blocks are served
WIDTHS = (375, 1440)
HEIGHTS = {375: 812, 1440: 900}
INSTALL = (
    "Install one (Debian: apt-get install chromium), or let Playwright do it: python -m playwright install chromium"
)


class NoBrowser(RuntimeError):
    """There is no browser to look with; the text says what to install."""


class BrowserDied(RuntimeError):
    """The browser ended in the middle of its work."""


def find() -> str:
    """The path of an installed Chromium; empty when there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for place in ELSEWHERE:
        if Path(place).exists():
            return place
    return ""


def driver() -> Driver:
    """The browser of this process. Raises NoBrowser."""
    global _driver
    with _starting:
        if _driver is not None and (not _driver.alive or _driver.process != os.getpid() or _driver.worn):
            _driver.close()
            _driver = None
        if _driver is None:
            _driver = Driver()
        return _driver


def close() -> None:
    """End the browser of this process, if there is one."""
    global _driver
    with _starting:
        if _driver is not None and _driver.process == os.getpid():
            _driver.close()
        _driver = None


_driver: Driver | None = None
_starting = threading.Lock()
atexit.register(close)


class Tab:
    """A page of the browser that is used again and again, and the session that takes its pictures."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page = page
        self.session = session
        self.token = ""  # as whom it asks
        self.width = 0
        self.seen: Opened | None = None  # where what happens is written down
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("requestfailed", self._failed)
        page.on("dialog", self._dialog)
        page.on("popup", self._popup)

    async def resize(self, width: int) -> None:
        """Make the page so wide, as by another window. The real window keeps its size: to change that takes Chromium a while,
        in which vw and vh are now the new window's and now the old one's."""
        if self.width != width:
            size = {"width": width, "height": HEIGHTS[width], "deviceScaleFactor": 1, "mobile": False}
            await self.session.send("Emulation.setDeviceMetricsOverride", size)
            self.width = width

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self.seen is None or message.text.startswith("Failed to load resource"):
            return
        policy = "Content Security Policy" in message.text
        self._say("policy" if policy else "console", message.text, FRAMES in str(message.location.get("url", "")))

    def _error(self, error: Error) -> None:
        self._say(
            "script", f"{error.name}: {error.message}" if error.name else str(error), FRAMES in (error.stack or "")
        )

    def _say(self, kind: Literal["script", "console", "policy"], text: str, custom: bool) -> None:
        if self.seen is not None and len(self.seen.errors) < MOST_SAID:
            self.seen.errors.append(Said(kind, " ".join(text.split())[:300], custom))

    def _failed(self, request: Request) -> None:
        # What is given up because the page was left, or was answered with nothing, is no failure.
        reason = request.failure or ""
        if self.seen is not None and "ERR_ABORTED" not in reason and len(self.seen.missing) < MOST_SAID:
            self.seen.missing.append(Missing(request.url[:200], reason.removeprefix("net::")))

    async def _dialog(self, dialog: Dialog) -> None:
        if self.seen is not None and dialog.type != "beforeunload":
            self.seen.dialogs += 1
        with suppress(Exception):
            await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())

    async def _popup(self, page: Page) -> None:
        with suppress(Exception):
            await page.close()


class Driver:
    """A running Chromium. `run` does work in its loop; `alive` turns false when it cannot be used any more.

    worn: it still works, but the next app should get another; pid: the process of Chromium; process: the one it belongs to.
    """

    def __init__(self) -> None:
        try:
            import playwright.async_api  # noqa: F401
        except ImportError:
            raise NoBrowser(
                "Looking at apps in a browser needs Playwright. Run bin/setup dev in a clone, or pip install 'espalier[browser]'."
            ) from None
        self.process = os.getpid()
        self.pid = 0
        self.alive = True
        self.worn = False
        self.apps = 0  # that were looked at with it
        self.host = Host()
        self._playwright: Playwright | None = None
        self._context: BrowserContext | None = None
        self._free: list[Tab] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="espalier-browser", daemon=True)
        self._thread.start()
        try:
            self.run(self._start(), START_SECONDS)
        except BaseException as error:
            self.close()
            if isinstance(error, NoBrowser):
                raise
            raise NoBrowser(f"Chromium does not start: {str(error).strip()[:500]}\n{INSTALL}") from error

    def run(self, work: Coroutine[Any, Any, Thing], seconds: float) -> Thing:
        """Do the work in the browser's loop. Raises TimeoutError, and BrowserDied when Chromium has ended meanwhile."""

        async def bounded() -> Thing:
            return await asyncio.wait_for(work, max(0.01, seconds))

        future: Future[Thing] = asyncio.run_coroutine_threadsafe(bounded(), self._loop)
        try:
            return future.result(max(0.01, seconds) + 5)
        except (TimeoutError, NotInTime):
            future.cancel()
            self.alive = self.alive and future.done()
            raise TimeoutError from None
        except BaseException:
            future.cancel()
            if not self.alive:
                raise BrowserDied("the browser died") from None
            raise

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        await self.host.start()
        self._playwright = await async_playwright().start()
        path = find()
        if not path and not Path(self._playwright.chromium.executable_path).exists():
            raise NoBrowser(f"No Chromium was found. {INSTALL}")
        # One profile for all apps, in a folder of its own that goes with it: their common styles, scripts and fonts are
        # fetched and compiled once, which a private window would do again for every page.
        self._context = await self._playwright.chromium.launch_persistent_context(
            "",
            executable_path=path or None,
            args=ARGUMENTS,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            no_viewport=True,  # the window stays as it is: see Tab.resize
            reduced_motion="reduce",
            accept_downloads=False,
            permissions=["clipboard-read", "clipboard-write"],
            locale="en-US",
            timezone_id="UTC",
        )
        self._context.on("close", lambda _: self._died())
        browser = self._context.browser
        assert browser is not None
        session = await browser.new_browser_cdp_session()
        told = await session.send("SystemInfo.getProcessInfo")
        self.pid = next(one["id"] for one in told["processInfo"] if one["type"] == "browser")

    def _died(self) -> None:
        self.alive = False

    async def tab(self) -> Tab:
        """A page to open things in; give it back with `free`."""
        assert self._context is not None
        if self._free:
            return self._free.pop()
        page = await self._context.new_page()
        return Tab(page, await self._context.new_cdp_session(page))

    async def free(self, tab: Tab, *, good: bool, endless: bool = False) -> None:
        """Take a page back; one that is not good is thrown away. endless: a script of it may run on: the next app gets a
        fresh browser."""
        self.worn = self.worn or endless
        if not self.alive:
            return
        if good and not tab.page.is_closed():
            self._free.append(tab)
            return
        try:
            await asyncio.wait_for(tab.page.close(run_before_unload=False), 3)
        except Exception:
            self.kill()

    def kill(self) -> None:
        """End Chromium at once; the next who asks gets a fresh one."""
        self.alive = False
        if self.pid:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End Chromium and the loop. The object cannot be used afterwards."""
        if self.process != os.getpid():
            return  # a fork's copy: the browser belongs to the parent
        self.kill()  # it has nothing to put in order
        with suppress(Exception):
            self.run(self._end(), 5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)
        if not self._thread.is_alive():
            self._loop.close()

    async def _end(self) -> None:
        ends: list[Any] = [self.host.stop(), self._playwright and self._playwright.stop()]
        for end in ends:
            if end is not None:
                with suppress(Exception):
                    await asyncio.wait_for(end, 2)
