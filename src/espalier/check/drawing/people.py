"""Who uses the app, and who may do what: `only managers may approve`, `customers see their own orders`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..requirements.base import Requirement
from ..requirements.entity import Entity
from ..requirements.permission import Operation, Permission
from ..requirements.private import Private
from ..requirements.public import Public
from ..requirements.reference import Reference
from ..requirements.role import Role
from ..requirements.text import Text
from ..words import Like, tokens, written
from .nouns import is_field, is_thing, noun, one_of, plural
from .prompt import Prompt

# People of whom a role need not be made: everybody, or words that mean other things as well.
VAGUE = frozenset(
    """visitor guest user people person individual somebody contact member caller account company organisation subscriber public team crew group family household head lead
    model talent board council host guide key partner chief hr sales support office desk kitchen security couple friend buddy mate me finance reader viewer audience holder
    staff employee owner kid child dog character hero lead opportunity prospect enquiry reception children author creator planner dm gm gp act band band companion maker local mum dad mother father sister brother cousin wife husband spouse bride groom neighbour neighbor villager flatmate roommate housemate friend
    parents_ relative toddler baby infant youngster mate faculty chemist pro host crowd""".split()
)
DOES = (
    r"(?:can|may|must|should|will|could|needs?|are able to|is able to|sees?|manages?|adds?|edits?|approves?|creates?|books?|reviews?|posts?|writes?|assigns?|records?|registers?|enters?|uploads?|"
    r"publish(?:es)?|confirms?|accepts?|handles?|updates?|submits?|reads?|logs?|marks?|moves?|maintains?|keeps?|views?|schedules?|plans?|moderates?|enrols?|enrolls?|requests?|orders?|issues?|"
    r"receives?|gets?|browses?|checks?|closes?|declines?|rejects?|answers?|sets?|shares?|runs?|follows?|apply|applies|sign up|log in|sign in|claims?|takes?|leaves?|rates?|votes?|pays?|hands? (?:it |them )?in|uses?|chooses?|picks?|joins?|asks?|borrows?|returns?|fills?|tracks?|reports?|assigns?|raises?|opens?|collects?|"
    r"taps?|ticks?|signs?|tells?|gives?|says?|drops?|brings?|makes?|do|does|fix(?:es)?|grades?|teach(?:es)?|lends?|buys?|sells?|offers?|invites?|hosts?|organi[sz]es?|delivers?|completes?|starts?|"
    r"finish(?:es)?|calls?|sends?|prepares?|assess(?:es)?|inspects?|verif(?:y|ies)|triages?|measures?|counts?|scans?|looks?|wants? to|would|has to|have to|respond(?:s)?|judges?|scores?|nominates?|"
    r"decides?|pins?|deletes?|removes?|cancels?|searche?s?|proposes?|suggests?|assigns?|drags?|carr(?:y|ies)|declares?|evaluates?|supervises?|oversees?|coordinates?|controls?|resolves?|investigates?|"
    r"logs? in|signs? in|signs? up|signs? off|brows(?:e|es)|enrols? in|work on|works on|come|comes|donates?|pledges?|bids?|competes?|trains?|attends?|arrive|arrives)"
)
PASSIVE = re.compile(
    r"\b(?:approved|assigned|confirmed|managed|maintained|visible|reviewed|handled|checked|signed off|graded|accepted|published|moderated|edited|recorded|entered|created|answered|verified|posted|uploaded|run|reserved|confidential) (?:only )?(?:by|to|for) "
    r"(?:an? |the |our |my |their |another |all |any |one )?(?P<who>[\w'-]+(?: [\w'-]+)?)(?= |$|[,.;])"
)
# Who is not told apart: any role will do, and the admin.
STAFF = re.compile(
    rf"\b(?:staff|employees|the team|our team|office staff|the office|reception|shop staff) (?:also |then |only |can |may |should |must )*{DOES}\b|\b(?:visible to|only for|only|for the|for) (?:the |our )?staff\b"
)
ONLY = re.compile(
    r"\bonly (?:the |an? |our |my )?(?P<who>[\w' -]{2,40}?) (?:(?:can|may|should|must|is allowed to|are allowed to|will|to)(?: be able to)?(?: only)? (?=\w)|(?=(?:adds?|edits?|deletes?|creates?|approves?|changes?|posts?|uploads?|publish(?:es)?|enters?) ))\b(?P<verb>access|\w+?)(?:es|s)?\b(?: (?:or|and) (?P<more>\w+))?(?P<what> [\w' -]{3,40})?",
)
OWN = re.compile(
    r"(?P<who>[\w'-]+(?: [\w'-]+)?) (?:(?:can|may|should|must|will|log in to|sign in to|log in and|to) )*(?:be able to )?(?:only )?(?:see|sees|view|views|read|access|manage)s?(?: and (?:edit|cancel|change|manage|update))?"
    r" (?:only (?:see )?)?(?:their|his|her|its) own (?:past |upcoming |current |open |previous )?(?P<what>[\w' -]{3,40})",
)
THEIRS = re.compile(
    r"(?P<who>[\w'-]+(?: [\w'-]+)?) (?:can |may |should |will |to )*(?:only (?:see|view|read)s?|(?:see|view|read)s? only|(?:log|sign) in (?:to|and) (?:see|view|check|manage|track|follow)|logs? in (?:to|and) (?:see|view|check|manage))"
    r" (?:their|his|her) (?P<what>[\w' -]{3,40})",
)
LOOK = re.compile(r"only (?:see|view|read)|(?:see|view|read)s? only|(?:log|sign)s? in (?:to|and) ")
CLOSED = re.compile(
    r"private|confidential|internal|secret|public|hidden|only|visible|shown|accessible|to (?:myself|ourselves)|open to"
)
KEPT_IN = re.compile(
    r"(?:^|[,;:.] |\b(?:the|all|our|my|their|and|any|these) )(?P<what>[a-z][\w'-]+(?: [\w'-]+)?) (?:(?:are|is|must be|must|should be|should|shall be|stay|stays|remain|remains|has to be|have to be|must stay|must remain|be|kept|strictly|always|completely) )+"
    r"(?:private|confidential|internal|secret|not public|not be public|not be visible|hidden|for (?:staff|members|us|me|teachers|officers|managers) only|(?:only )?(?:visible|shown|accessible) (?:only )?to)\b"
)
PUBLIC = re.compile(
    r"(?:^|[,;:.] |\b(?:the|all|our|my|their|and) )(?P<what>[a-z][\w'-]+(?: [\w'-]+)?) (?:are|is|must be|should be|shall be) (?:all )?(?:public|publicly visible|visible to (?:everyone|everybody|all|anyone|the public)|open to (?:everyone|all|the public))\b(?! after)"
)
KEEP_IN = re.compile(
    r"\bkeep (?:the |all |my |our |their |every )?(?P<what>[a-z][\w'-]+(?: [\w'-]+)?) (?:private|confidential|secret|hidden|to (?:myself|ourselves))\b"
)
SHOWN = re.compile(
    r"\b(?:public|home|front|main|start) ?(?:page|pages|site|website|part|area)s? (?:should |must |will |shall )?(?:shows?|lists?|presents?|displays?|offers?|has|have|with) (?:the |all |our |an? |only |accepted |approved |published |upcoming |current )*(?P<what>[\w' -]{3,40})"
)
NOT = re.compile(
    r"(?P<who>[\w'-]+(?: [\w'-]+)?) (?:must not|may not|can not|should not|must never|can never|do not|should never)(?: be able to)? (?P<verb>see|read|view|edit|change|delete|access|touch|modify)\w* (?P<what>[\w' -]{3,40})",
)
OPEN = re.compile(
    r"\b(?P<who>anyone|anybody|the public|public|visitors|strangers|everybody|(?:public |website )?visitors(?: without an account)?) (?:can |may |should |should be able to |must be able to |could )?"
    r"(?P<verb>see|sees|read|view|browse|search|look at|look up|search for|browse and search|search and read|read and search)s? (?:the |all |our |an? |through |and filter |and search |upcoming |in |only |accepted |approved |published )*(?P<what>[\w' -]{3,40})",
)
SHUT = re.compile(
    r"\b(?:no public access|nothing (?:is |should be |may be |must be |can be )?(?:public|visible without)|not public|only (?:signed[- ]in )?(?:staff|members|employees|registered users|me|us|we) (?:may|can|should|must|will)? ?(?:use|see|access) (?:it|the (?:system|app|site)|this|everything)"
    r"|(?:nobody|no one) outside|internal use only|for internal use|strictly internal|private,? (?:just|only) (?:for )?(?:me|us|her|him)|just for (?:me|us|myself)\b|only for (?:me|us|myself)\b|all data (?:must|should|is) (?:be )?private|everything is (?:for signed-in|private)|members only!*$|visible to signed-in|only for logged in|nobody else (?:can|should|may) see|no ?one else (?:can|should|may) see|not for the public|nothing public\b(?! except)|only (?:family|members|staff|us|we|the two of us|the family|our team|the team)(?: and \w+)? (?:can|may|should) (?:see|read|open|use|get into) (?:it|any|anything|this|everything|the (?:site|app)))",
)
OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("see", "read", "view", "access", "look", "browse"), "read"),
    **dict.fromkeys(("delete", "remove"), "delete"),
    **dict.fromkeys(
        ("add", "create", "enter", "post", "write", "publish", "submit", "record", "register", "upload"), "create"
    ),
    **dict.fromkeys(
        (
            "edit",
            "change",
            "update",
            "approve",
            "reject",
            "confirm",
            "close",
            "accept",
            "decline",
            "modify",
            "mark",
            "manage",
            "set",
            "touch",
        ),
        "update",
    ),
}


@cache
def _vague() -> frozenset[str]:
    return frozenset(token for word in VAGUE for token in tokens(word))


def vague(word: str) -> bool:
    """Is this a word for everybody, or one that means other things as well?"""
    return bool(set(tokens(word)) & _vague())


def role(words: str) -> str:
    """The people that a phrase ends with, when they are such as make a role; else empty."""
    said = noun(words)
    parts = said.split()
    for size in (2, 1):
        if len(parts) < size:
            continue
        last = " ".join(parts[-size:])
        found = written(last)
        if "people" in found and "doings" not in found and not set(tokens(last)) & _vague():
            return last
    return ""


# By their endings, people of whom no table knows: a caretaker, an arborist.
DOER = re.compile(
    r"[a-z]{3,}(?:keeper|taker|maker|ist|man|ician|ator|master|leader|officer|ographer|grower|rer|ner|cer)s?$"
)
NO_DOER = frozenset(
    "manner dinner corner banner scanner container printer computer list lists owner partner minister december officer planner human german".split()
)


def stranger(words: str) -> str:
    """A word that no table knows, when it is by its form one for people who do something; else empty."""
    last = words.split()[-1] if words.split() else ""
    found = written(last)
    return last if not found and DOER.match(last) and one_of(last) not in NO_DOER else ""


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Roles and rights."""
    nobody = prompt.has(
        r"\b(?:no (?:login|log in|accounts?|sign[- ]?ups?|registration)|without (?:an? )?(?:account|login|logging in|signing)|do not (?:log|sign) in|making an account)"
    )
    yield from _roles(prompt, nobody)
    for sentence in prompt.sentences:
        low = re.sub(r"\([^()]*\)", "", sentence).lower()
        yield from _rights(low)
    if SHUT.search(prompt.low) and not prompt.has(
        r"\bpublicly\b|\bpublic (?!access|visible)|\bvisitors?\b|\banyone\b|\bwelcome page\b|\bfront page\b|\bwebsite\b"
    ):
        yield Private(entity=Like(any=("/./",)))


def _roles(prompt: Prompt, nobody: bool) -> Iterator[Requirement]:
    found: dict[str, int] = {}
    subject = re.compile(
        rf"(?:^|[,;:.] |\b(?:and|the|our|my|while|only|each|every|all|so|that|when|then|where|if|once|how|because|but|or|after|before|while|until|let|logged-in|registered|signed-in) )(?P<who>[\w'-]+(?: [\w'-]+)?) (?:also |then |only |each |both |can |may )*{DOES}\b"
    )
    for sentence in prompt.sentences:
        low = re.sub(r"\([^()]*\)", "", sentence).lower()
        for match in subject.finditer(low):
            name = role(match["who"]) or stranger(match["who"])
            if name:
                found[name] = found.get(name, 0) + 1
    for match in PASSIVE.finditer(prompt.low):
        name = role(match["who"])
        if name:
            found[name] = found.get(name, 0) + 1
    for match in re.finditer(r"\broles?\s*(?:are|:|of|such as|\(|=)\s*([\w' ,]+)", prompt.low):
        for item in re.split(r"\s*(?:,|\band\b|\bor\b)\s*", match[1]):
            if item.strip() and len(item.split()) <= 2 and role(item):
                found[item.strip()] = 2
    if STAFF.search(prompt.low):
        anybody = Like(any=("staff", "employee", "/./"))
        yield Role(like=anybody, weight=0.7, alternatives=(Role(like=Like(any=("admin",))),))
    seen: set[str] = set()
    for name in found:
        key = " ".join(tokens(name))
        if key in seen or (nobody and re.search(r"\b(?:customer|client|visitor|guest|patient|parent)s?\b", name)):
            continue
        seen.add(key)
        like = Like(any=(one_of(name),))
        yield Role(like=like, alternatives=(Entity(like=like),))


def _rights(low: str) -> Iterator[Requirement]:
    for match in OWN.finditer(low) if " own " in low else ():
        who, what = role(match["who"]) or _plain(match["who"]), _object(match["what"])
        if what and who:
            yield Permission(
                who=Like(any=(one_of(who),)), operation="read", entity=Like(any=(one_of(what),)), reach="limited"
            )
            yield Reference(entity=Like(any=(one_of(what),)), to=Like(any=(one_of(who),)))
    for match in THEIRS.finditer(low) if LOOK.search(low) else ():
        who, what = role(match["who"]) or _plain(match["who"]), _object(match["what"])
        if what and who and not match["what"].startswith("own "):
            yield Permission(
                who=Like(any=(one_of(who),)), operation="read", entity=Like(any=(one_of(what),)), reach="limited"
            )
    for pattern in (KEPT_IN, KEEP_IN) if CLOSED.search(low) else ():
        for match in pattern.finditer(low):
            what = _object(match["what"])
            if what:
                yield Private(entity=Like(any=(one_of(what),)))
    for match in PUBLIC.finditer(low) if CLOSED.search(low) else ():
        what = _object(match["what"])
        if what:
            yield Public(entity=Like(any=(one_of(what),)))
    for match in (*(SHOWN.finditer(low) if "public" in low else ()), *OPEN.finditer(low)):
        if "public" not in match[0] and "only" in low[: match.start()][-12:]:
            continue
        if match.re is SHOWN and "public" not in match[0]:
            continue
        what = _object(match["what"])
        if what:
            yield Public(entity=Like(any=(one_of(what),)), alternatives=_told(what))
    for match in ONLY.finditer(low) if "only " in low else ():
        who, what, verb = (
            role(match["who"]),
            _object(match["what"] or ""),
            match["more"] if match["more"] in OPERATIONS else match["verb"],
        )
        if _runner(match["who"]) and what and OPERATIONS.get(verb) == "read":
            yield Private(entity=Like(any=(one_of(what),)))
        elif who and what and verb in OPERATIONS:
            yield Permission(
                who=Like(any=(one_of(who),)),
                operation=OPERATIONS[verb],
                entity=Like(any=(one_of(what),)),
                reach="yes",
                only=True,
            )
    for match in NOT.finditer(low) if " not " in low or " never " in low else ():
        who, what = role(match["who"]) or _plain(match["who"]), _object(match["what"])
        if who and what and "other" not in match["what"] and "each" not in match["what"]:
            yield Permission(
                who=Like(any=(one_of(who),)),
                operation=OPERATIONS[match["verb"]],
                entity=Like(any=(one_of(what),)),
                reach="none",
            )
        elif (
            re.match(r"visitors?|public|strangers?|customers?", match["who"].split()[-1])
            and what
            and match["verb"] in ("see", "read", "view")
        ):
            yield Private(entity=Like(any=(one_of(what),)))


def _told(what: str) -> tuple[Requirement, ...]:
    """What need be no record: services and the like may stand on the page as words."""
    last = one_of(what.split()[-1])
    return (Text(like=Like(any=(last,))),) if last in ("service", "table", "team", "package", "style", "place") else ()


def _plain(words: str) -> str:
    """People without a role of their own, when they are meant."""
    last = words.split()[-1] if words.split() else ""
    return (
        "user"
        if last
        in (
            "users",
            "user",
            "members",
            "member",
            "employees",
            "everyone",
            "each",
            "people",
            "person",
            "customers",
            "clients",
        )
        else ""
    )


def _runner(words: str) -> str:
    return (
        "admin"
        if words.strip()
        in (
            "i",
            "me",
            "admins",
            "admin",
            "an admin",
            "the owner",
            "we",
            "us",
            "staff",
            "the staff",
            "my wife and me",
            "my wife and i",
        )
        else ""
    )


def _object(words: str) -> str:
    """What the verb is about, when it is a thing that records are kept of."""
    said = noun(
        re.split(
            r"\b(?:and|or|but|with|for|in|on|by|from|to|of|that|which|when|while|as|at|so|filtered|grouped|sorted|without)\b",
            words.strip(),
        )[0]
    )
    if (
        not said
        or not is_thing(said.split()[-1])
        or (is_field(said.split()[-1]) and not plural(said))
        or said.split()[-1]
        in (
            "list",
            "notes",
            "note",
            "status",
            "result",
            "results",
            "record",
            "records",
            "plan",
            "number",
            "score",
            "account",
            "history",
            "progress",
            "entry",
            "gallery",
            "catalogue",
            "calendar",
            "page",
            "form",
            "forms",
            "bid",
            "collection",
            "site",
            "library",
            "map",
            "schedule",
        )
    ):
        return ""
    return said
