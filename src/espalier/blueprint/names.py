"""Names: what an entity, a field, a role and a page may be called, and how a name is shown to people."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 40

# Words with a meaning of their own in expressions and in an entity; a field of that name could not be told apart.
RESERVED_FIELDS = {
    **dict.fromkeys(("id", "created", "updated"), "every record has it already"),
    **dict.fromkeys(("read", "create", "update", "delete", "write"), "it is an access word"),
    **dict.fromkeys(("actions", "rules", "unique"), "it is a word of the language"),
    **dict.fromkeys(("me", "today", "now", "this"), "it has a meaning in conditions"),
    **dict.fromkeys(("anyone", "user", "nobody", "own"), "it is an access word"),
    **dict.fromkeys(
        ("and", "or", "not", "in", "is", "if", "where", "by", "true", "false", "null"), "it is a word of conditions"
    ),
}
RESERVED_ROLES = {
    "anyone",
    "user",
    "nobody",
    "own",
    "me",
    "owner",
    "and",
    "or",
    "not",
    "in",
    "true",
    "false",
    "null",
    "this",
}

SLUGS_OF_THE_PLATFORM = frozenset(
    [
        "login",
        "logout",
        "signup",
        "account",
        "admin",
        "api",
        "static",
        "files",
        "search",
        "outbox",
        "invite",
        "reset",
        "notifications",
        "theme",
        "new",
        "healthz",
    ]
)


@lru_cache(maxsize=8192)
def check_entity(name: str) -> None:
    """Raise ValueError when an entity may not have this name."""
    if not name.isidentifier() or name[0].islower() or name[0] == "_" or "__" in name:
        raise ValueError(f"`{name[:60]}` cannot name an entity: write one word such as `{pascal(name)}`")
    if len(name) > LONGEST:
        raise ValueError(f"`{name[:60]}` is too long for an entity: at most {LONGEST} letters")


@lru_cache(maxsize=8192)
def check_field(name: str) -> None:
    """Raise ValueError when a field may not have this name."""
    if not name.isidentifier() or name != name.lower() or name[0] == "_" or "__" in name:
        raise ValueError(f"`{name[:60]}` cannot name a field: write `{snake(name)}`")
    if len(name) > LONGEST:
        raise ValueError(f"`{name[:60]}` is too long for a field: at most {LONGEST} letters")
    if name in RESERVED_FIELDS:
        raise ValueError(
            f"a field cannot be called `{name}`: {RESERVED_FIELDS[name]}. Say more, such as `{name}_by` or `is_{name}`"
        )


@lru_cache(maxsize=8192)
def check_role(name: str) -> None:
    """Raise ValueError when a role may not have this name."""
    if not name.isidentifier() or name != name.lower() or len(name) > LONGEST or name[0] == "_":
        raise ValueError(f"`{name[:60]}` cannot name a role: write one word in small letters such as `{snake(name)}`")
    if name in RESERVED_ROLES:
        raise ValueError(f"a role cannot be called `{name}`: the word has a meaning already")


@lru_cache(maxsize=8192)
def words(name: str) -> str:
    """`OrderLine` and `order_line` as `order line`; words in capitals stay."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).replace("_", " ")
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in spaced.split())


def label(name: str) -> str:
    """How a name is shown: `first_name` as `First name`."""
    said = words(name)
    return said[:1].upper() + said[1:]


# What is not counted, or is written alike for one and for many.
_ALIKE = frozenset(
    "advice aircraft aviation bacon baggage bedding bread broccoli butter catering cattle childcare chess clothing coffee "
    "correspondence cutlery data deer education electricity equipment evidence expertise feedback fish flour footage "
    "fuel funding furniture garbage gear gossip guidance hardware healthcare help homework honey housework housing hovercraft "
    "information infrastructure insurance inventory jewellery jewelry knowledge laundry legislation livestock lighting "
    "literature luggage lunchmeat machinery mail maintenance media merchandise milk moose money music news nutrition offspring "
    "parking pasta people plumbing pollution poetry produce progress recycling reindeer research rice rubbish salmon seafood series sewing "
    "sheep shrimp signage software spacecraft species staff stationery stuff sugar swine timber trout traffic transport transportation "
    "travel trivia tuna understanding vegetation vocabulary watercraft weather wildlife yoga".split()
)
_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "tooth": "teeth", "goose": "geese",
    "mouse": "mice", "louse": "lice", "ox": "oxen", "die": "dice", "penny": "pennies", "passerby": "passersby", "quiz": "quizzes",
    "shelf": "shelves", "leaf": "leaves", "loaf": "loaves", "half": "halves", "wolf": "wolves", "calf": "calves", "thief": "thieves",
    "scarf": "scarves", "knife": "knives", "wife": "wives", "life": "lives", "hoof": "hooves", "self": "selves", "elf": "elves",
    "potato": "potatoes", "tomato": "tomatoes", "hero": "heroes", "echo": "echoes", "veto": "vetoes", "torpedo": "torpedoes",
    "mango": "mangoes", "volcano": "volcanoes", "criterion": "criteria", "phenomenon": "phenomena", "medium": "media",
    "curriculum": "curricula", "bacterium": "bacteria", "memorandum": "memoranda", "datum": "data", "stratum": "strata",
    "alumnus": "alumni", "cactus": "cacti", "fungus": "fungi", "stimulus": "stimuli", "nucleus": "nuclei", "syllabus": "syllabi",
    "analysis": "analyses", "basis": "bases", "crisis": "crises", "diagnosis": "diagnoses", "hypothesis": "hypotheses",
    "thesis": "theses", "oasis": "oases", "axis": "axes", "synopsis": "synopses", "prognosis": "prognoses", "emphasis": "emphases",
    "matrix": "matrices", "vertex": "vertices", "vertebra": "vertebrae", "larva": "larvae", "alga": "algae",
}  # fmt: skip
# Endings that make a word of their own: a policewoman is a woman, a human is no man.
_COMPOUND = re.compile(
    r"(?:(?P<men>.+)(?P<man>(?<!hu)(?<!ger)(?<!ro)(?<!sha)(?<!talis)(?<!otto)(?<!nor)man)|(?P<rest>.+)"
    r"(?P<part>child|craft|ware|wife|shelf|foot|tooth|person))$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def plural(name: str) -> str:
    """The plural of an English noun, of which the last word is what there are many of; words of other scripts stay as they are."""
    if not name.isascii() or not name:
        return name
    first, last = re.fullmatch(r"(.*?)([A-Za-z]*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    many = _many(last.lower()) if last else ""
    if not many:
        return name + "s" if not last else _regular(name)
    if last.isupper() and len(last) > 1:
        many = many.upper()
    return first + (many[:1].upper() + many[1:] if last[0].isupper() else many)


def _many(word: str) -> str:
    """The plural of a word that does not follow the rule; "" of one that does."""
    if word in _ALIKE:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    found = _COMPOUND.match(word)
    if found is None:
        return ""
    if found["man"]:
        return found["men"] + "men"
    part = found["part"]
    return word if part in ("craft", "ware") else found["rest"] + _IRREGULAR[part]


def _regular(name: str) -> str:
    if re.search(r"([^aeiou]|qu)y$", name, re.IGNORECASE):
        return name[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", name, re.IGNORECASE):
        return name + "es"
    return name + "s"


@lru_cache(maxsize=8192)
def slug(name: str) -> str:
    """A name as it stands in an address: `My dogs!` as `my-dogs`."""
    return re.sub(r"[^\w]+", "-", words(name).lower()).strip("-_") or "page"


def snake(text: str) -> str:
    """The nearest field or role name."""
    name = re.sub(r"\W+", "_", words(re.sub(r"[^\w]+", "_", text))).strip("_").lower() or "name"
    name = name if not name[0].isdigit() else f"number_{name}"
    return re.sub(r"__+", "_", name)[:LONGEST]


def pascal(text: str) -> str:
    """The nearest entity name."""
    name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[\W_]+", text) if part) or "Record"
    return (name if not name[0].isdigit() else f"Record{name}")[:LONGEST]
