"""Requirements from the checks of an evaluation file: the earlier (v0) kinds and types, names as regular expressions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from espalier.blueprint.colors import hex_of
from espalier.blueprint.schema import STYLES

from ..words import Like
from .base import Requirement, read
from .color import SLOTS

KINDS_OF_NOW = {"ref": "reference", "colour": "color"}
TYPES_OF_NOW = {"ref": "reference"}
# The v0 scorer asked for one of these block kinds by name; nothing else stood for it.


def requirement_of(check: dict[str, Any]) -> Requirement:
    """One check as a requirement, with its alternatives. Raises ValueError for what is no such check."""
    kind = str(check.get("kind"))
    said: dict[str, Any] = {"kind": KINDS_OF_NOW.get(kind, kind)}
    words = check.get("any", [])
    of = _like(check.get("entity"))
    match kind:
        case "entity" | "role" | "text":
            said["like"] = _like(words)
        case "field":
            types = [TYPES_OF_NOW.get(one, one) for one in check.get("type", [])]
            said |= {"like": _like(words), "entity": of, "types": types, "exact": True}
        case "ref":
            said |= {"entity": of, "to": _like(check["to"])}
        case "choice":
            said |= {"values": [_like(words)], "entity": of}
        case "block":
            said |= {"any": list(words), "entity": _like(check.get("of"))}
        case "private" | "public" | "seed":
            said["entity"] = of
        case "colour":
            looks = list(_looks(words, check.get("slot", list(SLOTS))))
            if not looks:
                raise ValueError(f"none of {', '.join(words)} is a colour or a style")
            said = {**looks[0], "or": looks[1:9]}
        case _:
            raise ValueError(f"{kind!r} is no kind of an evaluation file")
    if check.get("or"):
        said["or"] = [*said.get("or", []), *(requirement_of(other) for other in check["or"])]
    found = read({name: value for name, value in said.items() if value is not None})
    assert isinstance(found, Requirement)
    return found


def _looks(words: list[str], slots: list[str]) -> Iterator[dict[str, Any]]:
    """A requirement for each word that is a colour, a style or a mode; patterns of v0, which were tried on hex codes, are left out."""
    places = [slot for slot in slots if slot in SLOTS]
    for word in words:
        if word in ("dark", "light"):
            yield {"kind": "style", "mode": word}
        elif word in STYLES:
            yield {"kind": "style", "style": word}
        elif places:
            with suppress(ValueError):
                hex_of(word)
                yield {"kind": "color", "color": word, "slots": places}


def _like(words: list[str] | None) -> Like | None:
    """Words that are regular expressions, as such; a plain word stays one, so that its synonyms count."""
    if not words:
        return None
    return Like(any=tuple(f"/{word}/" for word in words))
