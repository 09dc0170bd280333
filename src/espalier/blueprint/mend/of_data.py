"""Entities, their fields, rules and actions."""

from __future__ import annotations

import re

from ..fields import ALIASES, TYPES
from ..meaning import Meaning
from ..names import check_entity, pascal, snake
from .base import Base
from .faults import Wrong
from .near import near
from .ways import at, put, rename_key, said


class OfData(Base):
    """Repairs of the data section."""

    def _data(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        way = wrong.way
        if len(way) < 3:
            return self._entity(wrong)
        if way[2] in ("unique", "rules"):
            return self._hint(wrong) or self._out(way[:4], wrong.message)
        if way[2] == "actions":
            return self._action(wrong)
        return self._field(wrong)

    def _entity(self, wrong: Wrong) -> bool:
        way = wrong.way
        if len(way) == 2 and isinstance(at(self.tree, way), dict) and "cannot name an entity" in wrong.message:
            name = pascal(str(way[1]))
            if _can_be_entity(name) and rename_key(self.tree, way, name):
                self.say(f"wrote the entity `{way[1]}` as `{name}`")
                return True
        fields = at(self.tree, way)
        if len(way) == 2 and isinstance(fields, dict) and len(fields) > 60:
            for name in list(fields)[60:]:
                del fields[name]
            return True
        return self._out(way, wrong.message)

    def _field(self, wrong: Wrong) -> bool:
        """A field: the name that is near, then the type that was meant, then without its value, then not at all."""
        way = wrong.way[:3]
        value = at(self.tree, way)
        if value is None:
            return False
        if "cannot name a field" in wrong.message and rename_key(self.tree, way, snake(str(way[2]))):
            self.say(f"wrote the field `{way[2]}` as `{snake(str(way[2]))}`")
            return True
        if "cannot be called" in wrong.message or "already" in wrong.message or len(str(way[2])) > 40:
            return self._out(way, wrong.message)
        text = f"[{value[0]}]" if isinstance(value, list) and len(value) == 1 else value
        if not isinstance(text, str):
            return self._out(way, wrong.message)
        if self._hint(wrong, way):
            return True
        kind, equals, expression = text.partition(" = ")
        tried = self.tries[wrong.way]
        if tried < 4 and (changed := self._kind(kind.strip(), str(way[1]), wrong)) != kind.strip():
            put(self.tree, way, f"{changed}{equals}{expression}")
            self.say(f"{said(way)}: wrote `{changed}` for `{kind.strip()}`")
            return True
        if tried < 5 and equals:
            put(self.tree, way, kind.strip())
            self.say(f"{said(way)}: left out `= {expression[:60]}`")
            return True
        return self._out(way, wrong.message)

    def _kind(self, kind: str, entity: str, wrong: Wrong) -> str:
        """The type that was meant."""
        if "|" in kind:
            choices = dict.fromkeys(
                " ".join(choice.split()).strip("\"'") for choice in kind.strip("[]").rstrip("!").split("|")
            )
            fit = [choice.replace('"', "")[:60] for choice in choices if choice][:60]
            said_again = " | ".join(fit) + ("!" if kind.rstrip("]").endswith("!") else "")
            return said_again if len(fit) > 1 else "text"
        if "part of" in wrong.message and " part" in kind:
            return kind.replace(" part", "")
        word = re.match(r"\[?(\w+)", kind)
        required = "!" if "!" in kind else ""
        if word is None:
            return f"text{required}"
        name = word[1]
        if name in TYPES and name not in ("choice", "reference"):
            return f"{name}{required}"
        if name in self._entities:
            return f"{name}{required}"
        entity_meant = near(name, [other for other in self._entities if other not in ("User", entity)] + ["User"])
        if name[:1].isupper() and entity_meant:
            return kind.replace(name, entity_meant, 1)
        meant = near(name.lower(), [*TYPES, *ALIASES], 80)
        return f"{ALIASES.get(meant, meant) if meant and meant not in ('choice', 'reference') else 'text'}{required}"

    def _action(self, wrong: Wrong) -> bool:
        way = wrong.way
        if len(way) < 4:
            return self._out(way, wrong.message)
        if len(way) == 4 and self._who_in_key(wrong, way, "admin"):
            return True
        return self._hint(wrong) or self._out(way[:5], wrong.message)


def _can_be_entity(name: str) -> bool:
    try:
        check_entity(name)
    except ValueError:
        return False
    return True
