"""Playing with custom blocks: their own scripts run in a frame, are clicked and typed at, and must answer somehow.

Every step is bounded: a script that never ends makes the step late, and the frame is given up. Whatever changes the frame's
elements, values or canvases counts as an answer; so does change by itself, as of a clock.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .capture import Played
from .scripts import script

if TYPE_CHECKING:
    from playwright.async_api import Frame, Page

FRAMES = "/-/frames/"
ANSWER_SECONDS = 3.0  # for a script to say how things stand
CLICK_MILLISECONDS = 2_000
SETTLE_SECONDS = 0.06
BY_ITSELF_SECONDS = 1.1  # a clock ticks once a second
PLAY_SECONDS = 15.0  # for one frame
MOST_CLICKS = 6
BUTTONS = "button:visible, input[type=button]:visible, input[type=submit]:visible, [role=button]:visible, [onclick]:visible, summary:visible"
INPUTS = "input:not([type=button]):not([type=submit]):not([type=hidden]):visible, select:visible, textarea:visible"
PIECES = "td:visible, li:visible, [draggable=true]:visible, [tabindex]:visible, [data-index]:visible, [class*=cell]:visible, [class*=card]:visible, [class*=tile]:visible"
KEYS = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Space", "Enter", "a")
TO_PAGE = """() => {
  document.activeElement?.blur?.();
  window.focus();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
TYPED = {
    "number": "7", "range": "3", "date": "2026-11-20", "time": "14:30", "datetime-local": "2026-11-20T14:30",
    "month": "2026-11", "week": "2026-W40", "color": "#336699", "email": "kim@example.com", "url": "https://example.com",
    "tel": "555 0100",
}  # fmt: skip


class _Hung(Exception):
    """The frame's script does not come to an end."""


async def play(page: Page, *, thorough: bool = False) -> list[Played]:
    """What became of every custom block on the page that is open."""
    return [await _play(page, frame, thorough) for frame in page.frames if FRAMES in frame.url]


async def _play(page: Page, frame: Frame, thorough: bool) -> Played:
    title = ""
    begun: dict[str, Any] = {}
    try:
        begun = await _state(frame)
        title = str(await _ask(frame.title()))
        # Out of sight a frame draws nothing, and what moves in it stands still.
        with suppress(Exception):
            await _ask((await _ask(frame.frame_element())).scroll_into_view_if_needed(timeout=CLICK_MILLISECONDS))
        try:
            moved = await asyncio.wait_for(_moved(page, frame, begun), PLAY_SECONDS * (3 if thorough else 1))
        except TimeoutError:
            moved = ""  # there was more to try than time
        drawn = begun["drawn"] or (await _state(frame))["drawn"]
    except _Hung:
        return Played(title, bool(begun.get("drawn")), _controls(begun), hung=True)
    return Played(title, drawn, _controls(begun), moved)


def _controls(state: dict[str, Any]) -> int:
    return sum(int(state.get(kind, 0)) for kind in ("buttons", "inputs", "canvases"))


async def _moved(page: Page, frame: Frame, begun: dict[str, Any]) -> str:
    """What made the frame change first; empty when nothing did."""
    if begun["moving"]:
        return "itself"

    async def changed() -> bool:
        await asyncio.sleep(SETTLE_SECONDS)
        return bool((await _state(frame))["mark"] != begun["mark"])

    if await changed():
        return "itself"
    if begun["inputs"]:
        await _fill(frame)
        if await changed():
            return "typing"
    for selector, kind in ((BUTTONS, "buttons"), (PIECES, "pieces")):
        if begun[kind]:
            for at in range(min(await _ask(frame.locator(selector).count()), MOST_CLICKS)):
                await _click(frame, selector, at)
                if await changed():
                    return "click"
    for at in range(min(begun["canvases"], 2)):
        for spot in ((0.5, 0.5), (0.25, 0.25), (0.75, 0.6)):
            await _click(frame, "canvas:visible, svg:visible", at, spot)
            if await changed():
                return "click"
    # What was started by a click may show only after a while, as a timer does; and a clock goes by itself.
    await asyncio.sleep(BY_ITSELF_SECONDS)
    if await changed():
        return "click" if begun["buttons"] + begun["pieces"] + begun["canvases"] else "itself"
    # Keys go to where the focus is: away from what was clicked last, to the frame's page.
    await _ask(frame.evaluate(TO_PAGE))
    begun = await _state(frame)
    for key in KEYS:
        await _ask(page.keyboard.press(key, delay=10))
        if await changed():
            return "keys"
    return ""


async def _fill(frame: Frame) -> None:
    """Something in every input, by its kind; what is there already is written over."""
    inputs = frame.locator(INPUTS)
    for at in range(min(await _ask(inputs.count()), MOST_CLICKS)):
        one = inputs.nth(at)
        tag, kind = await _ask(one.evaluate("element => [element.tagName, element.type]"))
        try:
            if tag == "SELECT":
                await one.select_option(index=1, timeout=CLICK_MILLISECONDS)
            elif kind in ("checkbox", "radio"):
                await one.click(timeout=CLICK_MILLISECONDS)
            elif kind != "file":
                await one.fill(TYPED.get(kind, "apple"), timeout=CLICK_MILLISECONDS)
        except Exception:
            await _alive(frame)


async def _click(frame: Frame, selector: str, at: int, spot: tuple[float, float] | None = None) -> None:
    one = frame.locator(selector).nth(at)
    try:
        position: Any = None
        if spot is not None:
            box = await _ask(one.bounding_box(timeout=CLICK_MILLISECONDS))
            if box is None:
                return
            position = {"x": box["width"] * spot[0], "y": box["height"] * spot[1]}
        await one.click(timeout=CLICK_MILLISECONDS, position=position, force=spot is not None)
    except _Hung:
        raise
    except Exception:
        await _alive(frame)
        with suppress(Exception):  # it may be covered, or under way: its script is what is tried here
            await _ask(one.dispatch_event("click", timeout=CLICK_MILLISECONDS))


async def _alive(frame: Frame) -> None:
    """A control that cannot be clicked is no fault of the script, as long as the script still answers."""
    await _ask(frame.evaluate("() => 1"))


async def _state(frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = await _ask(frame.evaluate(script("frame")))
    return found


async def _ask(work: Any) -> Any:
    try:
        return await asyncio.wait_for(work, ANSWER_SECONDS)
    except TimeoutError:
        raise _Hung from None
