"""Pictures drawn where a record, a person or a hero has none. (First families; more follow.)"""

from urllib.parse import quote

from markupsafe import Markup, escape

_SIZES = {"hero": (1600, 900), "card": (640, 480), "square": (480, 480), "tall": (480, 600), "avatar": (96, 96)}


def draw(words: str, hint: str = "", shape: str = "card", style: str = "friendly") -> Markup:
    """A picture for the words as inline SVG, the same each time; its colours are those of the page's stylesheet."""
    width, height = _SIZES[shape]
    letters = "".join(word[0] for word in words.split()[:2] if word[0].isalnum()).upper() or "?"
    size = min(width, height) * 0.4
    return Markup(
        f'<svg class="art" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect class="art-paper" width="{width}" height="{height}"/><text class="art-deep" x="50%" y="50%" dy=".35em" '
        f'text-anchor="middle" font-size="{size:g}">{escape(letters)}</text></svg>'
    )


def sign(name: str, style: str, tokens: dict[str, str]) -> str:
    """The app's sign: a square SVG with fixed colours, for icons outside the page."""
    letter = escape((name.strip() or "?")[0].upper())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="{tokens["primary"]}"/>'
        f'<text x="32" y="46" text-anchor="middle" font-family="Georgia,serif" font-size="40" fill="{tokens["on_primary"]}">{letter}</text></svg>'
    )


def data_url(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg)
