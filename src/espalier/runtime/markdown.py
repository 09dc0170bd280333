"""Markdown that people wrote, as markup that is safe to show: no raw HTML, no scripts, only web and mail addresses.

Used by the `long` field and by blocks that show the author's text; nothing here knows of records.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "strong",
        "em",
        "del",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "h2",
        "h3",
        "h4",
        "h5",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
    ]
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}


@lru_cache(maxsize=512)
def safe_html(text: str) -> Markup:
    """The text as sanitised HTML. Headings start one level below the page's own."""
    import nh3

    made = _reader().render(text)
    made = re.sub(r"(</?h)([1-4])(?=[\s>])", lambda match: f"{match[1]}{min(int(match[2]) + 1, 5)}", made)
    kept = nh3.clean(
        made,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="nofollow ugc noopener noreferrer",
    )
    return Markup(kept)  # noqa: S704 - cleaned above


def plain(text: str, most: int = 160) -> str:
    """The words of a Markdown text on one line, cut at a word when they are many."""
    words = re.sub(r"[*_`#>]+|!?\[([^\]]*)\]\([^)]*\)", lambda match: match[1] or "", text)
    words = " ".join(words.split())
    if len(words) <= most:
        return words
    return f"{words[:most].rsplit(' ', 1)[0].rstrip(',.;:')}…"


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Pictures could tell a stranger's server who reads what: they stay words.
    return MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable("table").disable("image")
