"""What a phrase is about: its noun, without the words around it."""

from __future__ import annotations

import re
from functools import lru_cache

from ..words import Like, sections, split, stem, written

LEAD = re.compile(
    r"^(?:(?:a|an|the|their|his|her|its|our|my|your|all|each|every|any|some|new|own|also|as|of|more|one|two|three|optional|required|short|brief|full|main|public|private|"
    r"current|simple|little|whole|different|various|many|several|other|available|upcoming|latest|recent|list of|details of|unique|daily|weekly|monthly|yearly|maybe|then|"
    r"how many|what|which|with|and|or|who|it|we|i|at least|up to|an optional|free|personal|confidential|open|active)\s+)+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"\s+(?:that|which|who|when|where|whether|so|because|if|for|from|to|in|on|at|by|as|with|without|per|they|it|we|i|he|she|is|are|was|were|can|should|must|may|will|"
    r"has|have|having|such|like|shown|calculated|computed|including|after|before|during|while|about|under|over|between|into|out|up|instead|only|please|plus|using|via|of the|"
    r"myself|themselves|himself|herself|online|automatically|together|sorted|grouped|divided|filtered|ordered)\b.*$",
    re.IGNORECASE,
)
# Words that are no noun by which anything could be called.
NO_NOUN = frozenset(
    """it them this that everything anything something someone thing things stuff lot lots bit way ways everyone anyone people person app site website page
    application system platform tool portal software program everybody one ones etc more all none each others other us me you them yes no so on
    overview information details data info content place time times day week month year list lists home""".split()
)


@lru_cache(maxsize=16384)
def noun(phrase: str) -> str:
    """The noun phrase at the head, in small letters; empty when there is none that can be named."""
    said = re.sub(r"\([^()]*\)", " ", phrase).lower().strip(" .,:;!?\"'")
    said = LEAD.sub("", said)
    said = TAIL.sub("", f"{said}").strip(" .,:;!?\"'")
    said = LEAD.sub("", said).strip()
    if not said or len(said.split()) > 4 or len(said) > 40 or not re.fullmatch(r"[\w' -]+", said):
        return ""
    if split(said) and split(said)[-1] in NO_NOUN and len(split(said)) == 1:
        return ""
    return said


def is_field(name: str) -> bool:
    """Is this known for something that is said of a record?"""
    return "fields" in (written(name) or sections(name))


def is_thing(name: str) -> bool:
    """Is this known for something that records are kept of?"""
    return "things" in (written(name) or sections(name))


def is_person(name: str) -> bool:
    return "people" in written(name)


def plural(word: str) -> bool:
    """Does the word speak of many?"""
    last = word.split()[-1] if word.split() else ""
    return (last.endswith("s") and not last.endswith("ss") and stem(last) != last) or last in (
        "people",
        "children",
        "staff",
    )


@lru_cache(maxsize=16384)
def one_of(name: str) -> str:
    """One of them: `managers` as `manager`."""
    if name in ("people", "children", "men", "women"):
        return {"people": "person", "children": "child", "men": "man", "women": "woman"}[name]
    if name.endswith(("species", "series", "news")):
        return name
    if name.endswith("ies") and len(name) > 5:
        return name[:-3] + "y"
    if re.search(r"(?:ss|x|ch|sh|zz)es$", name):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not re.search(r"(?:ss|us|is|news|series|species)$", name) else name


# Words of a name by which alone nothing can be known: `price` of `price paid` can, `date` of `date sent` cannot.
PALE = frozenset(
    """date day time name number type kind list level amount total count code person people unique full short first last next main other good best free open some many
    more most with from into over under what when where which whose that this their your each every have been value item data info record place number page part
    line unit size group rate per year month week hour note text link file photo picture image address public private internal external""".split()
)


@lru_cache(maxsize=16384)
def loosely(name: str) -> Like:
    """What is called so, or has one of the telling words in its name: an `installation date` may be called `installed`."""
    told = [word for word in split(name) if len(word) > 3 and word not in PALE]
    stems = dict.fromkeys(stem(word) for word in told) if len(split(name)) > 1 or "fields" not in written(name) else {}
    return Like(any=(name, *(f"/\\b{one[: max(4, len(one) - 2)]}/" for one in stems if one.isalpha())))
