"""What judging one app may take. The median app needs a two-hundredth of its time."""

from __future__ import annotations

SECONDS = 10.0
LONG_SECONDS = 60.0  # with a browser, or when everything is tried
MEMORY = 1024 * 1024 * 1024  # bytes on top of what a worker has that is ready


def seconds_for(seconds: float | None, *, browser: bool, thorough: bool) -> float:
    """How long it may take: as said, else by what is to be done."""
    return seconds or (LONG_SECONDS if browser or thorough else SECONDS)
