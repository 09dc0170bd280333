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
from ..requirements.text import Text
from ..words import Like, alike, written
from . import usual
from .nouns import NO_NOUN, loosely, noun, one_of, plural
from .people import vague
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
BOOKED = tuple(
    "booking appointment reservation registration enrolment order loan ticket request signup lesson class rental session visit viewing seat reply".split()
)
AFTER = frozenset(
    "tracker tracking log list directory and with app site website page manager board planner organiser organizer or booking bookings database of inventory catalogue catalog register".split()
)
# Words whose plural is more often said of something else than kept: buttons and components, hours, the parts of a page.
SELDOM = frozenset(
    """component show record mark log hour minute number box check rule table thing reminder list role work kind stage section unit ladder arrival material drill part result score answer
    rating cost fee tool testimonial drive upload house sign ask absence package pattern night holiday design service problem contract instrument quote kilo page link document photo
    picture image pic video file text step point day week month year place area option condition detail day time value name line card shop site measure finding diagnosis attachment
    statuse photograph route picture meal machine game play sport word key star level size price tag comment need stock hold box work colour color button tone tint reason
    view look space room seat table member person category type status state skill group team club company note plan category topic theme pass scale field land
    run vote chart track template study save present matter grouped good copy chat channel art action graph ride drink label limit offer stay study swap decision department race meeting class_ payment_ tournament_""".split()
)
# Words for the whole of an app, or for too little of it: what is kept there has another name.
WHOLES = frozenset(
    """site page faq place timetable log rota menu rental catalogue ladder reminder checklist performance mark book register record sprint box shop market store queue line directory
    list space crm blog wiki forum journal diary library stock inventory cart station case school program pass gear community garden pool league challenge wishlist portfolio sheet desk
    room unit plan budget draw kind word waitlist newsletter show gallery batch production goods guide quiz poll survey chat work works poem sign piece swap exchange fitness test trip
    office venue practice maintenance club notebook neighbourhood studio route track spending update performance mark shopping cash""".split()
)
# What an app of a known sort keeps, by whichever of these names.
SORTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"\b(?:discussion )?forums?\b|\bmessage board\b|\bq ?(?:&|and) ?a\b",
        ("post", "thread", "topic", "question", "message", "discussion"),
    ),
    (r"\bwikis?\b", ("page", "article", "entry", "topic", "species", "character", "runbook")),
    (
        r"\b(?:diary|journal)\b(?! articles)",
        (
            "entry",
            "day",
            "note",
            "log",
            "dream",
            "mood",
            "record",
            "meal",
            "page",
            "visit",
            "film",
            "book",
            "walk",
            "hike",
        ),
    ),
    (r"\bhelp ?desk\b", ("ticket", "request", "issue", "case")),
    (r"\bcrm\b", ("customer", "lead", "contact", "deal", "company", "client")),
    (
        r"\bmarketplace\b|\bclassifieds\b",
        (
            "listing",
            "ad",
            "item",
            "product",
            "offer",
            "tutor",
            "lot",
            "post",
            "book",
            "textbook",
            "boat",
            "car",
            "job",
            "service",
            "instrument",
            "sound",
            "vehicle",
            "property",
        ),
    ),
    (r"\brsvps?\b", ("rsvp", "guest", "reply", "response", "attendance", "signup", "event", "meal")),
    (
        r"\b(?:spending|expenses?)\b",
        ("expense", "spending", "transaction", "cost", "payment", "bill", "entry", "purchase"),
    ),
    (r"\bto-?do (?:list|app)\b|\btask (?:list|manager|tracker)\b", ("task", "todo", "item")),
    (r"\brecipes?\b", ("recipe", "cocktail", "dish", "meal", "formula", "bake")),
    (
        r"\b(?:rota|roster|timetable)\b",
        ("shift", "duty", "class", "lesson", "task", "chore", "slot", "session", "turn", "stop", "job", "performance"),
    ),
    (r"\bvotes? for\b|\bpolls?\b", ("poll", "vote", "option", "candidate", "idea", "question", "choice", "ballot")),
    (r"\b(?:high ?scores?|score ?board)\b", ("score", "result", "game", "player", "team", "attempt", "play")),
    (r"\binvoices?\b(?=.*\b(?:send|lines?|due|paid|total|clients?|tracker)\b)", ("invoice", "bill")),
    (
        r"\bdonations?\b(?=.*\b(?:amount|page|donors?|money)\b)",
        ("donation", "gift", "pledge", "contribution", "payment"),
    ),
    (r"\bflash ?cards?\b", ("card", "flashcard", "word")),
    (r"\bpetitions?\b", ("signature", "petition", "supporter", "signup")),
)
COMPILED = tuple((re.compile(says), words) for says, words in SORTS)
NOT_THINGS = frozenset(
    """list record table plan note account notice log state section history category type kind group page link document view piece part option position point report number result results answer score
    schedule calendar photo picture image pic video file text item object chart board form story set service home time hour hours check card place area zone control measure work member membership
    weight condition feedback comment message rating like review total price cost money email reply question stage order role goal entry action test day name details book line show process policy cover map
    collection library directory catalogue register copy use experience game match topic treatment season return key supply offer deal look print skill guide level field loss update progress post resource
    tag label word term meeting sign box bin trip source activity material equipment stock reading program programme testimonial package value matter problem absence shopping protection tool offer good performance mark alert alarm notification reminder status archive dashboard summary overview maintenance practice club""".split()
)


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Entities, each once."""
    seen: list[str] = []
    if re.search(BOOKING, prompt.low) and not prompt.has(
        r"\bno (?:online )?(?:bookings?|appointments?|reservations?)\b"
    ):
        yield Entity(like=Like(any=BOOKED), alternatives=(Block(any=("booking",)),))
        seen += BOOKED[:3]
    for says, words in COMPILED:
        if says.search(prompt.low):
            yield Entity(
                like=Like(any=words),
                alternatives=(
                    Field(like=Like(any=words[:2])),
                    Block(any=("poll", "chat", "newsletter")) if words[0] == "poll" else Role(like=Like(any=words[:1])),
                ),
            )
            seen.append(words[0])
    for words, blocks in usual.sorts(prompt):
        if any(words[0] == other for other in seen):
            continue
        others: tuple[Requirement, ...] = (Block(any=blocks),) if blocks else ()
        yield Entity(like=Like(any=words), alternatives=(Field(like=Like(any=words[:2])), *others))
        seen.append(words[0])
    unknown = dict(_strange(prompt))
    for name in (*_named(prompt), *_short(prompt), *_many(prompt), *unknown):
        one = one_of(name)
        if one in seen or any(alike(one, other) or alike(other, one) for other in seen):
            continue
        seen.append(one)
        like = loosely(one) if name in unknown else Like(any=(one,))
        about = unknown.get(name, False)
        yield Entity(
            like=like,
            weight=0.5 if about else 1,
            alternatives=(
                *([Text(like=like)] if about else []),
                Role(like=like),
                Field(like=like),
                Choice(values=(like,)),
                *([Block(any=("faq", "quiz", "custom"))] if one == "question" else []),
            ),
        )


# Before people who are not kept, but meant.
AIMED = re.compile(
    r"\b(?:for|at|of|by|between|from|like|are|and|we're|fellow|us|who|which|that|what|local|with|as|\d+) (?:\w+ )?$"
)
# One of many: `every time a machine stops (which machine`, `per trail`.
ONE = re.compile(r"\b(?:each|every|which|per|whose|another) (?P<what>[a-z]+)(?![\w-])")
NOT_ONE = frozenset(
    "way stay night table call piece instrument tool day week month year hour minute person time page home place side number point space part line kind type one month".split()
)


def _many(prompt: Prompt) -> Iterator[str]:
    """Things that are spoken of in the plural, wherever: many of a kind are kept."""
    for sentence in prompt.sentences:
        bare = re.sub(r"\([^()]*\)", " ", sentence.lower())
        for match in re.finditer(r"(?<![\w/-])[a-z][a-z'-]+(?![\w/-])", bare):
            found = written(match[0])
            if (
                "things" in found and not found & {"people"} and plural(match[0]) and one_of(match[0]) not in SELDOM
            ) or ("people" in found and plural(match[0]) and not vague(match[0])):
                yield match[0]
        for match in ONE.finditer(sentence.lower()):
            found = written(match["what"])
            if "things" in found and not found & {"people"} and match["what"] not in NOT_ONE:
                yield match["what"]


def _short(prompt: Prompt) -> Iterator[str]:
    """What a prompt of a few words is about: its own things, not those of whom it is for."""
    if len(prompt.low.split()) > 12 or len(prompt.sentences) > 1:
        return
    about = re.split(r"\b(?:for|in|from|at|where|so|to|by|about|on)\b", prompt.low)[0]
    words = re.findall(r"[\w'-]+", about)
    at = 0
    while at < len(words):
        two = " ".join(words[at : at + 2])
        if (
            at + 1 < len(words)
            and "things" in written(two)
            and two not in ("kind words", "shopping list", "waiting list")
        ):
            yield two
            at += 2
            continue
        word = words[at]
        found = written(word)
        # In front of another noun it says of which kind that is: a repair shop, a book club.
        alone = at + 1 == len(words) or words[at + 1] in AFTER or not written(words[at + 1])
        if (
            "things" in found
            and not found & {"people", "doings"}
            and one_of(word) not in NOT_THINGS | WHOLES
            and (alone or plural(word))
        ):
            yield word
        at += 1


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


# A verb by which things are kept for sure, so that any noun in the plural behind it is one; and what an app is for.
KEPT = re.compile(
    r"\b(?:manages?|managing|maintains?|track|tracking|keep track of|logs?|logging|registers?|records?|recording|catalogues?|catalog|creates?|publish(?:es)?|uploads?|submits?|browses?|adds?|lists?|posts?|collects?|borrows?|lends?|organi[sz]es?|enters?|sells?|review|stores?)"
    r" (?:the |their |our |my |all |new |own |which |every |each |different |various |of |upcoming |available |public |internal )*(?P<what>[a-z][a-z'-]+(?: [a-z'-]+)?)(?= with | by | and |,|\.|$| in | for | on | from | to | \(|;|:)"
)
ABOUT = re.compile(
    r"^(?:an? |the |my |our |simple |personal |private |please |make |build |create |me |i need |i want |need |want |we need |app to |tool to |website for |site for |something to )*"
    r"(?P<what>[a-z][a-z' -]{2,30}?) (?:trackers?|tracking|logs?|logbook|catalog(?:ue)?|register|inventory|database|collection|organi[sz]er|calendar|archive|rental|hire|swap|exchange|finder|directory|drill|reminders?)\b"
)
EACH = re.compile(
    r"\b(?:each|every) (?P<what>[a-z][a-z'-]{2,})(?: [a-z'-]+)? ?(?:has|have|needs|gets|with|:|should have|must have|can have|contains|comes with|shows|records|belongs)\b"
)
NOT_KEPT = frozenset(
    """changes access users user everything anything details info updates accounts login logins money costs things stuff ones them it time pages sites words numbers results data photos pictures
    files emails messages news questions answers comments notes reminders progress hours days dates statuses status reports charts figures totals prices settings roles rights permissions
    content contents text texts names addresses options lists entries records values points scores likes votes tags categories types kinds ideas problems mistakes errors doubles duplicates numbers
    spending income yields temperatures sleeps ups outs ins others who what when where which how whether others payments visitors places areas stages steps levels parts sets filters searches
    home house month months week weeks year years minute minutes image images links link videos others' theirs ours mine hers his buttons components colours colors overview overviews signs sign-ups""".split()
)


def _strange(prompt: Prompt) -> Iterator[tuple[str, bool]]:
    """Things that no table knows: kept for sure (`log my dives`, `each wreck has`), or only what it is about (`costume rental`)."""
    for at, sentence in enumerate(prompt.sentences[:30]):
        low = re.sub(r"\([^()]*\)", "", sentence).lower()
        if at == 0 and len(low.split()) <= 14:
            match = ABOUT.match(low)
            word = match["what"].split()[-1] if match else ""
            if word and _is_strange(word) and word not in WHOLES:
                yield word, True
        for match in EACH.finditer(low):
            if _is_strange(match["what"]) and match["what"] not in WHOLES:
                yield match["what"], False
        for match in KEPT.finditer(low):
            said = noun(match["what"])
            word = said.split()[-1] if said else ""
            if word and plural(word) and _is_strange(word):
                yield word, False


def _is_strange(word: str) -> bool:
    """A word that no table knows, and that could be a noun."""
    return (
        len(word) > 3
        and not written(word)
        and not written(one_of(word))
        and word not in NO_NOUN | NOT_KEPT
        and one_of(word) not in SELDOM | NOT_THINGS
        and not word.endswith(("ing", "ly", "ed", "ous", "ful", "able", "ical", "'s", "wards"))
    )


def _thing(words: str, *, many: bool) -> str:
    """The thing that is named, when it is a plain word for one."""
    said = noun(words).split(" of ")[-1]
    last = said.split()[-1] if said else ""
    if not last or last in NOT_THINGS or one_of(last) in NOT_THINGS:
        return ""
    if "things" not in written(last) or written(last) & {"people", "doings"} or (many and not plural(last)):
        return ""
    # Two words when they are known together (`work orders`) or the first only says which of them; the last is what they are.
    two = " ".join(said.split()[-2:])
    return two if written(two) else last
