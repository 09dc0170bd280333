"""States and kinds that are named: `(Low, Medium, High)`, `from new to done`, `waiting / in the chair / finished`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.choice import Choice
from ..words import Like, sections, written
from .nouns import is_field, loosely, plural
from .prompt import Prompt, listed

WORD = r"[A-Z0-9$][\w'$+#&/.-]*(?: [\w'$+#&/%-]+){0,3}"
CAPITALS = re.compile(rf"(?<![.!?] )({WORD}(?:, {WORD})*,? (?:and|or) {WORD}|{WORD}(?:, {WORD})+)")
BRACKETS = re.compile(r"\(([^()]+)\)")
KINDISH = (
    r"status(?:es)?|states?|stages?|priorit(?:y|ies)|severity|categor(?:y|ies)|types?|kinds?|levels?|difficulty|sizes?|sections?|genres?|styles?|modes?|"
    r"zones?|conditions?|shifts?|moods?|frequency|how often|pace|grades?|urgency|meals?|topics?|groups?|colou?rs?"
)
STATE = re.compile(
    rf"\b(?:{KINDISH})\b(?: field)?(?: of| from| is| are| either| such as| like| being| as|:| =|,)*\s+((?:[\w'/-]+(?: [\w'/-]+){{0,2}}\s*[,/>|]\s*)+(?:and |or )?[\w'/-]+(?: [\w'/-]+){{0,2}})",
    re.IGNORECASE,
)
THROUGH = re.compile(
    r"\b(?:through|between|marks? (?:it|them|each|\w+)? ?as|from|going|goes|move (?:it|them)(?: along)?|mark(?:ed)?(?: it| them| each)?(?: as)?|columns?(?: for)?|drag \w+ between|set (?:it|them|each) to)\s*:?\s+"
    r"((?:[\w']+(?: [\w']+){0,3}\s*(?:,|/|>|->|\s-\s|\bto\b(?! be))\s*)+(?:and |or |then )?[\w']+(?: [\w']+){0,2})",
)
CHAIN = re.compile(
    r"(?<![\w/])([a-z][\w' ]{1,20}(?:\s*(?:->|>)\s*[a-z][\w' ]{1,20}){2,})|((?:[a-z][\w']*(?: [\w']+){0,2} - ){2,}[a-z][\w']*(?: [\w']+)?)|((?:[a-z][\w']*(?: [\w']+)? / ){1,}[a-z][\w']*(?: [\w']+)?)|(?<![\w/:.])([a-z]\w+(?:/[a-z]\w+){2,})(?![\w/])",
    re.IGNORECASE,
)
NAMES = re.compile(r"\b(?:january|monday|english|google|excel|dr|mr|st)\b")
LEADS = frozenset("is are as from to be go goes going through becomes either mark marked".split())
DIVIDED = re.compile(r"[,/>|]| - | to ")
CHAINED = re.compile(r"/|>| - ")
STOP = re.compile(
    r"^(?:a|an|the|then|and|or|either|be|being|as|it's|is|to|for|mark|marked|finally|from|new to)\s+", re.IGNORECASE
)
CUT = re.compile(
    r"\s+(?:with|so|which|that|when|by|because|if|please|who|where|while|on|but|plus|using|depending)\b.*$",
    re.IGNORECASE,
)
VERBS = re.compile(
    r"\b(?:yes|no|the|a|an|every|each|my|i|we|you|they|it|to|can|should|must|will|want|need|see|get|have|has|add|make|show|log|book|write)\b",
    re.IGNORECASE,
)


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Lists of values."""
    seen: set[frozenset[str]] = set()
    for values in _lists(prompt):
        low = frozenset(value.lower() for value in values)
        if len(low) > 1 and not any(low <= other or len(low & other) >= 2 for other in seen):
            seen.add(low)
            yield Choice(values=tuple(Like(any=(value,)) for value in values), most=len(values) - (len(values) > 3))
    for values in _loose(prompt):
        low = frozenset(value.lower() for value in values)
        if len(low) > 2 and not any(low & other for other in seen):
            seen.add(low)
            yield Choice(values=tuple(loosely(value) for value in values), most=(len(values) + 2) // 2, weight=0.7)


# Signs that a list is of examples, not of all there is.
EXAMPLES = re.compile(
    r"\.\.|\betc\b|\band so on\b|\bwhatever\b|\blol\b|\bmaybe\b|\?|\blike\b|\bstuff\b|\bthings\b|\bfor example\b|\bsuch as\b|\bcertain\b"
)
MANY_KINDS = frozenset("categories types kinds stages levels statuses sizes priorities sections genres".split())
SMALL = re.compile(r"[a-z][a-z' -]{1,24}")


def _loose(prompt: Prompt) -> Iterator[list[str]]:
    """Values that no table knows: `trade (painter, plumber, joiner)`, `saw > mill > turn`, `fixed / half fixed / no hope`."""
    for sentence in prompt.sentences:
        low = sentence.lower()
        for match in BRACKETS.finditer(low):
            before = re.findall(r"[a-z'-]+", low[: match.start()])
            text = match[1]
            if not before or EXAMPLES.search(text) or re.search(r"\d", text):
                continue
            items = [
                part.strip()
                for part in (
                    text.split("/")
                    if "/" in text and "," not in text
                    else re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+", text)
                )
                if part.strip()
            ]
            last = before[-1]
            single = (
                not plural(last)
                and is_field(last)
                and last not in ("name", "photo", "client", "customer", "company", "contact", "message", "document")
            )
            if 3 <= len(items) <= 9 and (single or last in MANY_KINDS) and _small(items):
                yield items
        for match in ARROWS.finditer(low) if ">" in low else ():
            items = [part.strip(" .,") for part in re.split(r"\s*(?:->|=>|>)\s*", match[0])]
            items[0] = items[0].split()[-1] if items[0].split() else ""
            items[-1] = " ".join(items[-1].split()[:2]) if items[-1].split()[:1] != items[-1].split()[:2] else items[-1]
            items = [_cleaned(item) for item in items]
            if all(items):
                yield items


def _small(items: list[str]) -> bool:
    """Are these short words, few of which are known for fields?"""
    fields = sum(is_field(item) and "values" not in sections(item) for item in items)
    return all(SMALL.fullmatch(item) and len(item.split()) <= 3 for item in items) and fields * 3 <= len(items)


ARROWS = re.compile(r"[a-z][a-z' ]{1,20}(?:\s*(?:->|=>|>)\s*[a-z][a-z']{1,14}(?: [a-z']{2,12})?){2,}")


def _lists(prompt: Prompt) -> Iterator[list[str]]:
    for sentence in prompt.sentences:
        for match in BRACKETS.finditer(sentence):
            values = _bracketed(sentence[max(0, match.start() - 60) : match.start()], match[1])
            if values:
                yield values
        bare = re.sub(r"\([^()]*\)", " ", sentence)
        yield from _told(bare)


def _bracketed(before: str, inside: str) -> list[str]:
    """What stands in brackets behind a word, when these are values and not fields or examples."""
    if re.search(r"\b(?:such as|like|for example|etc|name|email|phone)\b", inside.lower()) or "?" in inside:
        return []
    slashes = "/" in inside and "," not in inside
    items = [part.strip() for part in inside.split("/")] if slashes else listed(inside)
    if not 2 <= len(items) <= 12 or any(len(item) > 30 or len(item.split()) > 4 for item in items):
        return []
    fields = sum(is_field(item) for item in items)
    capitals = all(item[:1].isupper() or item[:1] in "$" for item in items) and before.strip()
    kind = re.search(rf"\b(?:{KINDISH})\s*$", before.lower())
    known = sum("values" in sections(item) for item in items) >= max(2, len(items) - 1)
    if capitals or (kind and fields * 2 < len(items)) or (known and fields < len(items) - 1):
        return [_cleaned(item) for item in items]
    return []


def _told(sentence: str) -> Iterator[list[str]]:
    """Values in the run of a sentence."""
    for match in CAPITALS.finditer(sentence):
        items = [_cleaned(item) for item in listed(match[1])]
        begins = sentence[match.start() :].find(_first(items[0])) if items else 0
        items = [_first(items[0]), *items[1:]] if items else []
        lead = sentence[max(0, match.start() - 60) : match.start() + max(0, begins)].lower()
        if not re.search(
            rf"\b(?:as|through|{KINDISH}|is|are|either|columns?|steps?|between|to|sections|states|from|becomes?|stays|marked|mark|in)\b[\w :,'-]{{0,26}}$",
            lead,
        ):
            continue
        named = all(item[:1].isupper() or item[:1].isdigit() for item in items)
        short = 2 <= len(items) <= 12 and all(len(item.split()) <= 4 for item in items)
        if named and short and not NAMES.search(match[1].lower()):
            yield items
    low = sentence
    if not DIVIDED.search(low):
        return
    for pattern in (STATE, THROUGH):
        for match in pattern.finditer(low):
            items = [
                _cleaned(item)
                for item in re.split(r"\s*(?:,|/|->|>|\||\s-\s|\bto\b|\band\b|\bor\b|\bthen\b)\s*", match[1])
            ]
            yield from _if_values([item for item in items if item])
    for match in CHAIN.finditer(low) if CHAINED.search(low) else ():
        text = next(group for group in match.groups() if group)
        items = [_cleaned(item) for item in re.split(r"\s*(?:->|>|\s-\s|/)\s*", text)]
        yield from _if_values([item for item in items if item])


def _if_values(items: list[str]) -> Iterator[list[str]]:
    """The items, when they are short and most are known for states."""
    items = [_first(items[0]), *items[1:]] if items else []
    if not 2 <= len(items) <= 9 or any(len(item.split()) > 4 or VERBS.search(item) for item in items):
        return
    known = sum("values" in sections(item) for item in items)
    fields = sum(is_field(item) and "values" not in written(item) for item in items)
    if known >= 2 and known * 2 >= len(items) and fields * 3 < len(items):
        yield items


def _first(item: str) -> str:
    """The first of some values without what leads to it: `orders go new` is new."""
    words = item.split()
    if len(words) < 2 or "values" in written(item):
        return item
    for size in (2, 1):
        last = " ".join(words[-size:])
        if len(words) > size and ("values" in written(last) or (last[:1].isupper() and words[-size - 1] in LEADS)):
            return last
    return item


def _cleaned(item: str) -> str:
    item = CUT.sub("", item.strip(" .,:;\"'"))
    before = None
    while before != item:
        before = item
        item = STOP.sub("", item).strip(" .,:;\"'")
    return item
