"""Rules that say a translated blueprint better with words v0 did not have. Each is safe without looking at the app.

A rule takes the document and changes it in place. `improve` runs before the hand-written patches, `tidy` after them.
"""

from __future__ import annotations

from . import access, brevity, pages, shapes
from .seeds import relative_dates
from .tree import Tree


def improve(document: Tree, prompt: str) -> None:
    shapes.owners(document)
    shapes.parts(document)
    shapes.personal_unique(document)
    shapes.one_each(document)
    shapes.places(document)
    shapes.ranges(document)
    access.ticks(document)
    access.decisions(document)
    access.staff_fields(document)
    access.field_access(document)
    pages.mine(document)
    pages.upcoming(document)
    shapes.required_keys(document)
    pages.reachable(document)
    access.signup(document)
    relative_dates(document)
    brevity.few_rows(document)


def tidy(document: Tree, prompt: str) -> None:
    brevity.only_asked(document, prompt)
    access.everyone(document)
    pages.plain_columns(document)
    for entry in document.get("access", {}).values():
        access.simplify(entry)
    access.closed_pages(document)
    access.common_access(document)
    for key in ("roles", "access", "seed", "automations"):
        if key in document and not document[key]:
            del document[key]
