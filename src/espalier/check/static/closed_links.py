"""Buttons and links into pages that their readers may not open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from espalier.blueprint.blocks import Block
from espalier.blueprint.blocks.button import Button as ButtonBlock
from espalier.blueprint.blocks.links import Links
from espalier.blueprint.schema import Page
from espalier.blueprint.steps import Button

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..subject import Subject

# Doors for those who work there stand on public pages too.
FOR_STAFF = re.compile(
    r"(?i)\b(?:staff|team|admin|office|desk|log ?in|sign ?in|members?|crew|volunteers?|dashboard|back ?stage|for \w+s)\b"
)


@check("static", weight=2)
def closed_links(subject: Subject) -> Iterator[Finding]:
    """Every button leads to a page that those who see it may open, once they have signed in."""
    structure = subject.structure
    for placed in structure.blocks:
        for button in _buttons(placed.block):
            page = _page(subject, button.to, placed.page)
            if page is None:
                continue
            readers = structure.audience(placed)
            if STRANGER in readers and not FOR_STAFF.search(button.label):
                # Of those who come in from the street, everybody can become one of these.
                readers = (STRANGER, *(structure.joining or structure.members))
            if page is placed.page or any(structure.opens(page, person) is not False for person in readers):
                yield fine(placed.where)
                continue
            yield wrong(
                placed.where,
                f"`{button}` leads to a page for {page.who}, whom this block is not for",
                f"open `{page.name}` to those who see the button, or show it with `if: {page.who}`",
            )


def _buttons(block: Block) -> Iterator[Button]:
    if isinstance(block, ButtonBlock):
        yield block.of
    elif isinstance(block, Links):
        yield from (Button(label, to) for label, to in block.of.items() if to)
    elif isinstance(button := getattr(block, "button", None), Button):
        yield button


def _page(subject: Subject, to: str, here: Page) -> Page | None:
    """The page that a button leads to; None for addresses and pages of the platform."""
    found = subject.blueprint.meaning.target_of(to, here)
    if not found or not found.startswith("/"):
        return None
    path = found.partition("#")[0]
    pages = subject.blueprint.page_list
    return next((page for at, page in enumerate(pages) if path == ("/" if at == 0 else f"/{page.slug}")), None)
