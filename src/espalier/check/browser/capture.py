"""What a browser saw: the contract between the browser, which fills it in, and all checks and measures over it.

`opened` gives every page that was opened, once for an app; `captures` what each looked like at each width. How pages are
opened is opening.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

    from ..subject import Subject

WIDTHS = (375, 1440)


@dataclass(frozen=True, slots=True)
class Box:
    """One visible thing on a page, in CSS pixels of the whole (scrolled) page.

    kind: text (an element with words of its own; the box is around the words), image (img, svg, canvas, video, background
    picture; icons are small ones), control (button, link, input), card (anything with a border, shadow or background of its
    own), block (a block of the blueprint; text is its title). block: the number of the block it stands in, in the order of
    the page, -1 outside of all. color and background are `#rrggbb` as they appear: translucent ones are mixed with what is
    behind; background is empty over a picture or a gradient, and over_picture says so. lines: of a text.
    """

    kind: Literal["text", "image", "control", "card", "block"]
    tag: str
    x: float
    y: float
    width: float
    height: float
    block: int = -1
    text: str = ""
    font_size: float = 0
    font_weight: int = 0
    color: str = ""
    background: str = ""
    over_picture: bool = False
    disabled: bool = False
    lines: int = 0


@dataclass(frozen=True)
class Flaw:
    """Words that do not fit: cut off, outside of their card, over others, or beyond the window's edge; or a custom block that is
    wider than its frame.

    text: the words; block: the title of the block they stand in; other: what they lie over; right: where they end, px, and
    for a frame by how much it is too wide.
    """

    kind: Literal["cut", "outside", "overlaps", "beyond", "wide frame"]
    text: str
    block: str = ""
    other: str = ""
    right: int = 0


@dataclass
class Capture:
    """One page at one width, as one person saw it. screenshot is a PNG of the whole page, at most 4,000 pixels high.

    title: what the browser's tab says. too_wide: by how many pixels the page can be scrolled sideways.
    """

    page: str  # its address
    who: str
    width: int  # of the window, CSS pixels
    height: int  # of the whole page
    screenshot: bytes = b""
    boxes: list[Box] = field(default_factory=list)
    seconds: float = 0
    title: str = ""
    too_wide: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    @cached_property
    def picture(self) -> Image:
        """The screenshot as pixels, in RGB; kept, as several look at it. Raises OSError without one."""
        from PIL import Image

        return Image.open(BytesIO(self.screenshot)).convert("RGB")

    @property
    def file_name(self) -> str:
        """What its picture is called in a folder of them: `orders-as-buyer-375.png`."""
        words = re.sub(r"[^a-z0-9]+", "-", self.page.lower()).strip("-") or "home"
        return f"{words}-as-{self.who}-{self.width}.png"


@dataclass(frozen=True)
class Said:
    """An error that the browser told of: `script` uncaught, `console` written to the console, `policy` refused by the content
    security policy. custom: it comes from the frame of a custom block."""

    kind: Literal["script", "console", "policy"]
    text: str
    custom: bool = False


@dataclass(frozen=True)
class Missing:
    """A request that failed: the address, and the status or the browser's word for it."""

    url: str
    reason: str


@dataclass(frozen=True)
class Violation:
    """A rule of axe-core that a page breaks. element is the HTML of the first of `count` elements."""

    rule: str
    impact: Literal["minor", "moderate", "serious", "critical"]
    help: str
    element: str
    count: int = 1


@dataclass(frozen=True)
class Dead:
    """A button or link that does nothing."""

    text: str
    block: str
    why: str


@dataclass(frozen=True)
class Keys:
    """What Tab does: how many controls there are, how many it reached, which not, and what else is wrong."""

    controls: int
    reached: int
    missed: tuple[str, ...] = ()
    trapped: str = ""  # the control that Tab does not leave
    unmarked: tuple[str, ...] = ()  # those whose focus cannot be seen
    jumps: tuple[str, ...] = ()  # those to which Tab goes far back up the page
    unfocusable: tuple[str, ...] = ()  # what looks like a control and takes no focus


@dataclass(frozen=True)
class Played:
    """What became of a custom block that was clicked and typed at.

    drawn: is anything to be seen in it; controls: buttons, inputs and canvases found; moved: what made it change: `itself`,
    `click`, `typing`, `keys`, or empty when nothing did; hung: its script did not come to an end.
    """

    title: str
    drawn: bool
    controls: int
    moved: str = ""
    hung: bool = False
    errors: tuple[str, ...] = ()


@dataclass
class Opened:
    """One page as one person: how it looked at each width and what happened.

    seconds: until it was loaded, with all that it needs; ready: until it could be used, by the browser's own clock; busy: how
    long scripts held it up meanwhile. leads: the addresses of this app that its links lead to. hung: why it could
    not be looked at to the end, else empty. dialogs: the alerts and questions it asked by itself. axe is None when its rules
    were not run.
    """

    page: str
    who: str
    status: int = 0
    captures: list[Capture] = field(default_factory=list)
    errors: list[Said] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    violations: list[Violation] | None = None
    tried: int = 0
    dead: list[Dead] = field(default_factory=list)
    keys: Keys | None = None
    played: list[Played] = field(default_factory=list)
    dialogs: int = 0
    leads: list[str] = field(default_factory=list)
    seconds: float = 0
    ready: float = 0
    busy: float = 0
    hung: str = ""

    @property
    def where(self) -> str:
        """How findings call it."""
        return f"{self.page} as {self.who}"


def opened(subject: Subject) -> list[Opened]:
    """Every page that was opened in a browser; opens them the first time. Raises OutOfTime and driver.NoBrowser."""
    from .opening import open_all

    return open_all(subject)


def captures(subject: Subject) -> list[Capture]:
    """What all pages looked like, at both widths each, in the order of the pages."""
    return [capture for page in opened(subject) for capture in page.captures]


def save_screenshots(seen: Iterable[Capture], folder: Path) -> list[Path]:
    """Write the pictures into a folder, made when it is not there. Gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for capture in seen:
        if capture.screenshot:
            path = folder / capture.file_name
            path.write_bytes(capture.screenshot)
            written.append(path)
    return written
