"""Colours with the place that they are for, and the look: dark, elegant, playful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from espalier.blueprint.colors import NAMES, NEAREST

from ..requirements.base import Requirement
from ..requirements.color import Color, Slot
from ..requirements.style import Style
from .prompt import Prompt

ANYWHERE: tuple[Slot, ...] = ("primary", "background", "accent")
FRONT: tuple[Slot, ...] = ("primary", "accent")
# Names of colours that are things as well: colours only beside another word of colours.
THINGS = frozenset(
    """orange olive lime chocolate tomato salmon plum peach mint rose sand gold silver copper rust slate sky forest charcoal mustard
    sage cream wheat linen snow tan coral peru orchid thistle sienna lavender ivory honeydew seashell bisque aqua ink ruby jade emerald
    amber sapphire petrol eggshell blush burlywood gainsboro moccasin cornsilk khaki violet pink black white red green blue brown grey gray
    yellow purple lemonchiffon oldlace floralwhite indigo maroon turquoise crimson teal""".split()
)
# How much room a word that stands near may have: what makes a colour of `rose` and `black`.
TELLS = re.compile(
    r"\bcolou?r\w*|\btheme\b|\bbackground\b|\bcomponents?\b|\bbuttons?\b|\baccents?\b|\bpalette\b|\bscheme\b|\btones?\b|\blook\b"
    r"|\bstyle\b|\bcolou?rs\b|\bfeel\b|\bshades?\b|\bvibes?\b|\bdesign\b|\bbranding\b|\bpastel\b|\baesthetic\b"
)
BACK = r"(?:page |main |overall |plain |light |site |the |app )*(?:back ?ground|bg|pages?|base)\b"
FORE = r"(?:components?|buttons?|controls?|ui elements|elements|main colou?r|primary|accents?|highlights?|links|details|headings|headers?|cards|components?)\b"
NOT = re.compile(r"\b(?:no|not|never|without|avoid|instead of|hates?|dislikes?)\b[\w ,]{0,16}$")


@cache
def _pattern() -> re.Pattern[str]:
    """All names of colours, with spaces where people put them; hex codes."""
    spoken = []
    for name in [*NAMES, *NEAREST]:
        spoken.append(_spaced(name))
    spoken.sort(key=len, reverse=True)
    return re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\b(?:" + "|".join(spoken) + r")\b")


@cache
def _words() -> frozenset[str]:
    """The words with which a colour's name can end: without one of them there is none."""
    return (
        frozenset(
            re.findall(r"[a-z]+", spaced)[-1]
            for name in [*NAMES, *NEAREST]
            for spaced in (_spaced(name).replace("[ae]", "a").replace("[ -]?", " "),)
        )
        | frozenset(NAMES)
        | frozenset(NEAREST)
        | {"grey"}
    )


def _spaced(name: str) -> str:
    parts = re.findall(
        r"alice|antique|aqua|azure|blanched|almond|blue|burly|cadet|corn|flower|dark|deep|dim|dodger|fire|brick|floral|forest|ghost"
        r"|golden|gold|green|grey|gray|honey|dew|hot|indian|lavender|blush|lawn|lemon|chiffon|light|lime|magenta|medium|midnight"
        r"|mint|cream|misty|rose|navajo|white|navy|old|lace|olive|drab|orange|red|orchid|pale|papaya|whip|peach|puff|pink|powder"
        r"|rebecca|purple|rosy|brown|royal|saddle|salmon|sandy|sand|sea|shell|sky|slate|smoke|spring|steel|violet|yellow|turquoise"
        r"|goldenrod|rod|khaki|magenta|cyan|coral|aquamarine|marine|seagreen|off|[a-z]+?(?=$)",
        name,
    )
    said = "[ -]?".join(re.escape(part) for part in parts) if "".join(parts) == name else re.escape(name)
    return said.replace("gray", "gr[ae]y").replace("grey", "gr[ae]y")


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Colours and style."""
    for sentence in prompt.sentences:
        # `the tiers Gold, Silver`: names; a colour is written small, but for a first word.
        plain = re.sub(r"(?<=[a-z,;:] )[A-Z]\w+(?=,| or | and [A-Z])", lambda match: "x" * len(match[0]), sentence)
        yield from _colors(
            (
                sentence
                if TELLS.search(sentence.lower()) and not re.search(r"\b(?:tiers?|kinds?|levels?|types?)\b", sentence)
                else plain
            ).lower()
        )
    yield from _look(prompt)


def _colors(sentence: str) -> Iterator[Color]:
    # What stands in brackets after another word is a list of choices: (red, amber, green).
    bare = re.sub(r"\([^()]*\)", lambda match: match[0] if TELLS.search(match[0]) else " " * len(match[0]), sentence)
    if not ("#" in bare or _words() & set(re.findall(r"[a-z]+", bare))):
        return
    found = [match for match in _pattern().finditer(bare) if not NOT.search(bare[: match.start()])]
    found = [
        match
        for match in found
        if not re.match(
            r"-?(?:haired|collar|belt|list|board|paper|cross|card|flags?|wine|beans?|tea|light district)\b",
            bare[match.end() :].lstrip(),
        )
        and not (match[0] == "ink" and not _alone(bare, match))
        # `light blue tints (#eef3f8)`: the code says which.
        and not (match[0][0] != "#" and re.match(r"[\w ]{0,16}\(?#[0-9a-f]{3}", bare[match.end() :]))
    ]
    if not found:
        return
    told = TELLS.search(bare)
    # A clause of colours and little else: `black + neon green please`, `pink and soft`.
    for match in found:
        name = re.sub(r"[ -]", "", match[0])
        alone = _alone(bare, match)
        near = told is not None and min(abs(match.start() - told.end()), abs(told.start() - match.end())) < 90
        if match[0].startswith("#") or alone or near or (name not in THINGS and len(name) > 6):
            yield Color(color=match[0].replace("neon", "").strip(), slots=_slots(bare, match))


def _alone(sentence: str, match: re.Match[str]) -> bool:
    """Do colours make up the clause in which this one stands?"""
    start = max(sentence.rfind(sign, 0, match.start()) for sign in ",.:;(") + 1
    ends = [at for at in (sentence.find(sign, match.end()) for sign in ",.:;)") if at >= 0]
    clause = sentence[start : min(ends, default=len(sentence))]
    left = _pattern().sub(" ", clause)
    left = re.sub(
        r"\b(?:and|on|with|a|an|the|in|of|bit|please|some|use|make|it|dark|light|soft|bright|deep|pale|neon|warm|obviously|of course|or|hot|pastel"
        r"|all|mostly|very|nice|lots|touch|hint|our|club|are|is|should be|i like|we like|bold|fresh|cute|something|kinda|n)\b",
        " ",
        left,
    )
    colors = len(_pattern().findall(clause))
    return not re.search(r"[a-z]{3,}", left) and (colors > 1 or len(clause.split()) <= 4)


def _slots(sentence: str, match: re.Match[str]) -> tuple[Slot, ...]:
    before, after = sentence[: match.start()], sentence[match.end() :]
    lead = r"(?:very |light |dark |soft |plain |solid |bright |deep |pale )?$"
    if re.match(rf"[ -]*(?:colou?red |tints? |as |for |in )*(?:the |its |all |a |my |our )?{BACK}", after):
        return ("background",)
    if re.match(rf"[ -]*(?:colou?red |for |as |in |the |its |all |main |bright |bold |ui |primary )*{FORE}", after):
        return FRONT
    if re.search(
        rf"{BACK}(?: colou?r)?\s*(?:should be|must be|is|of|in|:|=|to|with)?\s*(?:a |an |the )?{lead}", before
    ):
        return ("background",)
    if re.match(
        rf"[ -]*(?:colou?red |for |as |in |the |its |all |main |and |bright |bold |ui |primary )*{FORE}", after
    ):
        return FRONT
    if re.search(rf"{FORE} (?:on|over|against) (?:an? )?{lead}", before):
        return ("background",)
    if re.search(rf"{FORE}[\w ]{{0,14}}\s*(?:should be|must be|in|is|are|:|=|of)?\s*(?:a |an |the )?{lead}", before):
        return FRONT
    joined = _pattern().pattern
    if re.match(rf"\s+on\s+(?:a |an )?(?:very |light |dark )?(?:{joined})", after):
        return FRONT
    if re.search(rf"(?:{joined})(?: \w+)?\s+on\s+(?:a |an )?(?:very |light |dark )?$", before):
        return ("background",)
    return ANYWHERE


def _look(prompt: Prompt) -> Iterator[Style]:
    dark = r"\bdark (?:look|mode|theme|style|design|background|and \w+|with|ui|layout|colou?rs?)\b|\bvery dark background|\bdark please|\bmake it dark\b|\ball black\b"
    if prompt.has(dark) and not prompt.has(r"\blight (?:mode|theme|look)\b"):
        yield Style(mode="dark")
    elif prompt.has(r"\blight (?:mode|theme)\b"):
        yield Style(mode="light")
    styles = (
        ("elegant", r"\belegant (?:look|style|feel|design|and)|\b(?:be|in an?|look) elegant\b|\bstyle: elegant"),
        ("minimal", r"\bminimal(?:ist|istic)?\b(?! (?:age|stock|price|order|number|amount|quantity|players?))"),
        ("corporate", r"\bcorporate (?:look|style|feel|design)"),
        ("playful", r"\bplayful\b|\bwhimsical\b"),
        ("retro", r"\bretro (?:look|style|feel|design)|\bvintage (?:look|style|feel|design)\b"),
        ("bold", r"\bbold (?:look|style|design|layout|colou?rs)|\bshould be bold\b"),
    )
    for style, pattern in styles:
        if prompt.has(pattern):
            yield Style(style=style, weight=0.5)
            return
