"""Going through a page with the Tab key alone: what it reaches, in what order, and whether one can see where one is."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .capture import Keys
from .scripts import script

if TYPE_CHECKING:
    from .driver import Tab

MOST_PRESSED = 80  # more controls than that are not all tried
SECONDS = 8.0
BETWEEN = 0.01  # s
STRAY = 8  # places that Tab may stop at beside those that are known
FAR = 400  # px: going up by more than this, and not to the right, is a jump
TAB: dict[str, Any] = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9, "nativeVirtualKeyCode": 9}


async def press_tab(tab: Tab) -> Keys:
    """Press Tab once for each control of the page that is open. Raises TimeoutError."""
    page = tab.page
    begun: dict[str, int] = await asyncio.wait_for(page.evaluate(script("keys")), SECONDS)
    presses = min(begun["controls"] + begun["further"] + STRAY + 1, MOST_PRESSED)
    await asyncio.wait_for(_press(tab, presses, together=not begun["frames"]), SECONDS)
    found = await asyncio.wait_for(page.evaluate("() => window.__focused()"), SECONDS)
    return _keys(found, presses - begun["further"] - STRAY)


async def _press(tab: Tab, presses: int, *, together: bool) -> None:
    """together: sent without waiting for each, the browser keeps their order; not when the focus goes into a frame, which is
    another process that must have it before the next key comes."""
    keys = (tab.session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **TAB}) for _ in range(presses))
    if together:
        await asyncio.gather(*keys)
        return
    for key in keys:
        await key
        await asyncio.sleep(BETWEEN)


def _keys(found: dict[str, Any], sure: int) -> Keys:
    """sure: how many controls should have been reached, however many places each of them has."""
    steps = found["steps"]
    own = [step for step in steps if step["at"] >= 0]
    reached = {step["at"] for step in own}
    last = max(reached, default=-1)
    stopped = last < min(found["controls"], sure) - 1
    trapped = (own[-1]["text"] if own else "the page's start") if stopped and found["controls"] > 2 else ""
    # After the last control Tab comes round to the first: what was reached before is no jump.
    first = {step["at"]: at for at, step in reversed(list(enumerate(own)))}
    once = [step for at, step in enumerate(own) if first[step["at"]] == at]
    jumps = [
        after["text"]
        for before, after in pairwise(once)
        if before["top"] - after["top"] > FAR and after["left"] <= before["left"] + 40
    ]
    return Keys(
        found["controls"],
        len(reached),
        tuple(one["text"] for one in found["missed"] if one["at"] < last),
        trapped,
        tuple(dict.fromkeys(step["text"] for step in own if not step["marked"])),
        tuple(dict.fromkeys(jumps)),
        tuple(found["unfocusable"]),
    )
