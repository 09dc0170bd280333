"""The look of every app: palettes, styles, drawn pictures, templates and the files they need.

It knows nothing of blueprints, records or requests: it is given a `Shell` and values that are already displayed.
"""

from espalier.runtime.look.assets import Asset, asset
from espalier.runtime.look.environment import CONTENT_SECURITY_POLICY, environment
from espalier.runtime.look.palette import Palette, palette
from espalier.runtime.look.shell import STYLES, Flash, Link, Shell, Theme, Visitor, stylesheet

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "STYLES",
    "Asset",
    "Flash",
    "Link",
    "Palette",
    "Shell",
    "Theme",
    "Visitor",
    "asset",
    "environment",
    "palette",
    "stylesheet",
]
