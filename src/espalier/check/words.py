"""Are these two names for the same thing? Tolerant of case, spelling, plural, order and synonyms; not of other meanings.

`likeness("telephone", "phone_number")` is a number in [0, 1]; from ALIKE on they count as one. Names are split into words,
words are brought to their stem, and stems are compared through a table of synonyms (synonyms.txt). What is compared, and
why, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources

import snowballstemmer
from pydantic import BaseModel, ConfigDict, model_serializer, model_validator
from rapidfuzz.distance import OSA

ALIKE = 0.65
SYNONYM = 0.9  # from here on two names are words for the same
SECTIONS = ("people", "things", "fields", "values", "doings")

# Words that say nothing of what a name means, so long as another word is there.
EMPTY = frozenset(
    """a an the of for to in on at by with and or per my your our their its his her is are was be each every any all some
    this that new own other single simple basic list record records entry data info information details detail value field
    item number no nr name title text text id up""".split()
)
LIGHT = frozenset("a an the of for to in on at by with and or per my your our their its his her is are was be".split())
# Words whose forms the stemmer does not bring together, or spellings of the same word.
FORMS = {
    **dict.fromkeys(("people", "persons"), "person"),
    "children": "child",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "geese": "goose",
    "feet": "foot",
    "teeth": "tooth",
    "leaves": "leave",
    "shelves": "shelf",
    "loaves": "loaf",
    "knives": "knife",
    "halves": "half",
    "calves": "calf",
    "criteria": "criterion",
    "bought": "buy",
    "sold": "sell",
    "lent": "lend",
    "adress": "address",
    **dict.fromkeys(("foto", "fotos"), "photo"),
    **dict.fromkeys(("colour", "colours"), "color"),
    **dict.fromkeys(("favourite", "favourites"), "favorite"),
    **dict.fromkeys(("organisation", "organisations"), "organization"),
    **dict.fromkeys(("enrolment", "enrolments"), "enrollment"),
    **dict.fromkeys(("catalogue", "catalogues"), "catalog"),
    **dict.fromkeys(("programme", "programmes"), "program"),
    **dict.fromkeys(("licence", "licences"), "license"),
    **dict.fromkeys(("cancelled", "canceled", "cancellation"), "cancel"),
    "tyre": "tire",
    "centre": "center",
    "theatre": "theater",
    "grey": "gray",
    "jewellery": "jewelry",
    **dict.fromkeys(("kilos", "kilo", "kilograms", "kilogram", "kgs"), "kg"),
    "centimetres": "cm",
    **dict.fromkeys(("metres", "meters"), "metre"),
    **dict.fromkeys(("serving", "servings"), "portion"),
    "starting": "start",
}
# Words that keep their ending, because without it they mean something else (a customer is not a custom, a booking no book);
# their plural is brought to them.
KEPT = frozenset(
    """customer news university universe organ policy police generation general past paste training building meeting
    reading listing opening watering feeding booking painting rating dressing saving recording screening sighting finding
    parking wedding posting earning operation operator server service party part position positive member membership
    relation relative author authority store story storage message measure measurement community communication planner
    planning plane plant printer contest content contact contract contractor student study studio species series notice
    marketing paid custom tutor tutorial mode model moderator editor edition inspector inspection collection collector
    director directory direction actor action factory organizer organization donation donor location locker station
    statement state status statistic""".split()
)

_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one word in small letters."""
    if word in FORMS:
        return FORMS[word]
    if word in KEPT:
        return word
    if word.endswith("s") and (word[:-1] in KEPT or word[:-3] + "y" in KEPT):
        return word[:-1] if word[:-1] in KEPT else word[:-3] + "y"
    if not word.isascii() or len(word) < 4:
        return word[:-1] if len(word) == 3 and word.endswith("s") and word not in ("gas", "bus", "yes") else word
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, ...]:
    """The words of a name in small letters: `OrderLine`, `order_line` and `Order lines` alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    spaced = re.sub(r"'s\b|’s\b", "", spaced.lower()).replace("e-mail", "email").replace("'", "").replace("’", "")
    return tuple(re.findall(r"[^\W_]+", spaced))


@cache
def _table() -> tuple[dict[str, frozenset[int]], dict[str, str], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Of every word or phrase of the table (in stems): its groups; for phrases the joined form; the sections it is in, also by
    the word as it is written."""
    groups: dict[str, set[int]] = {}
    phrases: dict[str, str] = {}
    sections: dict[str, set[str]] = {}
    written: dict[str, set[str]] = {}
    section = ""
    text = resources.files(__package__).joinpath("synonyms.txt").read_text("utf-8")
    for at, line in enumerate(text.splitlines()):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        for entry in line.split(","):
            stems = [stem(word) for word in split(entry)]
            joined = "".join(stems) if len(stems) > 1 else stems[0]
            if len(stems) > 1:
                phrases[" ".join(stems)] = joined
            groups.setdefault(joined, set()).add(at)
            sections.setdefault(joined, set()).add(section)
            written.setdefault(" ".join(split(entry)), set()).add(section)
    return (
        {word: frozenset(found) for word, found in groups.items()},
        phrases,
        {word: frozenset(found) for word, found in sections.items()},
        {word: frozenset(found) for word, found in written.items()},
    )


def groups(token: str) -> frozenset[int]:
    """The groups of synonyms that a stem stands in."""
    return _table()[0].get(token, frozenset())


def sections(word: str) -> frozenset[str]:
    """Which sections of the table know a word or phrase: is it a person, a thing, a field, a value, a doing?"""
    found = tokens(word)
    return _table()[2].get(found[-1], frozenset()) if found else frozenset()


@lru_cache(maxsize=16384)
def written(words: str) -> frozenset[str]:
    """The sections in which these very words stand, one or many of them: an observer is there, observing is not."""
    table = _table()[3]
    for form in _singles(words.lower()):
        if form in table:
            return table[form]
    return frozenset()


def _singles(words: str) -> Iterator[str]:
    yield words
    last = words.split()[-1] if words.split() else ""
    if last in FORMS:
        yield words[: len(words) - len(last)] + FORMS[last]
    if words.endswith("ies"):
        yield words[:-3] + "y"
    if words.endswith("es"):
        yield words[:-2]
    if words.endswith("s"):
        yield words[:-1]


@cache
def known() -> frozenset[str]:
    """Every stem of the table."""
    return frozenset(_table()[0])


@lru_cache(maxsize=65536)
def _mended(token: str) -> str:
    """A word that nobody knows but for one wrong letter is the word that is known."""
    if len(token) < 8 or token in known() or not token.isascii():
        return token
    for other in _by_first().get(token[0], ()):
        if (
            abs(len(other) - len(token)) < 2
            and OSA.distance(token, other, score_cutoff=1) == 1
            and other[-1] == token[-1]
        ):
            return other
    return token


@cache
def _by_first() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(known()):
        if len(word) >= 7:
            found.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in found.items()}


@lru_cache(maxsize=65536)
def tokens(name: str, joined: bool = True) -> tuple[str, ...]:
    """The stems of a name in the order of meaning, known phrases joined: `date of birth` and `birth date` alike."""
    said = list(split(name))
    if "per" in said[1:]:
        said = said[: said.index("per", 1)]
    if "of" in said[1:-1]:
        at = said.index("of", 1)
        whole = _joined([stem(word) for word in said])
        if len(whole) == 1:
            return (whole[0],)
        said = [*said[at + 1 :], *said[:at]]
    stems = [stem(word) for word in said if word not in LIGHT] or [stem(word) for word in said]
    found = _joined(stems) if joined else stems
    return tuple(_mended(token) for token in found)


def _joined(stems: list[str]) -> list[str]:
    phrases = _table()[1]
    found: list[str] = []
    at = 0
    while at < len(stems):
        for size in (4, 3, 2):
            joined = phrases.get(" ".join(stems[at : at + size])) if at + size <= len(stems) else None
            if joined:
                found.append(joined)
                at += size
                break
        else:
            found.append(stems[at])
            at += 1
    return found


def _same(one: str, other: str) -> float:
    """How alike two stems are: 1, 0.9 for synonyms, or 0."""
    if one == other:
        return 1.0
    return 0.9 if groups(one) & groups(other) else 0.0


def _weighty(found: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words that say nothing, when others are left."""
    left = tuple(token for token in found if token not in _empty())
    return left or found


@cache
def _empty() -> frozenset[str]:
    return frozenset(stem(word) for word in EMPTY)


@lru_cache(maxsize=262144)
def likeness(asked: str, name: str) -> float:
    """How well a name is what was asked for, in [0, 1].

    The last word is the head of a name: `customer name` is a name. It must be alike on both sides; what stands before it may
    be missing on one side (`phone` and `contact_phone`), but not differ (`birth date` and `booking date`).
    """
    if asked == name or (split(asked) == split(name) and split(name)):
        return 1.0
    whole, against = tokens(asked), tokens(name)
    if not whole or not against:
        return 0.0
    one, other = "".join(whole), "".join(against)
    if one == other:
        return 0.98
    if groups(one) & groups(other):
        return 0.9
    best = _compare(whole, against)
    short, small = _weighty(whole), _weighty(against)
    if (short, small) != (whole, against):
        best = max(best, 0.95 * _compare(short, small))
    apart, asunder = tokens(asked, False), tokens(name, False)
    if (apart, asunder) != (whole, against):
        best = max(best, _compare(apart, asunder), 0.95 * _compare(_weighty(apart), _weighty(asunder)))
    return best


def _compare(asked: tuple[str, ...], name: tuple[str, ...]) -> float:
    head = _same(asked[-1], name[-1])
    if not head:
        return 0.0
    before, against = asked[:-1], name[:-1]
    if not before and not against:
        return head
    if not before:
        return 0.85 * head
    if not against:
        return 0.75 * head
    found = [max(_same(word, other) for other in against) for word in before]
    if not any(found):
        return 0.3 * head
    return head * (0.6 + 0.4 * sum(found) / len(found))


def alike(asked: str, name: str) -> bool:
    """Are these two names for the same thing?"""
    return likeness(asked, name) >= ALIKE


def person(name: str) -> bool:
    """Is this a word for people?"""
    return "people" in sections(name)


class Like(BaseModel):
    """A name that is asked for: one of these words or like them, but no better one of the others.

    Each of `any` is words (`customer`) or a regular expression between slashes (`/cust|client/`), searched in the name split
    into words. but: names that are something else though they may sound alike (the price is not the cost). In JSON a single
    word stands for itself, several are a list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    any: tuple[str, ...]
    but: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, str):
            return {"any": (value,)}
        if isinstance(value, list | tuple):
            return {"any": tuple(value)}
        return value

    @model_validator(mode="after")
    def _patterns(self) -> Like:
        if not self.any:
            raise ValueError("say at least one word")
        for one in self.any:
            if one.startswith("/"):
                _pattern(one)
        return self

    @model_serializer
    def _spell(self) -> object:
        if self.but:
            return {"any": list(self.any), "but": list(self.but)}
        return self.any[0] if len(self.any) == 1 else list(self.any)

    @classmethod
    def of(cls, said: Like | str | Iterable[str]) -> Like:
        return said if isinstance(said, Like) else cls.model_validate(said if isinstance(said, str) else tuple(said))

    @classmethod
    def only(cls, name: str, others: Iterable[str]) -> Like:
        """This name, and not one of the others that sound like it."""
        return cls(
            any=(name,), but=tuple(other for other in others if other != name and likeness(name, other) >= ALIKE)
        )

    def score(self, name: str) -> float:
        """How well a name is what was asked for, in [0, 1]."""
        return _score(self.any, self.but, name)

    def hits(self, name: str) -> bool:
        return self.score(name) >= ALIKE

    def best(self, names: Iterable[str]) -> str | None:
        """The name that fits best, or None when none does."""
        found = max(((self.score(name), name) for name in names), default=(0.0, ""), key=lambda pair: pair[0])
        return found[1] if found[0] >= ALIKE else None

    def among(self, names: Iterable[str]) -> list[str]:
        """All names that fit, the best first."""
        found = [(self.score(name), name) for name in names]
        return [name for score, name in sorted(found, key=lambda pair: -pair[0]) if score >= ALIKE]

    def __str__(self) -> str:
        plain = [" ".join(split(one)) for one in self.any if not one.startswith("/")]
        return plain[0] if plain else self.any[0].strip("/").split("|")[0].strip("^$\\b() ")


@lru_cache(maxsize=65536)
def _score(any_of: tuple[str, ...], but: tuple[str, ...], name: str) -> float:
    best = 0.0
    for one in any_of:
        if one.startswith("/"):
            pattern = _pattern(one)
            spaced = " ".join(split(name))
            found = 0.95 if pattern.search(spaced) or pattern.search(name.lower()) else 0.0
        else:
            found = likeness(one, name)
        best = max(best, found)
    if best and any(likeness(other, name) > best for other in but):
        return 0.0
    return best


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text[1:-1] if text.endswith("/") else text[1:], re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{text} is no regular expression: {error}") from error
