"""What an app is called and how it looks. Says colours, a style and a given name to the draft."""

from __future__ import annotations

import random
import re
from typing import Any

from espalier.check.words import Like

from .draft import Draft, article
from .needs import need

# Colours of components with backgrounds they go with. People name both; the platform mends contrast.
PRIMARY = (
    "teal navy indigo steelblue seagreen darkgreen forestgreen olive olivedrab darkolivegreen sienna saddlebrown chocolate peru "
    "darkgoldenrod goldenrod orange darkorange orangered tomato coral crimson firebrick darkred brown maroon indianred rosybrown hotpink "
    "deeppink palevioletred mediumvioletred purple rebeccapurple darkviolet mediumpurple slateblue darkslateblue royalblue mediumblue "
    "midnightblue dodgerblue deepskyblue cornflowerblue cadetblue darkcyan lightseagreen mediumseagreen limegreen slategray "
    "darkslategray dimgray plum orchid darkmagenta darkturquoise mediumaquamarine red green blue"
).split()
LIGHT = (
    "white ivory snow linen seashell floralwhite ghostwhite whitesmoke mintcream honeydew azure aliceblue lavender lavenderblush mistyrose "
    "beige oldlace antiquewhite cornsilk lemonchiffon lightyellow papayawhip bisque lightcyan lightblue powderblue gainsboro"
).split()
DARK = ("black", "midnightblue", "midnight", "ink", "graphite", "darkslategray")
UNTOLD = ("midnight", "ink", "graphite")  # of these a person says `dark` and no more
# Words that people use for a colour, and what they mean.
PLAIN = {
    "green": ("seagreen", "forestgreen", "mediumseagreen", "green"), "blue": ("royalblue", "steelblue", "dodgerblue", "blue"),
    "red": ("firebrick", "crimson", "red"), "yellow": ("gold", "goldenrod"), "orange": ("orange", "darkorange"), "pink": ("hotpink", "palevioletred"),
    "purple": ("purple", "rebeccapurple", "mediumpurple"), "brown": ("saddlebrown", "sienna"), "turquoise": ("darkturquoise", "lightseagreen"),
    "dark green": ("darkgreen",), "dark blue": ("darkblue", "navy"), "dark red": ("darkred",), "light blue": ("lightskyblue", "skyblue"),
    "grey": ("slategray", "dimgray"), "burgundy": ("burgundy",), "mustard": ("mustard",), "terracotta": ("terracotta",), "sage green": ("sage",),
    "navy blue": ("navy",), "teal": ("teal",), "sky blue": ("skyblue",), "olive green": ("olive",), "lilac": ("lilac",), "rust": ("rust",),
    "forest green": ("forestgreen",), "coral": ("coral",), "gold": ("goldenrod",), "violet": ("blueviolet",), "mint": ("mint",),
}  # fmt: skip
WORDS = {
    "friendly": ("friendly", "warm and friendly", "welcoming"), "minimal": ("minimal", "clean and simple", "plain", "minimalist"),
    "bold": ("bold", "strong and bold"), "elegant": ("elegant", "classy", "refined"), "playful": ("playful", "fun", "cheerful"),
    "corporate": ("corporate", "businesslike", "professional", "serious"), "editorial": ("editorial",),
    "retro": ("retro", "vintage", "old-school"),
}  # fmt: skip
FITTING = {"site": ("friendly", "elegant", "minimal", "bold", "playful", "editorial", "retro"), "team": ("corporate", "minimal", "bold"),
           "own": ("minimal", "friendly", "playful", "elegant"), "club": ("friendly", "playful", "retro", "minimal")}  # fmt: skip
# Whether the words of a style are among those that the style stands near to; only these are demanded by the rubric.
OFTEN = {"short": 0.12, "messy": 0.45, "formal": 0.75, "list": 0.6, "chatty": 0.5}


def dress(draft: Draft) -> None:
    """Fill in the app's name, the sentence about it and its theme."""
    told = draft.chance(0.3 if draft.size > 1 else 0.08)
    app = _invented(draft) if told and draft.chance(0.6) else draft.pick(draft.domain.names)
    head: dict[str, Any] = {"app": app, "about": _about(draft), "theme": _theme(draft)}
    if told:
        draft.tell("name", need("text", like=Like.of(app), title=True), must=True, app=app)
    draft.tree = head | draft.tree


def _about(draft: Draft) -> str:
    """A sentence about the app: what it keeps, and for whom."""
    if draft.chance(0.35):
        return draft.pick(draft.domain.about)
    kept = [entity.many for entity in draft.entities.values() if entity.function not in ("line", "news", "inbox")][:3]
    listed = kept[0] if len(kept) < 2 else f"{', '.join(kept[:-1])} and {kept[-1]}"
    whose = (
        f"for {article(draft.called)}"
        if draft.audience != "own"
        else draft.usual("in one place", "for myself", "day by day")
    )
    return f"{listed[:1].upper()}{listed[1:]} {whose}"


def _theme(draft: Draft) -> dict[str, str]:
    theme: dict[str, str] = {}
    said = draft.chance(OFTEN[draft.style])
    dark = draft.chance(0.12)
    if said and draft.chance(0.5) and not dark:
        word = draft.pick(sorted(PLAIN))
        theme["primary"] = draft.pick(PLAIN[word])
        theme["background"] = draft.pick(LIGHT) if draft.chance(0.4) else "white"
        draft.tell("color", need("color", color=theme["primary"]), must=True, color=word)
    else:
        theme["primary"] = draft.pick(PRIMARY) if said else _fitting(draft)
        theme["background"] = (
            draft.pick(DARK) if dark else draft.pick(LIGHT) if said else draft.pick(("white", "white", *LIGHT[:8]))
        )
        if said:
            if dark and theme["background"] in UNTOLD:
                draft.tell(
                    "dark_color",
                    need("style", mode="dark"),
                    need("color", color=theme["primary"]),
                    must=True,
                    color=spaced(theme["primary"]),
                )
            else:
                draft.tell(
                    "colors",
                    need("color", color=theme["primary"], slots=("primary",)),
                    need("color", color=theme["background"], slots=("background",)),
                    must=True, primary=_as_said(draft, theme["primary"]), background=_as_said(draft, theme["background"]),
                )  # fmt: skip
        elif dark:
            draft.tell("dark", need("style", mode="dark"), must=True)
    if draft.chance(0.15 if said else 0.05):
        theme["accent"] = draft.pick(PRIMARY)
        if said and theme["accent"] != theme["primary"]:
            draft.tell(
                "accent",
                need("color", color=theme["accent"], slots=("accent",)),
                must=True,
                color=_as_said(draft, theme["accent"]),
            )
    style_said = draft.chance(0.3)
    theme["style"] = draft.pick(sorted(WORDS)) if style_said else draft.usual(*FITTING[draft.audience][:3])
    if style_said:
        draft.tell("style", need("style", style=theme["style"]), must=True, style=draft.pick(WORDS[theme["style"]]))
    if dark:
        theme["mode"] = "dark"
    return {key: theme[key] for key in ("primary", "background", "accent", "style", "mode") if key in theme}


def _fitting(draft: Draft) -> str:
    """One of a few colours that go with the domain; always the same few."""
    source = random.Random(draft.domain.key)  # noqa: S311 - nothing secret
    return draft.pick(source.sample(PRIMARY, 4))


def _as_said(draft: Draft, color: str) -> str:
    """A colour as a person writes it: `steel blue` for steelblue, often."""
    return color if draft.chance(0.4) else spaced(color)


def spaced(color: str) -> str:
    """A CSS colour name in words."""
    pattern = r"^(light|medium|dark|pale|deep|dim|midnight|royal|steel|sea|sky|forest|floral|ghost|antique|lemon|old|mint|powder|cadet|cornflower|saddle|rosy|indian|dodger|alice|misty|hot|lavender(?=blush)|orange(?=red)|rebecca|lime(?=green)|spring|slate(?=blue|gray)|papaya|fire|white(?=smoke)|olive(?=drab))(\w+)$"
    found = re.match(pattern, color)
    return f"{found[1]} {spaced(found[2])}" if found else color


ADJECTIVES = (
    "Amber Birch Blue Bright Cedar Clear Clover Copper Corner Crooked Daily Early Elm First Fern Golden Good Green Grey Happy Hazel Hidden Hill "
    "Honest Juniper Kind Lantern Late Little Long Maple Meadow Merry Mill Moss New North Old Open Orchard Paper Pebble Pine Plain Quick Quiet Red "
    "River Rowan Silver Slow Small South Stone Sunny Swift Tall Thistle Three True Twin Velvet Warm West White Wild Willow Winter"
).split()


def _invented(draft: Draft) -> str:
    """A name nobody has: it can only be copied."""
    noun = draft.pick(draft.domain.names).split()[-1] if draft.chance(0.3) else draft.lead.words.title()
    shape = draft.rng.random()
    first = draft.pick(ADJECTIVES)
    if shape < 0.45:
        return f"{first} {noun}"
    if shape < 0.65:
        return f"{first}{draft.pick(('field', 'wood', 'brook', 'gate', 'bridge', 'side', 'stead', 'well', 'croft'))} {noun}".replace(
            "  ", " "
        )
    if shape < 0.8:
        return f"{draft.pick(SURNAMES)}'s {noun}"
    return (
        f"{draft.pick(SURNAMES)} & {draft.pick(SURNAMES)}"
        if draft.audience == "site"
        else f"{noun} {draft.pick(('Book', 'Log', 'Desk', 'Board', 'Hub', 'Room', 'List'))}"
    )


SURNAMES = (
    "Abara Aldrin Bajwa Brandt Calloway Castellan Dahl Devlin Emery Farrow Fennimore Galante Hadley Hollis Ibarra Iversen Jansen Kettering Kowal "
    "Lindqvist Lorimer Maddox Marchetti Nakata Novak Okafor Orsini Pascoe Petrov Quill Ramires Rowntree Sandoval Sorensen Takeda Tolliver Ueda "
    "Vasquez Verhoeven Whitlock Wren Yilmaz Zeller"
).split()
