"""What all repairs share: leaving out, writing what the reader offers, and who may do what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from ..names import check_role
from .faults import Wrong
from .near import hinted, near, replaced
from .ways import Way, at, leave_out, put, rename_key, said

WORDS_OF_ACCESS = ("anyone", "user", "nobody", "own", "admin")
NO_ROLES = (*WORDS_OF_ACCESS, "visitor", "id", "created", "updated", "today", "now", "status")
MOST_DECLARED = 8  # roles, up to which one that is named is declared

Say = Callable[[str], None]


class Base:
    """Mends a tree in place. tries counts how often a place was mended already."""

    def __init__(self, tree: dict[str, Any], say: Say) -> None:
        self.tree = tree
        self.say = say
        self.tries: Counter[Way] = Counter()

    def _out(self, way: Way, why: str) -> bool:
        """Leave out the smallest part that holds the fault: an item of a list, else the line."""
        while way and at(self.tree, way[:-1]) is None:
            way = way[:-1]
        if isinstance(at(self.tree, way[:-1]), str):
            way = way[:-1]
        if not leave_out(self.tree, way):
            return False
        self.say(f"{said(way)}: left out ({why[:100]})")
        above = way[:-1]
        if len(above) > 2 and at(self.tree, above) in ([], {}):
            leave_out(self.tree, above)
        return True

    def _hint(self, wrong: Wrong, way: Way | None = None) -> bool:
        """Write what the reader offers, where that is near what stands there."""
        pair = hinted(wrong.message, wrong.suggestion, wrong.text)
        if pair is None or self.tries[wrong.way] > 2:
            return False
        place = wrong.way if way is None else way
        while place and not isinstance(at(self.tree, place), str):
            place = place[:-1]
        text = at(self.tree, place) if place else None
        if not isinstance(text, str) or (changed := replaced(text, *pair)) == text:
            return False
        put(self.tree, place, changed)
        self.say(f"{said(place)}: wrote `{pair[1]}` for `{pair[0]}`")
        return True

    def _hint_in_key(self, wrong: Wrong, way: Way) -> bool:
        pair = hinted(wrong.message, wrong.suggestion, wrong.text)
        if pair is None or not isinstance(way[-1], str):
            return False
        name = replaced(way[-1], *pair)
        if name == way[-1] or not rename_key(self.tree, way, name):
            return False
        self.say(f"{said(way)}: wrote `{pair[1]}` for `{pair[0]}`")
        return True

    @property
    def _entities(self) -> list[str]:
        data = self.tree.get("data")
        return [*data, "User"] if isinstance(data, dict) else ["User"]

    @property
    def _known_roles(self) -> list[str]:
        roles = self.tree.get("roles")
        return [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []

    def _who(self, text: str, entity: str, tried: int) -> str:
        """What can be understood of a WHO; roles that are named and not declared are declared."""
        fields = at(self.tree, ("data", entity))
        names = list(fields) if isinstance(fields, dict) else []
        kept: list[str] = []
        for part in re.split(r"\s+or\s+|\s*,\s*", text):
            word = part.strip()
            if word in (*WORDS_OF_ACCESS, *self._known_roles):
                kept.append(word)
            elif re.fullmatch(r"\w+", word):
                meant = near(word, [*self._known_roles, *WORDS_OF_ACCESS], 84)
                if meant:
                    kept.append(meant)
                elif word in names:
                    if tried < 2:
                        kept.append(word)
                elif can_be_role(word) and len(self._known_roles) < MOST_DECLARED:
                    self.tree["roles"] = [*self._known_roles, word]
                    self.say(f"declared the role `{word}`")
                    kept.append(word)
            elif tried < 2:
                kept.append(word)
        return " or ".join(dict.fromkeys(kept))

    def _who_in_key(self, wrong: Wrong, way: Way, otherwise: str) -> bool:
        """The audience behind a page's or an action's name."""
        match = re.fullmatch(r"(.*?)\s*\((.*)\)\s*", str(way[-1]), re.DOTALL)
        if not match or not match[1]:
            return False
        if self._hint_in_key(wrong, way):
            return True
        entity = str(way[1]) if way[0] == "data" else ""
        tried = self.tries[way]
        roles = len(self._known_roles)
        who = self._who(match[2], entity, tried)
        if len(self._known_roles) > roles and who == match[2]:
            return True
        for audience in (who, otherwise):
            if audience and rename_key(self.tree, way, f"{match[1]} ({audience})"):
                self.say(f"{said(way)}: for `{audience}`")
                return True
        return False


def can_be_role(name: str) -> bool:
    try:
        check_role(name)
    except ValueError:
        return False
    return name not in NO_ROLES
