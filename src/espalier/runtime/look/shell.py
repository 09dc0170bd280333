"""What a page needs to know about the app around it, and the theme as a stylesheet.

`Theme` settles style, colours, mode and layout; `Shell` is the `app` object of every template. Filling a shell from a
blueprint and a request is left to the runtime.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from espalier.runtime.look.assets import asset
from espalier.runtime.look.palette import Mode, Palette, palette

Style = Literal["friendly", "minimal", "bold", "elegant"]
Layout = Literal["top", "side"]

#: The four styles that are drawn, and the names that stand for one of them.
STYLES: dict[str, Style] = {
    "friendly": "friendly",
    "minimal": "minimal",
    "bold": "bold",
    "elegant": "elegant",
    "playful": "friendly",
    "corporate": "minimal",
    "editorial": "elegant",
    "retro": "bold",
}

#: Primary, background and accent of an app that asked for none.
_COLOURS: dict[Style, tuple[str, str, str]] = {
    "friendly": ("#c4472b", "#fff9f1", "#e9b44c"),
    "minimal": ("#2f54d0", "#ffffff", "#e08a3c"),
    "bold": ("#ff5a1f", "#f7f3e8", "#2747d9"),
    "elegant": ("#5a4634", "#f7f4ee", "#a9825a"),
}


@dataclass(frozen=True)
class Theme:
    """The look of one app. `mode` is None when each visitor's device decides between light and dark."""

    style: Style
    palette: Palette
    mode: Mode | None = None
    layout: Layout | None = None

    @classmethod
    def of(
        cls,
        primary: str | None = None,
        background: str | None = None,
        accent: str | None = None,
        style: str = "friendly",
        mode: Mode | None = None,
        layout: Layout | None = None,
    ) -> "Theme":
        """The theme for a blueprint's words. Raises ValueError for a colour or a style that does not exist."""
        if style not in STYLES:
            raise ValueError(f"{style!r} is not a style; choose one of {', '.join(STYLES)}.")
        drawn = STYLES[style]
        own = _COLOURS[drawn]
        # A companion colour that nobody asked for only goes with the primary that it was chosen for.
        second = accent or (own[2] if primary is None else None)
        colours = palette(primary or own[0], background or own[1], second, mode)
        # A dark background was asked for as such; a light one may follow a visitor's device into the dark.
        return cls(drawn, colours, mode or ("dark" if colours.mode == "dark" else None), layout)


@lru_cache(maxsize=256)
def _stylesheet(theme_palette: "_Key") -> str:
    light, dark = (_declarations(dict(tokens)) for tokens in theme_palette)
    return (
        f":root {{\n  color-scheme: light;\n{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root:not([data-mode]) {{\n  color-scheme: dark;\n{dark}}}\n}}\n"
        f":root[data-mode=dark] {{\n  color-scheme: dark;\n{dark}}}\n"
    )


_Key = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


def stylesheet(theme: Theme) -> str:
    """The theme's colours as custom properties: `--primary`, `--on-primary` and so on, light and dark."""
    return _stylesheet((tuple(theme.palette.light.items()), tuple(theme.palette.dark.items())))


def _declarations(tokens: dict[str, str]) -> str:
    return "".join(f"  --{name.replace('_', '-')}: {value};\n" for name, value in tokens.items())


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: a page in the navigation, an entry of a menu. `post` makes it a small form with a token."""

    title: str
    url: str
    current: bool = False
    icon: str | None = None
    post: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person. `avatar` is the URL of a picture; without one the look draws initials."""

    name: str
    avatar: str | None = None
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Flash:
    """A message shown once. `tone` is success, info, warning or danger."""

    text: str
    tone: str = "success"


@dataclass(frozen=True)
class Shell:
    """The `app` of every template.

    name, about: words of the blueprint.
    theme: the look.
    nav: the pages this visitor may open, one of them `current`.
    visitor: who is signed in, or None.
    account: entries of the account menu, sign-out among them.
    sign_in, sign_up: URLs for people who are not signed in; None hides the button.
    csrf: the token that every form carries in a hidden field named `csrf`.
    flashes: messages for this response.
    root: the path under which the app is served, without a slash at the end; the first page is `root + "/"`.
    assets: the path under which `assets.asset` names are served.
    theme_url: where `stylesheet(theme)` is served; None for `root + "/theme.css"`.
    language: of the words on the page.
    search: URL of the search page, None hides the box.
    footer: True when a footer block on the page takes the place of the plain one.
    waiting, waiting_url: how many notifications the person has not seen, and where they are; "" shows no bell.
    drawn: the things that pictures on this page show so far, so that the next one differs.
    macros: the macros that parts of this page have imported so far, by template; see environment.py.
    """

    name: str
    about: str = ""
    theme: Theme = field(default_factory=Theme.of)
    nav: tuple[Link, ...] = ()
    visitor: Visitor | None = None
    account: tuple[Link, ...] = ()
    sign_in: str | None = None
    sign_up: str | None = None
    csrf: str = ""
    flashes: tuple[Flash, ...] = ()
    root: str = ""
    assets: str = "/static"
    theme_url: str | None = None
    language: str = "en"
    search: str | None = None
    footer: bool = False
    waiting: int = 0
    waiting_url: str = ""
    drawn: list[str] = field(default_factory=list, compare=False)
    macros: dict[str | None, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def style(self) -> Style:
        return self.theme.style

    @cached_property
    def layout(self) -> Layout:
        """As asked, otherwise a side bar for tools with many pages."""
        return self.theme.layout or ("side" if len(self.nav) > 7 else "top")

    def asset(self, name: str) -> str:
        """The URL of a vendored or shared file; it changes when the file does."""
        return f"{self.assets}/{name}?v={asset(name).fingerprint}"

    @property
    def theme_css(self) -> str:
        return self.theme_url or f"{self.root}/theme.css"
