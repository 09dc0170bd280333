"""What belongs to what: `a task belongs to a project`, `bookings per treatment`, `assign a mechanic to each job`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.reference import Reference
from ..words import Like, alike, written
from .nouns import noun, one_of
from .prompt import Prompt
from .things import NOT_THINGS, WHOLES

# What somebody does with it, who makes a record of that.
DOING = re.compile(r"\b(?P<child>book|borrow|rate|reserve|rent)s? (?:an? |the |each )(?P<parent>[\w'-]+)\b")
PATTERNS = (
    re.compile(r"(?P<child>[\w'-]+) (?:that )?(?:belongs?|is linked|are linked|is tied) to (?:exactly |at least )?(?:an? |one |the |its |their )?(?P<parent>[\w'-]+(?: [\w'-]+)?)"),
    re.compile(r"\b(?:each|every|an?) (?P<parent>[\w'-]+) (?:has|have|can have|contains?|may have) (?:many|several|multiple|a list of|any number of|one or more|its own) (?P<child>[\w'-]+)"),
    re.compile(r"(?P<child>[\w'-]+s) per (?P<parent>[\w'-]+)\b"),
    re.compile(r"\b(?:chart|graph|pie|bar chart|pie chart|number) of (?P<child>[\w'-]+s) by (?P<parent>[\w'-]+)\b"),
    re.compile(
        r"\b(?P<child>reviews?|comments?|ratings?|bookings?|applications?|registrations?|payments?|answers?|repl(?:y|ies)|bids?|offers?|proposals?|enrolments?|loans?"
        r"|inspections?|readings?|measurements?|signups?|quotes?|expenses?|milestones?|parts?) (?:on|of|for|to|about|against|under) (?:an? |the |each |every |their |its )?(?P<parent>[\w'-]+)\b"
    ),
    DOING,
    re.compile(r"\b(?P<child>[a-z][\w'-]+) (?:for|of|on|under|against|about) (?:each|every|an?|their|which|one|any|his|her|its) (?:own )?(?P<parent>[\w'-]+(?: [\w'-]+)?)(?=[ ,.;:]|$)"),
    re.compile(r"\b(?P<child>[a-z][\w'-]+) (?:links?|connects?|ties|tie) (?:an? |one )?(?P<parent>[\w'-]+(?: [\w'-]+)?) (?:to|with|and)\b"),
    re.compile(r"\b(?P<child>[a-z][\w'-]+) (?:is |are |get |gets |be )?assigned to (?:an? |the |one |each |their |our )?(?P<parent>[\w'-]+(?: [\w'-]+)?)"),
    re.compile(r"\b(?:an?|each|every) (?P<parent>[\w'-]+) (?:has|have|with|and) (?:its|their|all its|all their) (?P<child>[\w'-]+s)\b"),
    re.compile(r"\b(?P<child>[\w'-]+s) (?:grouped|filtered|sorted|split|broken down|listed) (?:by|per) (?P<parent>[\w'-]+)\b"),
    re.compile(r"\b(?P<parent>[\w'-]+s) (?:and|with) their (?P<child>[\w'-]+s)\b"),
    re.compile(r"\bassign (?:an? |the |each )?(?P<child>[\w'-]+) to (?:an? |the |each )?(?P<parent>[\w'-]+)\b"),
)  # fmt: skip
HAS = re.compile(r"\bwho (?:has|have|had|borrowed|took|owns|got|uses) (?:which|what) (?P<what>[\w'-]+)\b")
# What things are counted by without being kept: times, and what is said of a record.
NOT_PARENTS = frozenset(
    "day week month year hour person night time status state category type kind stage page quarter minute visit head zone area priority severity topic season".split()
)


# What somebody makes who does this.
MADE = {"book": "booking", "reserve": "booking", "borrow": "loan", "rate": "rating", "rent": "rental"}


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """References, each once."""
    seen: list[tuple[str, str]] = []
    for sentence in prompt.sentences:
        low = re.sub(r"\([^()]*\)", "", sentence).lower()
        for match in HAS.finditer(low):
            what = _thing(match["what"])
            if what:
                like = Like(any=(what,))
                holder = Like(any=("user", "person", "member", "employee", "borrower", "customer"))
                yield Reference(
                    entity=like,
                    to=holder,
                    through=True,
                    alternatives=(Reference(to=like), Field(like=Like(any=("holder", "borrower")))),
                )
        for pattern in PATTERNS:
            for match in pattern.finditer(low):
                child = MADE.get(match["child"]) if pattern is DOING else _thing(match["child"])
                parent = _thing(match["parent"], people=True)
                if not child or not parent or alike(child, parent) or (child, parent) in seen:
                    continue
                seen.append((child, parent))
                # Who books a lesson may make a booking of it, or the lesson itself.
                one = Entity(like=Like(any=(parent,))) if pattern is DOING else None
                others = (*_as_good(parent), *([one] if one else []))
                yield Reference(entity=Like(any=(child,)), to=Like(any=(parent,)), through=True, alternatives=others)


def _as_good(parent: str) -> tuple[Requirement, ...]:
    """Something else that leads there, or a field that says which."""
    there = Like(any=(parent,))
    return (Reference(to=there), Field(like=there))


def _thing(words: str, *, people: bool = False) -> str:
    said = one_of((noun(words).split() or [""])[-1])
    found = written(said)
    if not people and ("doings" in found or said in WHOLES - {"case", "card", "test", "trip", "piece"}):
        return ""
    if (
        not said
        or said
        in NOT_THINGS - {"service", "treatment", "account", "group", "order", "question", "topic", "material", "course"}
        or said in NOT_PARENTS
    ):
        return ""
    return said if "things" in found or (people and "people" in found) else ""
