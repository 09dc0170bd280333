"""The gallery: finished blueprints to start from, and sentences that show what may be asked for."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

from espalier.blueprint.reader import read

from .errors import NotThere

PLACES = (Path(__file__).parents[3] / "apps", Path(sys.prefix) / "share" / "espalier" / "apps")
EXAMPLES = (
    "A booking page for my dog salon: clients choose a groomer and a time, and I see the day",
    "Our choir's rehearsals: who comes, who brings cake, and the scores to download",
    "A help desk for a small office, where people report what is broken and see when it is mended",
    "Orders for a bakery: customers order bread until six in the evening and fetch it the next morning",
    "Keep track of the tools we lend to neighbours, and remind them when something is late",
    "A recipe book for my family with photos, ratings and a list for shopping",
    "Applications for our flat: upload papers, we compare and answer everybody",
    "A running club: routes, times, and a board of who ran how far this month",
)


@cache
def _files() -> dict[str, Path]:
    folder = next((place for place in PLACES if place.is_dir()), None)
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))} if folder else {}


@cache
def entries() -> tuple[dict[str, Any], ...]:
    """The gallery's apps: name (as `POST /api/builds` takes it), title, about, colours, pages."""
    found = []
    for name, file in _files().items():
        blueprint = read(file.read_text("utf-8"))
        found.append(
            {
                "name": name,
                "title": blueprint.app,
                "about": blueprint.about or "",
                "primary": blueprint.theme.primary,
                "background": blueprint.theme.background,
                "pages": [page.name for page in blueprint.page_list],
            }
        )
    return tuple(found)


def text(name: str) -> str:
    """The blueprint of one. Raises NotThere."""
    if name not in _files():
        raise NotThere(f"The gallery has no app {name!r}.", f"It has {', '.join(_files())}.")
    return _files()[name].read_text("utf-8")
