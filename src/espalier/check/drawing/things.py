"""What records are kept of: `track my plants`, `book a table`, `bike repair job board`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.block import Block
from ..requirements.choice import Choice
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.role import Role
from ..words import Like, tokens, written
from .nouns import noun, plural
from .prompt import Prompt, listed

KEEP = re.compile(
    r"\b(?:tracks?|tracking|manages?|managing|maintains?|logs?|logging|records?|recording|lists?|listing|stores?|storing|keeps?|keep track of|catalogues?|posts?|publish(?:es)?|adds?|creates?|registers?|"
    r"browses?|search(?:es)?|uploads?|shares?|submits?|sends?|requests?|enters?|writes?|collects?|organi[sz]es?|schedules?|plans?|reports?|issues?|shows?|view|views|see|sees|rent|rents|handles?|opens?|raises?|file|files|holds?)"
    r" (?P<what>(?:the |their |our |my |all |new |own |an? |upcoming |which |every |each |of )*[\w' -]{3,60}(?:, [\w' -]{3,30})*(?:,? and [\w' -]{3,40})?)",
)
BOOK = re.compile(r"\b(?:book|reserve|booking|reserving)\s+(?:an? |the |their |my |our )?(?P<what>[\w' -]{3,30})")
TITLE = re.compile(
    r"(?P<what>[a-z][\w' -]{2,40}?) (?:trackers?|tracking|logs?|logbook|directory|catalog(?:ue)?|diary|planner|register|inventory|database|manager|management|collection|library|organi[sz]er|reviews?|bookings?|reservations?|appointments?|lists?|rental|exchange|swap|marketplace)\b",
)
BOOKING = r"\bbookings?\b|\bappointments?\b|\breservations?\b|\bbook (?:a|an|the|one|online|it|them|tables?|rooms?|slots?|sessions?|classes|lessons|times?)\b|\breserve (?:a|an|the|up to|seats?|tables?|places?)\b"
NOT_THINGS = frozenset(
    """list record table plan note account notice log state section history category type kind group page link document view piece part option position point report number result results answer score
    schedule calendar photo picture image pic video file text item object chart board form story set service home time hour hours check card place area zone control measure work member membership
    weight condition feedback comment message rating like review total price cost money email reply question stage order role goal entry action test day name details book line show process policy cover map
    collection library directory catalogue register copy use experience game match topic treatment season return key supply offer deal look print skill guide level field loss update progress post resource
    tag label word term meeting sign box bin trip source activity material equipment stock reading program programme testimonial package value matter problem absence shopping protection tool offer good article_ alert alarm notification reminder status archive dashboard summary overview""".split()
)


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Entities, each once."""
    seen: set[str] = set()
    if re.search(BOOKING, prompt.low) and not prompt.has(
        r"\bno (?:online )?(?:bookings?|appointments?|reservations?)\b"
    ):
        like = Like(
            any=(
                "booking",
                "appointment",
                "reservation",
                "registration",
                "enrolment",
                "order",
                "loan",
                "ticket",
                "request",
                "signup",
                "lesson",
                "class",
                "rental",
                "session",
                "visit",
                "viewing",
            )
        )
        yield Entity(like=like, alternatives=(Block(any=("booking",)),))
    for name in _named(prompt):
        key = " ".join(tokens(name))
        if key in seen or not key:
            continue
        seen.add(key)
        like = Like(any=(name,))
        yield Entity(like=like, alternatives=(Role(like=like), Field(like=like), Choice(values=(like,))))


def _named(prompt: Prompt) -> Iterator[str]:
    for at, sentence in enumerate(prompt.sentences):
        low = re.sub(r"\([^()]*\)", "", sentence).lower()
        if at == 0 and len(low.split()) <= 14:
            for match in TITLE.finditer(low):
                name = _thing(match["what"].split(" for ")[-1], many=False)
                if name:
                    yield name
        for match in KEEP.finditer(low):
            for item in listed(match["what"])[:5]:
                name = _thing(item, many=True)
                if name:
                    yield name


def _thing(words: str, *, many: bool) -> str:
    """The thing that is named, when it is a plain word for one."""
    said = noun(words)
    last = said.split()[-1] if said else ""
    if not last or last in NOT_THINGS or _single(last) in NOT_THINGS:
        return ""
    if "things" not in written(last) or written(last) & {"people", "doings"} or (many and not plural(last)):
        return ""
    # Two words when they are known together (`work orders`) or the first only says which of them; the last is what they are.
    two = " ".join(said.split()[-2:])
    return two if len(tokens(two)) == 1 else last


def _single(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") else word
