"""What is to be known of a record: `each van has a photo and a price`, `client (name, phone, address)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.block import Block
from ..requirements.choice import Choice
from ..requirements.entity import Entity
from ..requirements.field import Field
from ..requirements.flow import Flow
from ..requirements.role import Role
from ..words import SYNONYM, Like, alike, likeness, split, tokens, written
from . import usual
from .choices import BRACKETS, _bracketed
from .nouns import LEAD, is_field, is_person, is_thing, loosely, noun, one_of, plural
from .prompt import Prompt, listed
from .things import NOT_THINGS, WHOLES

# What stands between a thing and the list of what is known of it; each pattern with how many names the list must have.
HAS = re.compile(
    r" (?:has|have|contains?|includes?|holds?|gets?|consists? of|shows?|needs?|comes? with|stores?|records?|lists?|(?:are|is) (?:stored|listed|shown|recorded|kept|described) (?:with|by))"
    r" (?:an? |the |its |their |his |her |at least )?"
)
WITH = re.compile(r" with (?:an? |the |their |its )?")
COLON = re.compile(r" ?: ")
EACH = re.compile(r"\b(?:each|every|per) (?:[\w'-]+ )?[\w'-]+ ?(?:: ?|= ?|- |, | has | with | needs | gets )")
LABEL = re.compile(r"\b(?:fields?|columns?|attributes?|properties|form)(?: are| for \w+)? ?[:=] ?")
GIVE = re.compile(
    r"\b(?:fill in|enter|leave|give|giving|with their|with his|with her|ask(?:ing)? for|asks for|submit|write down|i need|we need|type in|record|note|log|tell us|put in|including|by describing)"
    r" (?:the |an? |their |your |its |his |her )?"
)
NEED = re.compile(
    r"(?:^|[,;] |\band )(?:needs?|wants?|must have|should have|with|has|plus|including|incl|things like) (?:an? |the |its |their |fields for )*"
)
LEADS = ((LABEL, 2), (EACH, 2), (HAS, 2), (COLON, 3), (WITH, 3), (GIVE, 3), (NEED, 3))
ENDS = re.compile(r"[.;:]")
KEEPS = re.compile(
    r"\b(?:can|should|must|may|will|see|sees|view|manage|manages|browse|book|books|add|adds|edit|approve|users?|visitors?|people|i|we|they|you)\b",
    re.IGNORECASE,
)
MONEY = ("money", "number", "int", "text", "choice")
# What a word for a field says of its type; what holds the same is fine as well.
TYPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\b(?:photos?|pictures?|pics?|images?|portrait|logo|poster)$", ("image", "file")),
    (r"\b(?:e-?mails?|email address)$", ("email", "text")),
    (r"\b(?:price|cost|fee|amount|salary|budget|deposit|rent)s?$", MONEY),
    (
        r"\b(?:birthday|date of birth|due date|deadline|expiry date|start date|end date|closing date)s?$",
        ("date", "datetime"),
    ),
)
KEPT_MANY = frozenset(
    "notes remarks instructions directions ingredients steps hours minutes days places seats calories sets reps servings allergens features amenities likes votes points starts ends kilos".split()
)
NOT_OWNERS = frozenset(
    "form forms page table list section dashboard part field order lines map calendar chart board group grouped channel".split()
)
# First words by which an item is no field but something to see or to do.
NOT_FIRST = frozenset(
    """chart charts map maps calendar table tables count counts board list see sees assign record records choose chooses tick ticks add adds enter show shows graph
    total totals mark marks log logs view views book books get gets make makes approve edit search filter browse manage pick send sends keep keeps track upload uploads
    download finance in the not could can partly maybe bar pie line leaderboard gallery statistics dashboard reminder reminders""".split()
)
BRACKETED = re.compile(r"\s*\([^()]*\)")
EXAMPLES = re.compile(r"\b(?:such as|like|for example)\b[^.;]*")
# Words that are fields in the table, but say too little when they stand alone in a sentence.
NOT_FIELDS = frozenset(
    """how when who what where why to by from at until minimum maximum years year hours minutes minute how many how much how long how often day days age group fixed done out back
    left words steps map issues issue results result clients client values value state private public hidden progress happened active available position role key unit
    times time goal goals target team teams season interval currency conditions""".split()
) | {"how many", "how much", "how long", "how often", "what is wrong", "in charge", "tick off", "news page"}


WEAK = frozenset(
    "year day time month hours minutes start end age role key unit goal team season times value position".split()
)


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Fields, each once."""
    seen: set[str] = set()
    owners: list[str] = []
    names: list[str] = []
    for whose, name in _named(prompt):
        if whose in NOT_OWNERS or one_of(whose) in NOT_THINGS | WHOLES:
            whose = ""
        if whose and not any(alike(whose, other) for other in owners):
            owners.append(whose)
            like = Like(any=(one_of(whose),))
            yield Entity(like=like, alternatives=(Role(like=like),))
        key = " ".join(tokens(name))
        if key in seen:
            continue
        seen.add(key)
        names.append(name)
        yield _asked(whose, name)
    # What is made for it by hand keeps its score and its cards to itself.
    played = prompt.has(r"\bgames?\b|\bcalculator\b|\btimer\b|\bconverter\b|\bquiz")
    for name in usual.anywhere(prompt):
        if any(likeness(name, other) >= SYNONYM for other in names):
            continue
        names.append(name)
        one = _asked("", name)
        others: list[Requirement] = [*one.alternatives, Choice(values=(Like(any=(name,)),))]
        if played:
            others.append(Block(any=("custom", "quiz")))
        yield one.model_copy(update={"weight": 0.7, "alternatives": tuple(others)})


def _asked(whose: str, name: str) -> Requirement:
    """The requirement of one name; what is as good is given with it."""
    one = one_of(name) if split(name)[-1] not in KEPT_MANY else name
    like = loosely(one)
    types = next((types for pattern, types in TYPES if re.search(pattern, name)), ())
    others: list[Requirement] = [Field(like=like, types=types), Entity(like=like)]
    if re.search(r"\b(?:ratings?|stars?|reviews?|score)$", name):
        others.append(Flow(name="reviews"))
    if re.search(r"\b(?:photos?|pictures?|pics?|images?)$", name):
        others.append(Block(any=("gallery", "image")))
    if re.search(r"\b(?:phone|address|email|number)$", name):
        others.append(Block(any=("contact",)))
    if re.search(r"\b(?:price|cost|fee)s?$", name):
        others.append(Block(any=("pricing",)))
    if types == MONEY or re.search(r"\b(?:rate|tariff|charge|total)s?$", name):
        others.append(Field(like=Like(any=("/./",)), types=("money",), exact=True))
    if re.search(r"\b(?:scores?|grades?|rating)$", name):
        others.append(Field(like=Like(any=("/./",)), types=("rating", "int"), exact=True))
    if re.search(r"\b(?:total|balance|sum|average|number|count)\b", name):
        others.append(Flow(name="total"))
    if whose:
        return Field(like=like, entity=Like(any=(one_of(whose),)), types=types, alternatives=tuple(others))
    return Field(like=like, types=types, alternatives=tuple(others[1:]))


def _named(prompt: Prompt) -> Iterator[tuple[str, str]]:
    for sentence in prompt.sentences:
        low = sentence.lower()
        # Values in brackets belong to the name before them, which stays.
        for match in BRACKETS.finditer(sentence):
            before = sentence[: match.start()]
            if "," not in match[1] or _bracketed(before, match[1]):
                continue
            names = _names(match[1].lower(), strict=False)
            if len(names) >= 2:
                owner = _owner(_before(low, match.start())) or _unknown(low[: match.start()])
                yield from ((owner, name) for name in names)
        if "," not in low and " and " not in low:
            continue
        bare = EXAMPLES.sub("", BRACKETED.sub("", low))
        for pattern, least in LEADS:
            for match in pattern.finditer(bare):
                end = ENDS.search(bare, match.end())
                names = _names(
                    bare[match.end() : end.start() if end else len(bare)],
                    strict=pattern is not LABEL and pattern is not EACH,
                )
                if len(names) < least:
                    continue
                whose = _before(bare, match.start())
                if pattern is EACH:
                    whose = noun(match[0].rstrip(" :=-,").removesuffix(" has").removesuffix(" with"))
                owner = _owner(whose)
                if not owner and len(names) > 2 and re.match(r" (?:has|have) ", match[0]):
                    owner = _unknown(bare[: match.start()])
                yield from ((owner, name) for name in names)


def _unknown(before: str) -> str:
    """A word for what has so many fields, though no table knows it: `restaurants have`, `a specimen has`."""
    found = re.search(
        r"(?:^|[,;:] |\b(?:and|the|these|each|every|an?|one|of|with|maintains?|manages?|registers?|records?|keeps?|adds?|creates?|lists?|enters?|holds?|stores?) )([a-z]{4,})$",
        before.strip(),
    )
    word = found[1] if found else ""
    known = written(word)
    if (
        not word
        or known & {"fields", "people", "doings"}
        or word in NOT_OWNERS
        or word in ("should", "must", "they", "which", "this", "that", "also", "week", "month", "year", "grouped")
    ):
        return ""
    return word if plural(word) or re.search(r"\b(?:each|every|an?) [a-z]+$", before.strip()) else ""


def _before(sentence: str, at: int) -> str:
    """What the three words before this place name."""
    return noun(" ".join(re.split(r"[,.:;()]", sentence[max(0, at - 60) : at])[-1].split()[-3:]))


def _owner(whose: str) -> str:
    """The entity that is spoken of, when it is a word for one."""
    words = whose.split()
    last = words[-1] if words else ""
    if not last or last in NOT_OWNERS or not (is_thing(last) or is_person(last)) or "fields" in written(last):
        return ""
    if "doings" in written(last):
        return ""
    two = " ".join(words[-2:])
    return two if written(two) else last


# Words that stand in such lists, and are no names: what is done, how many, whose.
NOT_NAMES = frozenset(
    """drag sign flag shop thank know display belong screen form forms best rest double single four eight light full half join heard form movement sleep email social water study
    leave step-by-step form charts reports report""".split()
)
# Units and values that follow a name in a hurried list: `length km`, `difficulty easy moderate hard`.
UNITS = re.compile(
    r" (?:in )?(?:km|kg|cm|mm|m|g|kcal|eur|usd|euros?|dollars?|kilos?|grams?|metres|meters|minutes|mins?|percent|yes|no|optional|unique|1|/)\b.*$"
)
VERBISH = re.compile(
    r"^(?:\w+ing|whats?|whether|once|together|are|is|was|were|to|for|of|after|before|if|not|no|never|be|do|does|did|just|also|only|so|but|then|it|they|you|we|i|my|people|everyone|everybody|nobody|anyone)$"
)


def _names(text: str, *, strict: bool) -> list[str]:
    """The names in a list, when it is a list of such; it ends where something else begins."""
    found: list[str] = []
    known = 0
    for item in listed(text.replace("/", " / ")):
        if " / " in item or "?" in item:
            continue
        if KEEPS.search(item) and found:
            break
        if re.match(
            r"(?:type|mark|rate|cost|time|record|name|place|state|level|order|set) (?:in|the|each|all|every|them|it|an?|my|their|our) ",
            item,
        ):
            break
        if found and re.search(r" (?:with|has|have|including|contains?) ", item):
            break
        name = _trimmed(noun(item))
        plain = item.lower().strip()
        if found and plain in WEAK:
            found.append(plain)  # a field among fields, though it says little alone
            continue
        if " " in name and len(tokens(name)) == 1 and is_field(name) and name not in NOT_FIELDS:
            # Known together: a table size is no table.
            found.append(name)
            known += 1
            continue
        if (
            not name
            or len(name.split()) > 3
            or name.split()[0] in NOT_FIRST
            or name in NOT_FIELDS
            or re.search(r"\d", name)
            or any(VERBISH.match(word) for word in name.split()[:1])
        ):
            if found and strict:
                break
            continue
        if (
            len(name.split()) == 2
            and not is_field(name)
            and all("fields" in written(word) for word in name.split())
            and name.split()[0] in ("name", "phone", "address", "email")
        ):
            continue  # `name phone`: two of them without a comma
        good = is_field(name) or is_field(name.split()[-1])
        if strict and not good and not found and not is_thing(name) and (name != _bare(item) or _stray(name)):
            break
        if not good and " " not in name and name != _bare(item):
            continue  # `drag it between`: a word that goes on is no name
        known += good
        found.append(name)
    # Among names that are known for such, one that is not is one as well.
    if known >= 2 and known * 5 >= len(found) * (2 if strict else 3):
        return [name for name in found if not _stray(name)]
    return [name for name in found if is_field(name) or is_field(split(name)[-1])] if known * 2 >= len(found) else []


def _stray(name: str) -> bool:
    """Is this rather something to do, somebody, or a value than something that is known of a record?"""
    if is_field(name) or is_field(split(name)[-1]):
        return False
    found, first = written(split(name)[-1]), written(split(name)[0])
    return (
        bool(found & {"people", "doings", "values"})
        or first == {"doings"}
        or name.endswith(("ed", "able", "ly"))
        or name in NOT_NAMES
    )


def _bare(item: str) -> str:
    """What an item says, without what stands before its noun."""
    return LEAD.sub("", item.lower().strip(" .,:;!?\"'"))


def _trimmed(name: str) -> str:
    """Without the unit or the values that follow."""
    name = UNITS.sub("", name)
    words = name.split()
    if len(words) > 1 and is_field(words[0]) and all(written(word) == {"values"} for word in words[1:]):
        return words[0]
    return name
