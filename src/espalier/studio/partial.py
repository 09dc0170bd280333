"""What can be shown of a blueprint while it is written: the sections that are complete, made into one that reads."""

from __future__ import annotations

import re

from espalier.blueprint.mend import mend
from espalier.blueprint.printer import print_tree
from espalier.blueprint.reader import read_all

# Where something begins, what stood before is complete: a section, or a page or an entity in one.
BEGINS = re.compile(r"(?m)^(?:roles|signup|data|access|pages|seed|automations):|^  (?! )\S[^\n]*:[ \t]*$")
APP = re.compile(r"(?m)^app: *(.+)$")
ABOUT = re.compile(r"(?m)^about: *(.+)$")


def cuts(text: str) -> int:
    """How many parts of the text are complete; it rises while the text grows."""
    return sum(1 for _ in BEGINS.finditer(text))


def readable(text: str) -> str:
    """The text of a blueprint that reads, made of the parts that are complete; "" while there is none.

    Before there are pages or data, it is one page with the app's name and what it is about.
    """
    found = list(BEGINS.finditer(text))
    if not found:
        return ""
    complete = text[: found[-1].start()]
    mended = mend(complete).text
    if mended and read_all(mended).blueprint is not None:
        return mended
    return _alone(complete)


def _alone(text: str) -> str:
    """A page from the head of a blueprint."""
    app = APP.search(text)
    if app is None:
        return ""
    name, about = (said[1].strip().strip("\"'") if said else "" for said in (app, ABOUT.search(text)))
    page = print_tree({"pages": {"Home": [{"hero": name, **({"text": about} if about else {})}]}})
    for whole in (text + page, print_tree({"app": name}) + page):
        if read_all(whole).blueprint is not None:
            return whole
    return ""
