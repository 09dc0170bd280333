"""Opening the pages of an app in the browser and writing down what happens there; each within bounds, two at a time.

A page is opened once: narrow first, then made wide. It is measured at both widths, and while it is wide its rules, keys and
buttons are tried. Nothing that is tried changes data: what would is answered with nothing (host.py). What the findings mean
is the checks' matter.
"""

from __future__ import annotations

import asyncio
import base64
import time
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from ..subject import OutOfTime
from .capture import WIDTHS, Box, Capture, Dead, Flaw, Missing, Opened, Violation
from .driver import HEIGHTS, BrowserDied, Driver, Tab, driver
from .host import AXE, HEADER, Guest
from .keys import press_tab
from .places import Place, places
from .playing import play
from .scripts import script

if TYPE_CHECKING:
    from ..subject import Subject

AT_ONCE = 2
PLACE_SECONDS = 20.0  # for one page
LOAD_SECONDS = 8.0
STEP_SECONDS = 8.0  # for one step of looking
TALLEST = 4_000  # of a picture, px
MOST_TRIED = 8  # buttons of a page
MOST_PAGES_TRIED = 3
DIED = "the browser died while it was looked at"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
KINDS: tuple[Literal["cut", "outside", "overlaps", "beyond"], ...] = ("cut", "outside", "overlaps", "beyond")

_opened: WeakKeyDictionary[Subject, list[Opened] | OutOfTime] = WeakKeyDictionary()


def open_all(subject: Subject) -> list[Opened]:
    """What was seen of the app's pages; the browser looks once for an app. Raises OutOfTime and NoBrowser."""
    if subject not in _opened:
        try:
            _opened[subject] = _open_all(subject)
        except OutOfTime as late:
            _opened[subject] = late
    found = _opened[subject]
    if isinstance(found, OutOfTime):
        raise found
    return found


def _open_all(subject: Subject) -> list[Opened]:
    chosen = places(subject)
    browser = driver()
    browser.apps += 1
    seen = [Opened(place.url, place.named) for place in chosen]
    left = subject.deadline - time.monotonic()
    try:
        browser.run(_all(browser, subject, chosen, seen), left)
    except TimeoutError:
        browser.kill()
        raise OutOfTime from None
    except BrowserDied:
        pass  # what was not looked at by then says so
    finally:
        subject.restore()
    for one in seen:
        if not one.hung and len(one.captures) < len(WIDTHS):
            one.hung = DIED
    return seen


async def _all(browser: Driver, subject: Subject, chosen: list[Place], seen: list[Opened]) -> None:
    tried = set(subject.some(range(len(chosen)), MOST_PAGES_TRIED))
    waiting = iter(list(enumerate(zip(chosen, seen, strict=True))))

    async def some() -> None:
        for at, (place, one) in waiting:
            await _one(browser, subject, place, one, at in tried)

    await asyncio.gather(*(some() for _ in range(min(AT_ONCE, len(chosen)))))


async def _one(browser: Driver, subject: Subject, place: Place, one: Opened, more: bool) -> None:
    guest = Guest(subject, place.who)
    browser.host.admit(guest)
    tab = await browser.tab()
    good = False
    try:
        await asyncio.wait_for(_look(browser, tab, guest, place, one, more), PLACE_SECONDS)
        good = True
    except TimeoutError:
        one.hung = one.hung or "it did not answer in time: a script on it does not come to an end"
    except Exception as error:
        if not browser.alive or tab.page.is_closed():
            one.hung = one.hung or DIED
        elif type(error).__name__ == "TimeoutError":
            one.hung = one.hung or "it was not complete in time"
        else:
            one.hung = one.hung or f"the browser could not look at it: {str(error).strip()[:200]}"
    finally:
        browser.host.dismiss(guest)
        tab.seen = None
        await browser.free(tab, good=good and not one.hung and one.dialogs == 0)


async def _look(browser: Driver, tab: Tab, guest: Guest, place: Place, one: Opened, more: bool) -> None:
    """Everything that is done with one page. more: try its keys and buttons too."""
    page = tab.page
    await page.set_extra_http_headers({HEADER: guest.token})
    await _resize(tab, WIDTHS[0])
    tab.seen = one
    start = time.perf_counter()
    answer = await page.goto(browser.host.url + one.page, wait_until="load", timeout=LOAD_SECONDS * 1000)
    one.status = answer.status if answer else 0
    one.seconds = time.perf_counter() - start
    for width in WIDTHS:
        await _resize(tab, width)
        one.captures.append(await _capture(tab, one, width))
    found = await _bounded(page.evaluate(script("rules"), {"address": AXE, "tags": TAGS}))
    one.violations = [Violation(**each) for each in found]
    one.missing += [Missing(ask.url, f"status {ask.status}") for ask in guest.asked if ask.status >= 400]
    if place.custom:
        one.played = await play(page, thorough=guest.subject.thorough)
    if more:
        one.keys = await press_tab(tab)
        await _try(tab, guest, one)


async def _try(tab: Tab, guest: Guest, one: Opened) -> None:
    """Press its buttons, and see where its links lead."""
    subject = guest.subject
    most = 200 if subject.thorough else MOST_TRIED
    found = await _bounded(
        tab.page.evaluate(script("tries"), {"most": most, "seed": subject.chance.randrange(1000)}),
        STEP_SECONDS + most * 0.2,
    )
    one.tried = found["tried"] + len(found["leads"])
    one.dead = [Dead(each["text"], each["block"], each["why"]) for each in found["dead"]]
    one.leads = found["leads"]


async def _capture(tab: Tab, one: Opened, width: int) -> Capture:
    start = time.perf_counter()
    seen: dict[str, Any] = await _bounded(tab.page.evaluate(script("measure")))
    if not one.captures:
        one.ready, one.busy = seen["ready"], seen["busy"]
    flaws = [
        Flaw(kind, found["text"], found.get("title", ""), found.get("other", ""), found.get("right", 0))
        for kind in KINDS
        for found in seen[kind]
    ]
    clip = {"x": 0, "y": 0, "width": width, "height": max(1, min(seen["height"], TALLEST)), "scale": 1}
    asked = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip}
    picture = await _bounded(tab.session.send("Page.captureScreenshot", asked))
    return Capture(
        one.page,
        one.who,
        width,
        seen["height"],
        base64.b64decode(picture["data"]),
        [Box(**box) for box in seen["boxes"]],
        time.perf_counter() - start,
        seen["title"],
        seen["too_wide"],
        flaws,
    )


async def _resize(tab: Tab, width: int) -> None:
    if tab.width != width:
        await _bounded(tab.page.set_viewport_size({"width": width, "height": HEIGHTS[width]}))
        tab.width = width


async def _bounded(work: Any, seconds: float = STEP_SECONDS) -> Any:
    return await asyncio.wait_for(work, seconds)
