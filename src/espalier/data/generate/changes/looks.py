"""Colours, styles and names of the whole."""

from __future__ import annotations

from espalier.check.words import Like

from ..look import ADJECTIVES, LIGHT, PLAIN, PRIMARY, SURNAMES, WORDS, spaced
from ..needs import need
from .base import Case, Change, Maker, told


def primary(case: Case) -> Change | None:
    case = case.fresh()
    theme = case.tree.setdefault("theme", {})
    if case.chance(0.5):
        said = case.pick(sorted(PLAIN))
        color = case.pick(PLAIN[said])
    else:
        color = case.pick(PRIMARY)
        said = spaced(color) if case.chance(0.6) else color
    if theme.get("primary") == color:
        return None
    theme["primary"] = color
    request = told(
        case,
        "make it {color}",
        "use {color} [as the main colour|for the buttons|instead]",
        "change the [main |primary |]colour to {color}",
        "the app should be {color}",
        "I'd like {color} [better|more|as the colour]",
        "{color} instead of [this colour|what we have]",
        "switch to {color}",
        color=said,
    )
    return Change(
        request,
        case.tree,
        needs=(need("color", color=color),),
        added=told(case, "make it {color}", "use {color}", "the colour is {color}", color=said),
    )


def background(case: Case) -> Change | None:
    case = case.fresh()
    theme = case.tree.setdefault("theme", {})
    color = case.pick(LIGHT)
    if theme.get("background") == color or theme.get("mode") == "dark":
        return None
    theme["background"] = color
    request = told(
        case,
        "change the background to {color}",
        "use {a} {color} background",
        "make the background {color}",
        "background {color} [please|]",
        "put everything on {color}",
        color=spaced(color) if case.chance(0.5) else color,
        a="a",
    )
    return Change(request, case.tree, needs=(need("color", color=color, slots=("background",)),))


def dark(case: Case) -> Change | None:
    case = case.fresh()
    theme = case.tree.setdefault("theme", {})
    if theme.get("mode") == "dark":
        theme.pop("mode")
        theme["background"] = "white"
        return Change(
            told(
                case,
                "make it light [again|instead of dark]",
                "no dark mode, use a white background",
                "turn off dark mode and make the background white",
            ),
            case.tree,
            needs=(need("style", mode="light"),),
        )
    theme["background"] = case.pick(("black", "ink", "midnight", "graphite"))
    theme["mode"] = "dark"
    return Change(
        told(
            case,
            "make it dark",
            "[switch to|use|I want] dark mode",
            "a dark design would be better",
            "turn it dark",
            "dark background please",
        ),
        case.tree,
        needs=(need("style", mode="dark"),),
    )


def style(case: Case) -> Change | None:
    case = case.fresh()
    theme = case.tree.setdefault("theme", {})
    chosen = case.pick(sorted(WORDS))
    if theme.get("style", "friendly") == chosen:
        return None
    theme["style"] = chosen
    request = told(
        case,
        "make it [look |]more {style}",
        "it should look {style}",
        "change the style to {style}",
        "[can it be|I want it] {style}",
        "give it a {style} look",
        style=case.pick(WORDS[chosen]),
    )
    return Change(request, case.tree, needs=(need("style", style=chosen),))


def accent(case: Case) -> Change | None:
    case = case.fresh()
    theme = case.tree.setdefault("theme", {})
    color = case.pick(PRIMARY)
    if color in theme.values():
        return None
    theme["accent"] = color
    request = told(
        case,
        "use {color} as [the |an |]accent colour",
        "add {color} accents",
        "set the accent to {color}",
        "a bit of {color} as accent",
        color=spaced(color),
    )
    return Change(request, case.tree, needs=(need("color", color=color, slots=("accent",)),))


def name(case: Case) -> Change | None:
    case = case.fresh()
    noun = case.tree["app"].split()[-1] if case.chance(0.5) else case.pick(case.entities or ["Desk"])
    new = case.pick(
        (
            f"{case.pick(ADJECTIVES)} {noun}",
            f"{case.pick(SURNAMES)} {noun}",
            f"The {case.pick(ADJECTIVES)} {noun}",
            f"{case.pick(SURNAMES)} & Co",
        )
    )
    if new == case.tree["app"]:
        return None
    case.tree["app"] = new
    request = told(
        case,
        "call it {new}",
        "rename the app to {new}",
        "the name should be {new}",
        "change the name to {new}",
        "we are called {new} now",
        "it is called {new}",
        new=new,
    )
    return Change(
        request,
        case.tree,
        needs=(need("text", like=Like.of(new), title=True),),
        added=told(case, "call it {new}", "it is called {new}", "our name is {new}", new=new),
    )


CHANGES: tuple[tuple[Maker, float], ...] = (
    (primary, 1.6),
    (background, 0.8),
    (dark, 0.6),
    (style, 0.9),
    (accent, 0.5),
    (name, 1),
)
