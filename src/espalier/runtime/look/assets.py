"""The files every app is served with: our stylesheets and scripts, vendored libraries, fonts, icons.

A style's stylesheet is one file to the browser (`friendly.css`) and several to us: fonts, the shared parts, the style.
Names carry a fingerprint in their URL, so that a browser may keep them for good. Serving them over HTTP is left to the
runtime.
"""

import hashlib
import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE / "static"
CSS = HERE / "css"

#: In this order: what every style shares.
SHARED = ("foundation", "shell", "controls", "data", "content", "blocks")
#: The fonts of each style: display first, then text.
FONTS = {
    "friendly": ("bricolage-grotesque", "figtree"),
    "minimal": ("geist",),
    "bold": ("archivo",),
    "elegant": ("newsreader", "instrument-sans"),
}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served; `fingerprint` changes with the content."""

    name: str
    body: bytes
    media_type: str
    fingerprint: str


@cache
def asset(name: str) -> Asset:
    """The file with a name such as `app.js`, `vendor/htmx.js` or `friendly.css`. Raises KeyError for any other."""
    style, _, ending = name.rpartition(".")
    if ending == "css" and style in FONTS:
        body = _stylesheet(style).encode()
    elif name in names():
        body = (STATIC / name).read_bytes()
    else:
        raise KeyError(name)
    suffix = Path(name).suffix
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(name, body, media_type, hashlib.sha256(body).hexdigest()[:10])


@cache
def names() -> frozenset[str]:
    """Every name that `asset` knows."""
    files = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    return frozenset(files | {f"{style}.css" for style in FONTS})


@cache
def icons() -> dict[str, str]:
    """Icon names and the inside of their SVG, drawn on a 24 by 24 grid with strokes."""
    found: dict[str, str] = json.loads((HERE / "icons.json").read_text("utf-8"))
    return found


def _stylesheet(style: str) -> str:
    parts = [CSS / "fonts" / f"{font}.css" for font in FONTS[style]]
    parts += [CSS / f"{part}.css" for part in (*SHARED, style)]
    return "\n".join(part.read_text("utf-8") for part in parts)
