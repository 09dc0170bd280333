"""Opening the pages of an app in the browser and writing down what happens there; each within bounds, two at a time.

A page is opened once, at one width, and measured; then at the other; and then its rules, keys and buttons are tried there. Nothing that is tried changes data: what would is answered with nothing (host.py). What the findings mean
is the checks' matter.
"""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from ..subject import OutOfTime
from .capture import WIDTHS, Box, Capture, Dead, Flaw, Missing, Opened, Violation
from .driver import HEIGHTS, BrowserDied, Driver, Tab, driver
from .host import AXE, HEADER, Guest
from .keys import press_tab
from .places import Place, places
from .playing import FRAMES, play
from .scripts import axe, script

if TYPE_CHECKING:
    from playwright.async_api import Frame

    from ..subject import Subject

AT_ONCE = 2
PLACE_SECONDS = 30.0  # for one page
LOAD_SECONDS = 8.0
STEP_SECONDS = 8.0  # for one step of looking
MOST_APPS = 200  # with one browser; what it keeps grows
TALLEST = 4_000  # of a picture, px
MOST_TRIED = 6  # buttons of a page
MOST_PAGES_TRIED = 2
DIED = "the browser died while it was looked at"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Those of the rules that an app's own words, pictures and records can break. The others are about what the platform writes in
# the same way on every page, take four times as long, and are run when thorough.
RULES = (
    "aria-command-name aria-hidden-focus aria-input-field-name aria-required-children aria-required-parent "
    "aria-toggle-field-name button-name definition-list dlitem document-title duplicate-id-aria frame-title image-alt "
    "input-button-name input-image-alt label link-name list listitem nested-interactive role-img-alt "
    "scrollable-region-focusable select-name svg-img-alt video-caption"
).split()
KINDS: tuple[Literal["cut", "outside", "overlaps", "beyond"], ...] = ("cut", "outside", "overlaps", "beyond")
FRAME_SECONDS = 3.0
MOST_RESIZED = 5  # times

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
    browser.worn = browser.worn or browser.apps >= MOST_APPS
    seen = [Opened(place.url, place.named) for place in chosen]
    left = subject.deadline - time.monotonic()
    try:
        browser.run(_all(browser, subject, chosen, seen), left)
    except TimeoutError:
        browser.kill()
        raise OutOfTime from None
    except BrowserDied:
        pass  # what was not looked at by then says so
    except OutOfTime:  # from a limit outside
        browser.kill()
        raise
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
        one.hung = (
            one.hung
            or "it did not answer in time: something on it, such as the loop of a script, does not come to an end"
        )
    except Exception as error:
        if not browser.alive or tab.page.is_closed():
            one.hung = one.hung or DIED
        elif type(error).__name__ == "TimeoutError":
            one.hung = (
                one.hung
                or "it was not complete in time: something on it, such as the loop of a script, does not come to an end"
            )
        else:
            one.hung = one.hung or f"the browser could not look at it: {str(error).strip()[:200]}"
    finally:
        browser.host.dismiss(guest)
        tab.seen = None
        endless = bool(one.hung) or any(played.hung for played in one.played)
        await browser.free(tab, good=good and not endless and one.dialogs == 0, endless=endless)


async def _look(browser: Driver, tab: Tab, guest: Guest, place: Place, one: Opened, more: bool) -> None:
    """Everything that is done with one page. more: try its keys and buttons too."""
    page = tab.page
    await page.set_extra_http_headers({HEADER: guest.token})
    # It begins with the width of the page before, which saves making that one anew.
    widths = WIDTHS[::-1] if tab.width == WIDTHS[1] else WIDTHS
    await _resize(tab, widths[0])
    tab.seen = one
    start = time.perf_counter()
    answer = await page.goto(browser.host.url + one.page, wait_until="load", timeout=LOAD_SECONDS * 1000)
    one.status = answer.status if answer else 0
    one.seconds = time.perf_counter() - start
    for width in widths:
        await _resize(tab, width)
        one.captures.append(await _capture(tab, one, width))
    one.captures.sort(key=lambda capture: capture.width)
    only = TAGS if guest.subject.thorough else RULES
    found = await _bounded(page.evaluate(script("rules"), {"address": AXE, "only": only}))
    for frame in page.frames if place.custom else ():
        if FRAMES in frame.url:
            with suppress(TimeoutError):
                await _bounded(frame.evaluate(f"() => {{ {axe().decode()} }}"), FRAME_SECONDS)
                found += await _bounded(frame.evaluate(script("rules"), {"address": "", "only": only}), FRAME_SECONDS)
    one.violations = [Violation(**each) for each in found]
    one.missing += [Missing(ask.url, f"status {ask.status}") for ask in guest.asked if ask.status >= 400]
    if more:
        one.keys = await press_tab(tab)
    if place.custom:
        one.played = await play(page, thorough=guest.subject.thorough)
    if more:
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
    seen = await _measure(tab, width)
    if not one.captures:
        one.ready, one.busy = seen["ready"], seen["busy"]
    boxes = [Box(**box) for box in seen["boxes"]]
    flaws = _flaws(seen)
    for frame in tab.page.frames:
        if FRAMES in frame.url:
            of_frame, inside = await _in_frame(frame, boxes)
            boxes += inside
            flaws += of_frame
    tall = seen["height"] > HEIGHTS[width]
    clip = {"x": 0, "y": 0, "width": width, "height": max(1, min(seen["height"], TALLEST)), "scale": 1}
    asked = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": tall, "clip": clip}
    picture = await _bounded(tab.session.send("Page.captureScreenshot", asked))
    return Capture(
        one.page,
        one.who,
        width,
        seen["height"],
        base64.b64decode(picture["data"]),
        boxes,
        time.perf_counter() - start,
        seen["title"],
        seen["too_wide"],
        flaws,
    )


async def _measure(tab: Tab, width: int) -> dict[str, Any]:
    for _ in range(MOST_RESIZED):
        seen: dict[str, Any] | None = await _bounded(tab.page.evaluate(script("measure")))
        if seen is not None:
            return seen
        # The page has not taken on the window's size: said twice, it does.
        tab.width = 0
        await _resize(tab, width)
    raise TimeoutError


def _flaws(seen: dict[str, Any], block: str = "") -> list[Flaw]:
    return [
        Flaw(kind, found["text"], found.get("title", "") or block, found.get("other", ""), found.get("right", 0))
        for kind in KINDS
        for found in seen[kind]
    ]


async def _in_frame(frame: Frame, around: list[Box]) -> tuple[list[Flaw], list[Box]]:
    """What is in a custom block, as it stands on the page. A frame whose script does not end is playing.py's to tell."""
    try:
        seen: dict[str, Any] | None = await _bounded(frame.evaluate(script("measure"), False), FRAME_SECONDS)
        at = await _bounded((await _bounded(frame.frame_element())).bounding_box(), FRAME_SECONDS)
    except TimeoutError:
        return [], []
    if at is None or seen is None:
        return [], []
    holding = [box for box in around if box.kind == "block" and box.y <= at["y"] + 1 and at["y"] < box.y + box.height]
    number = holding[-1].block if holding else -1
    boxes = []
    for said in seen["boxes"]:
        box = Box(**{**said, "x": said["x"] + at["x"], "y": said["y"] + at["y"], "block": number})
        if box.x < at["x"] + at["width"] and box.y < at["y"] + at["height"]:
            boxes.append(box)
    flaws = _flaws(seen, seen["title"])
    if seen["too_wide"] > 1:
        flaws.append(Flaw("wide frame", seen["title"], seen["title"], right=seen["too_wide"]))
    return flaws, boxes


async def _resize(tab: Tab, width: int) -> None:
    await _bounded(tab.resize(width))


async def _bounded(work: Any, seconds: float = STEP_SECONDS) -> Any:
    return await asyncio.wait_for(work, seconds)
