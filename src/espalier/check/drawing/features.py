"""Features that have a name: a calendar, a chart, a quiz, reminders. A table of patterns, each with what it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..requirements.automation import Automation
from ..requirements.base import Requirement
from ..requirements.block import Block
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.flow import Flow
from ..requirements.game import Game
from ..requirements.public import Public
from ..requirements.text import Text
from ..words import Like, written
from .nouns import one_of, plural
from .prompt import Prompt
from .things import NOT_THINGS, SELDOM


@dataclass(frozen=True)
class Feature:
    """Heard by `says`, unless `unless` is there too."""

    says: str
    asks: Callable[[], Requirement]
    unless: str = ""


def _block(*kinds: str, then: tuple[Requirement, ...] = (), weight: float = 1) -> Callable[[], Requirement]:
    return lambda: Block(any=kinds, alternatives=then, weight=weight)


def _entity(*words: str) -> Entity:
    return Entity(like=Like(any=words))


def _field(*words: str, types: tuple[str, ...] = ()) -> Field:
    return Field(like=Like(any=words), types=types)


IMAGE = Field(like=Like(any=("photo",)), types=("image", "file"))
FILE = Field(like=Like(any=("file", "document", "receipt", "photo")), types=("file", "image"))
PLACE = Field(like=Like(any=("location", "address", "place")), types=("location",), exact=True)
MAIL = Automation(does="email")

FEATURES: tuple[Feature, ...] = (
    Feature(
        r"\bcalend[ae]rs?\b",
        _block("calendar", "booking", "timeline"),
        r"\bgoogle calendar\b|\badvent calendar\b|\bcalendar (?:shop|maker|design)",
    ),
    Feature(
        r"\bkanban\b|\bdrag(?:ged|ging)?\b|\b(?:on|as|in) a board\b|\bboard (?:of|by|with (?:the )?(?:columns|states|stages))\b|\b\w+ board by\b|\bvisible as a board\b",
        _block("board"),
    ),
    Feature(
        r"\bcharts?\b|\bgraphs?\b|\bpie\b(?= chart)|\bline over time\b|\bdraw \w+ by\b",
        _block("chart", then=(Block(any=("progress",)),)),
        r"\b(?:chord|reward|seating|chore|star|flip|birth|pie recipe)s? charts?\b|\bchart of accounts\b(?!.*chart of (?!accounts))",
    ),
    Feature(r"\bdashboards?\b|\bstatistics\b|\b(?:key )?figures\b", _block("stats", "chart", "progress", "board")),
    Feature(
        r"\bon (?:a|the) map\b|\bmaps? (?:of|with|showing|view)\b|\bwith (?:a|the) map\b|\bmap position\b|\bpinned on a map\b|\bsee (?:it )?on (?:a )?map\b",
        lambda: Block(any=("map",), alternatives=(PLACE,)),
    ),
    Feature(
        r"\bleader ?boards?\b|\branking|\btop[- ]?(?:list|scorers?|ten|10)\b|\bscore ?boards?\b|\bhigh ?scores?\b|\bhall of fame\b|\bladder\b|\bstandings\b",
        _block("leaderboard", "chart", then=(Block(any=("table", "list")),)),
    ),
    Feature(r"\bquiz(?:zes)?\b|\btrivia\b", _block("quiz", "custom", then=(_entity("quiz", "question"),))),
    Feature(
        r"\bpolls?\b|\bvot(?:e|es|ing)\b",
        lambda: Flow(name="one vote", alternatives=(_entity("vote", "poll"), _field("votes"))),
    ),
    Feature(
        r"\bchat (?:for|with|about|rooms?|between|channel|page|area)\b|\b(?:group|live|team|online) chat\b|\b(?:a|and|by) chat\b|\bchat$",
        _block("chat", "feed", then=(_entity("message", "chat"),)),
        r"\bwhatsapp|\bon chat all day|\bgroup chats?\b.*\b(?:mess|lost|chaos)\b",
    ),
    Feature(
        r"\bsearch(?:able|ed|ing|es)?\b|\blook(?:ing)? (?:it |them |things )?up\b",
        _block("search", "table", "list", "cards", "gallery"),
    ),
    Feature(
        r"\bfilter(?:s|ed|able|ing)?\b",
        _block("search", "table", "list", "cards", "gallery", "map", "shop", "board", "calendar", "feed"),
    ),
    Feature(r"\bgaller(?:y|ies)\b", _block("gallery", then=(IMAGE,)), r"\bart galler(?:y|ies)\b"),
    Feature(
        r"\b(?:upload|attach|snap|post)(?:s|ing|ed)? (?:a |an |the |their |your |some |own |it |of |before and after )*(?:photos?|pics?|pictures?|images?)\b|\bwith (?:a )?(?:photos?|pics?|pictures?)\b",
        lambda: IMAGE.model_copy(update={"alternatives": (Block(any=("gallery", "image")), FILE)}),
    ),
    Feature(
        r"\b(?:upload|attach)(?:s|ing|ed)? (?:a |an |the |their |your |some )?(?:files?|pdfs?|documents?|receipts?|scans?|cv|resume|contracts?)\b",
        lambda: FILE,
    ),
    Feature(
        r"\bcustomer reviews\b|\bstar (?:ratings?|review)s?\b|\b(?:leave|write|read|post) (?:a |an |star |their )*reviews?\b|\brate (?:it|them|the|a|an|each|recipes|books|films|movies|dishes)\b|\bwith stars\b",
        lambda: Flow(name="reviews"),
    ),
    Feature(
        r"\bcomments? (?:on|from|and|below|each)\b|\b(?:leave|write|add|post|can) (?:a )?comments?\b|\bcan comment\b",
        lambda: _entity("comment", "reply", "remark", "answer", "message", "review", "note").model_copy(
            update={"alternatives": (Block(any=("feed", "chat")), _field("comment", "remark", "feedback"))}
        ),
        r"\bno comments\b",
    ),
    Feature(r"\bnewsletters?\b|\bmailing list\b|\bcollect emails?\b", lambda: Flow(name="subscribers")),
    Feature(
        r"\b(?:get|gets|send|sends|sent|receives?|automatic|confirmation|by|an) (?:an |a |them |us |me |automatic |reminder |confirmation |out |him |her |the \w+ )*(?:e-?mails?|emailed|notifications?)\b|\be-?mail(?:ed|s)? (?:me|us|them|the|when|before|on|confirmation|reminders?|notices?|to the)\b|\bnotify\b|\bnotif(?:ied|ies)\b|\balert(?:s|ed)? (?:the|me|us|when|all)\b",
        lambda: MAIL,
        r"\b(?:ask|sends?|get) (?:me |us )?(?:an? )?emails? (?:asking|all day|about everything)\b|\bby (?:phone|email) and\b|\bno emails?\b|name,? (?:an? )?e-?mail|\ban e-?mail address",
    ),
    Feature(
        r"\bremind(?:s|ed|er|ers|ing)?\b|\bwarn(?:s|ed|ing)? (?:me|us|before|two|a|one|\d)",
        lambda: Automation(
            when="time", alternatives=(Automation(does="email"), Block(any=("calendar",)), Block(any=("stats",)))
        ),
    ),
    Feature(
        r"\bfaqs?\b|\bfrequently asked questions\b|\bcommon questions\b|\bfrequent questions\b",
        _block("faq", then=(_entity("faq", "question"),)),
    ),
    Feature(
        r"\btestimonials?\b|\bkind words\b|\bcustomer quotes\b",
        _block("testimonials", then=(_entity("testimonial", "review"),)),
    ),
    Feature(
        r"\bpricing (?:plans?|page|table|section)\b|\b(?:three|two|four|3|2|4) (?:pricing )?plans\b|\bmembership plans\b",
        _block("pricing", "compare", then=(_entity("plan", "membership", "package"),)),
    ),
    Feature(
        r"\bcontact (?:form|page|section|details|info|us)\b",
        _block("contact", "form", then=(_entity("enquiry", "message"),)),
    ),
    Feature(r"\btimelines?\b", _block("timeline", then=(Block(any=("feed", "calendar", "table", "list")),))),
    Feature(
        r"\bcompare\b[^.]{0,40}\b(?:side by side|next to each other|them|plans|\w+s)\b|\bcomparison\b|\bside by side\b",
        _block("compare", "table", "chart"),
        r"\bcompared? (?:to|with) (?:last|the previous)\b",
    ),
    Feature(
        r"\bstep[- ]by[- ]step (?:form|application|wizard)\b|\bapply step[- ]by[- ]step\b|\bwizard\b|\bform in steps\b|\bmulti-?step\b",
        _block("wizard", then=(Block(any=("form",)),)),
    ),
    Feature(
        r"\bonline (?:shop|store)\b|\bweb ?shops?\b|\b(?:shopping )?(?:cart|basket)\b|\bcheck ?out (?:with|page)\b|\bwith checkout\b|\bbuy online\b",
        lambda: Flow(name="checkout"),
    ),
    Feature(
        r"\bprogress bars?\b",
        _block(
            "progress",
            "leaderboard",
            "stats",
            then=(_field("progress", "percent", types=("percent", "int", "number")),),
        ),
    ),
    Feature(
        r"\b(?:news ?feed|social feed|activity feed|a feed|feed (?:of|where|with|to))\b",
        _block("feed", "list", "cards", "timeline", "chat"),
    ),
    Feature(
        r"\bfeedback form\b|\bcontact form\b|\b(?:sign[- ]?up|enquiry|request|application|intake|booking|order) form\b|\b(?:a|the) form (?:where|to|for|on)\b|\bfill (?:in|out) (?:a|the|an)\b",
        _block("form", "wizard", "booking", "newsletter", "shop"),
    ),
    Feature(
        r"\btotals?\b|\bcalculat(?:e|es|ed)\b(?! in)|\bworked out\b|\bautomatic(?:ally)? (?:calculat|comput|add)|\bhow much (?:i|we|each|they|everyone|you) \w+|\baverage\b|\bowes?\b",
        lambda: Flow(name="total", alternatives=(Game(),)),
    ),
    Feature(
        r"\bapprov(?:e|es|ed|al|als)\b|\b(?:accepts?|confirms?) or (?:decline|reject|refuse|cancel)s?\b|\bsays? (?:ok|yes or no)\b",
        lambda: Flow(name="approval"),
    ),
    Feature(
        r"\b(?:no|not|avoid|prevent|without|never) (?:be )?double[- ]?book|\bnobody (?:can )?books? the same\b|\bnot (?:be )?book(?:ed)? twice\b|\bone booking (?:per|at a)\b|\b(?:may|can|must|should) not overlap\b",
        lambda: Flow(name="no double booking"),
    ),
    Feature(
        r"\b(?:places|seats|spots|tickets|spaces) (?:are )?left\b|\bremaining (?:places|seats|spots)\b|\bfull(?:y booked)? when\b",
        lambda: Flow(name="total", alternatives=(_field("seats left", "capacity", "places", "seats"),)),
    ),
    Feature(
        r"\b(?:like|likes|heart|hearts|upvotes?|favou?rites?|bookmark) (?:the |them |it |posts|recipes|photos|each|and comment|on)\b|\bmark \w+ as favou?rites?\b|\bsave (?:their )?favou?rites?\b",
        lambda: Flow(name="follow"),
    ),
    Feature(
        r"\bopening (?:hours|times)\b", lambda: Text(like=Like(any=("/hours|open|\\d(?:am|pm|:\\d\\d)|mon|daily/",)))
    ),
    Feature(r"\bcalculator\b|\bconverter\b", lambda: Game(computed=True)),
    Feature(
        r"\b(?:memory|card|browser|puzzle|guessing|word|clicker|snake|mini|maths?|arcade|typing|number|reaction|little|matching|platform|spelling) games?\b|\bgame where (?:you|i|players?|the player|kids)\b|\btic[- ]tac[- ]toe\b|\bhangman\b|\bsudoku\b|\bminesweeper\b|\btetris\b|\bpong\b|\bsnake\b(?! (?:care|owner|breed))|\bmetronome\b|\bpomodoro\b|\bstopwatch\b|\b(?:with a |a )(?:countdown )?timer\b|\bbreathing exercise on screen\b|\bdice roller\b|\bwhack\b",
        lambda: Game(),
        r"\b(?:board|video|card|word) games? (?:club|collection|library|night|review|shop|store|cafe|swap)|\bcollect(?:ion|or)\b|\bwith (?:a )?(?:timer )?off\b",
    ),
    Feature(
        r"\blanding page\b|\bhome ?page\b|\bfront page\b|\bwelcome page\b|\bhero\b",
        _block(
            "hero",
            "banner",
            "text",
            "features",
            "stats",
            "cards",
            "list",
            "gallery",
            "feed",
            "image",
            "form",
            "table",
            "search",
            "board",
            "leaderboard",
            "contact",
            "poll",
            "chart",
            "map",
            "calendar",
        ),
    ),
    Feature(r"\bhero (?:section|banner|image)\b", _block("hero")),
    Feature(
        r"\b(?:meet the|our|the) team\b(?= (?:page|section))|\bteam (?:page|section|members with)\b|\bintroduces? the (?:team|staff|counsellors|trainers|teachers|agents|doctors)\b",
        _block(
            "team",
            then=(
                _entity(
                    "team member", "person", "employee", "staff", "trainer", "teacher", "counsellor", "doctor", "agent"
                ),
                Block(any=("cards", "gallery")),
            ),
        ),
    ),
    Feature(
        r"\bprivate messag|\bmessage (?:me|each other|the (?:seller|owner|host))\b|\bsend (?:me |us |a |the owner )*(?:messages?|enquir(?:y|ies)|inquir(?:y|ies))\b",
        lambda: _entity("message", "enquiry", "request", "chat", "contact", "question").model_copy(
            update={"alternatives": (Block(any=("chat", "form")),)}
        ),
    ),
    Feature(
        r"\bblogs?\b(?! (?:about|software))",
        lambda: _entity("post", "article", "entry", "story", "update", "radio", "trip", "recipe").model_copy(
            update={"alternatives": (Block(any=("feed", "cards")),)}
        ),
    ),
    Feature(
        r"\bvisitors? (?:can|should be able to|may|must be able to) (?:see|browse|view|search|filter)\b",
        lambda: Public(),
    ),
)
COMPILED = tuple(
    (re.compile(feature.says), re.compile(feature.unless) if feature.unless else None, feature) for feature in FEATURES
)
NEGATED = re.compile(
    r"\b(?:no|not|without|don't|do not|nothing like|never|instead of|rather than|hate|skip the|sick of|lost in|tired of)(?: \w+){0,2} $"
)


# Blocks with what they show: `a calendar of bookings`.
SHOWN = re.compile(
    r"\b(?P<block>calendar|chart|graph|board|map|list|table|gallery|timeline|overview|leaderboard|archive|feed) (?:of|with) (?:all |the |our |my |their |upcoming |open |past |latest |available |current )*(?P<what>[a-z][\w'-]+(?: [a-z][\w'-]+)?)(?=[ ,.;:]|$)"
)
SHOW = re.compile(
    r"\b(?:browse|list|lists|search|view|see) (?:and \w+ )?(?:all |the |our |upcoming |open |available |latest )*(?P<what>[a-z][\w'-]+s)\b(?! page| form)"
)
FAMILY: dict[str, tuple[str, ...]] = {
    "calendar": ("calendar", "booking", "timeline"),
    "chart": ("chart", "stats", "progress"),
    "graph": ("chart", "stats", "progress"),
    "board": ("board",),
    "map": ("map",),
    "gallery": ("gallery", "cards", "feed", "list", "table"),
    "timeline": ("timeline", "calendar", "feed", "list", "table"),
    "leaderboard": ("leaderboard", "chart", "table", "list"),
}


def _shown(prompt: Prompt) -> Iterator[Requirement]:
    """Blocks with the records that they show."""
    for match in SHOWN.finditer(prompt.low):
        words = match["what"].split()
        for size in (2, 1):
            name = " ".join(words[:size])
            if (
                len(words) >= size
                and _kept(name)
                and not NEGATED.search(prompt.low[max(0, match.start() - 60) : match.start()])
            ):
                like = Like(any=(one_of(name),))
                yield Block(any=FAMILY.get(match["block"], ("records", "stats")), entity=like, weight=0.7)
                break
    for match in SHOW.finditer(prompt.low):
        if _kept(match["what"]):
            yield Block(any=("records",), entity=Like(any=(one_of(match["what"]),)), weight=0.5)


def _kept(name: str) -> bool:
    found = written(name)
    return (
        "things" in found
        and not found & {"doings", "people"}
        and plural(name)
        and one_of(name.split()[-1]) not in SELDOM | NOT_THINGS
    )


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """The features that are named."""
    for says, unless, feature in COMPILED:
        match = says.search(prompt.low)
        while match and NEGATED.search(prompt.low[max(0, match.start() - 60) : match.start()]):
            match = says.search(prompt.low, match.end())
        if match and not (unless and unless.search(prompt.low)):
            yield feature.asks()
    yield from _shown(prompt)
