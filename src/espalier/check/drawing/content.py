"""What must stand in the app from the first day: its name, an address, hours that are told, things that are named or counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.block import Block
from ..requirements.choice import Choice
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.role import Role
from ..requirements.seed import Seed
from ..requirements.text import Text
from ..words import Like, written
from . import usual
from .nouns import is_field, loosely, noun, one_of, plural
from .people import vague
from .prompt import Prompt, listed
from .things import NOT_THINGS

CALLED = re.compile(
    r"\b(?:(?:is |are |am |it's |we're |i'm )?called|named|(?:name|title) is|under the name(?: of)?|(?:shop|bakery|cafe|café|studio|salon|club|company|business|restaurant|school|band|project|app|site|page|brand)(?: is|'s name is)?:?) "
    r"(?P<name>[A-Z][\w'&-]*(?: (?:(?:of|the|and|de|la|du|&) (?=[A-Z0-9])|[A-Z0-9][\w'&-]*(?: |(?=\W|$))){0,4})?)"
)
LOWER = re.compile(
    r"\b(?:it's|we are|we're|is|its|are|be|app|shop|site|business|company|salon|cafe|bakery|studio|club) called (?P<name>[a-z][\w']*(?: [\w']+){0,2})(?=[,.;!)\n]|$| and | in )"
)
QUOTED = re.compile(r'"(?P<name>[^"\n]{3,50})"')
ADDRESS = re.compile(
    r"\b(?P<what>\d{1,4} (?:[A-Z][a-z']+ ){1,2}(?:Street|St|Road|Rd|Lane|Avenue|Ave|Square|Close|Way|Drive|Row|Place|Court|Hill|Boulevard)|[A-Z][a-z]+(?:strasse|straße|gasse|weg|platz|straat) \d{1,3})\b"
)
PHONE = re.compile(r"(?<![\w.#-])(?P<what>\+?\d[\d /()-]{6,16}\d)(?![\w-])")
MAIL = re.compile(r"\b(?P<what>[\w.+-]+@[\w-]+\.[a-z]{2,})\b")
DAYS = r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?"
OPEN = re.compile(
    rf"\bopen(?:ing)?(?: hours?| times?)?(?: are| is|:)? (?:from )?(?:{DAYS}\b|daily|every day|weekdays|\d{{1,2}}(?::\d\d)? ?(?:am|to|-|till|until))|\b{DAYS} ?(?:-|to|till|until|through) ?{DAYS},? (?:from )?\d"
)
HOURS = Text(like=Like(any=("/hours|open|\\d(?:am|pm|:\\d\\d)|mon|tue|daily/",)))
NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
COUNTED = re.compile(
    rf"\b(?:our|my|the|have|got|has|with|are|out|run|own|of|offer|sell|between) (?P<count>{'|'.join(NUMBERS)}|[2-9]|1[0-2]) (?:\w+ )?(?P<what>[a-z]+s|people)\b"
)
FOLLOWED = re.compile(
    r"\b(?P<what>services?|treatments?|menu|categories|sections?|products|rooms|tours|classes|courses|workshops|topics|departments|packages|dishes|cakes|flavou?rs|stalls|courts|subjects|genres|lists?|areas|teams|kinds|types|sizes|regions|branches|locations|memberships)"
    r"(?: are| we offer| on offer| i offer| include)?(?: ?: | ?- | ?= | are | \()(?P<items>[^.;:()\n]{5,160})"
)
# What is to be told on the site, with the words of which one must stand there, and blocks that tell it.
TOLD: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (r"\b(?:an? )?about (?:us|me|page|section)\b|\bour (?:story|history)\b|\bintroduc(?:e|es|ing|tion to) (?:the |our |my |me\b|us\b)", ("/about|story|histor|who we|meet |welcome|since|team|introduc/",), ("text", "hero", "team", "features", "steps")),
    (r"\bhow (?:it|this|coaching|the process|everything) works?\b|\bexplain(?:s|ing)? (?:the process|how)\b", ("/how|works|step|explain|process/",), ("steps", "features", "text", "faq")),
    (r"\b(?:our|the|with|an?|show|where|how to find us|find us|map and) (?:address|directions)\b(?!es)|\bwhere (?:we are|to find us)\b|\bhow to (?:find|reach|get to) us\b", ("/address|street|road|lane|find us|where|map/",), ("contact", "map", "footer")),
    (r"\bprice ?list\b|\bour prices\b|\bwith prices\b|\btariffs?\b", ("/price|fee|cost|€|\\$|£|rate/",), ("pricing",)),
    (r"\bgift ?(?:vouchers?|cards?)\b", ("/voucher|gift/",), ()),
    (r"\b(?:house |club |game |the )rules (?:page|section|of the)\b|\bpage (?:with|of|for|about) (?:the |our )?rules\b", ("/rule/",), ()),
    (r"\bterms (?:and|of|&)\b|\bprivacy (?:policy|notice)\b|\bimprint\b", ("/terms|privacy|imprint|legal|policy/",), ()),
    (r"\bcare (?:tips|instructions|guide)\b", ("/care|tip|guide/",), ()),
    (r"\bparking\b(?! (?:space|spot|lot|permit|fine)s?)", ("/park/",), ()),
)  # fmt: skip

COMPILED = tuple((re.compile(says), words, blocks) for says, words, blocks in TOLD)


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Words, and records that are there already."""
    seen: set[str] = set()
    for pattern in (CALLED, QUOTED, LOWER):
        if (pattern is QUOTED and '"' not in prompt.plain) or (pattern is LOWER and " called " not in prompt.plain):
            continue
        for match in pattern.finditer(prompt.plain):
            name = match["name"].strip(" .,'")
            parts = re.findall(r"[\w']+", name)
            if name.lower() in seen or not parts or len(parts) > 6 or all(len(word) < 3 for word in parts):
                continue
            if pattern is LOWER and written(parts[0]) & {"fields", "doings", "values"}:
                continue
            seen.add(name.lower())
            telling = [word for word in parts if len(word) > 3] or parts
            yield Text(like=Like(any=(name, *(f"/\\b{re.escape(word)}/" for word in telling[:2]))), title=True)
    for pattern in (ADDRESS, PHONE, MAIL):
        for match in pattern.finditer(prompt.plain):
            what = match["what"]
            if pattern is PHONE and (
                len(re.sub(r"\D", "", what)) < 7 or re.search(r"\d{4}-\d{2,4}$|^\d{4} ?- ?\d{4}", what)
            ):
                continue
            spaced = r"\W*".join(re.findall(r"\w", what)) if pattern is PHONE else re.escape(what)
            yield Text(like=Like(any=(f"/{spaced}/",)))
    if OPEN.search(prompt.low) and not prompt.has(r"\bopening (?:hours|times)\b"):
        yield HOURS
    for says, words, blocks in COMPILED:
        if says.search(prompt.low):
            others: tuple[Requirement, ...] = (Block(any=blocks),) if blocks else ()
            yield Text(like=Like(any=words), alternatives=others, weight=0.7)
    yield from _named(prompt)
    if not usual.SHUT.search(prompt.low):
        yield from _counted(prompt)


def _named(prompt: Prompt) -> Iterator[Requirement]:
    """Things that are named one by one: `services: cut, shave, beard trim`."""
    for match in FOLLOWED.finditer(prompt.low):
        items = [noun(item) for item in listed(match["items"])]
        items = [item for item in items if item]
        if (
            not 3 <= len(items) <= 12
            or len(items) < len(listed(match["items"]))
            or any(len(item.split()) > 3 for item in items)
        ):
            continue
        if sum(is_field(item) or "doings" in written(item.split()[0]) for item in items) * 3 > len(items):
            continue
        likes = tuple(loosely(one_of(item)) for item in items)
        words = tuple(f"/\\b{re.escape(item.split()[-1][:6])}/" for item in items)
        yield Choice(values=likes, most=(len(items) + 1) // 2, alternatives=(Text(like=Like(any=words)),))


def _counted(prompt: Prompt) -> Iterator[Requirement]:
    """Things of which there are so many: `our three barbers`, `the two cabins`."""
    seen: set[str] = set()
    for match in COUNTED.finditer(prompt.low):
        word = one_of(match["what"])
        found = written(match["what"]) | written(word)
        if (
            word in seen
            or not found & {"things", "people"}
            or "doings" in found
            or word in NOT_THINGS - {"treatment", "service", "table"}
        ):
            continue
        if vague(word) or not plural(match["what"]):
            continue
        seen.add(word)
        like = Like(any=(word,))
        count = NUMBERS.get(match["count"]) or int(match["count"])
        least = min(count, 3)
        yield Seed(
            entity=like,
            at_least=least,
            weight=0.7,
            alternatives=(
                Field(like=like, types=("choice",), exact=True),
                Role(like=like),
                Text(like=like),
                *([Entity(like=like)] if "people" in found else []),
            ),
        )
