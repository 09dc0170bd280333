"""What an answer that is still being written has named so far: roles, entities and their fields, pages, rows.

Reads the printer's own layout line by line, because a text that stops in the middle is no YAML yet. What cannot be
understood is left out: a grammar then offers less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import yaml

from ..field import Field
from ..meaning import SYSTEM_FIELDS, seed_columns
from ..reader import Words, words_of
from ..schema import USER_FIELDS, Entity, Row
from ..source import Loader
from ..steps import Button

KEY = re.compile(r"""(?P<indent> *)(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#-].*?):(?:\s+(?P<value>.*))?""")


@dataclass(frozen=True)
class Names:
    """The names that what follows may use. `entities` holds User; every entity's fields stand under their names."""

    roles: tuple[str, ...] = ()
    entities: dict[str, Entity] = field(default_factory=dict)
    hidden: tuple[str, str] | None = None  # a field that must not be named: the one whose value is being written

    def fields(self, entity: str) -> dict[str, Field]:
        """The fields of an entity, with those that every record has and that somebody may want to see."""
        own = self.entities[entity].fields
        more = ("created",) if entity == "User" else ("owner", "created", "updated")
        found = {**own, **{name: SYSTEM_FIELDS[name] for name in more if name not in own}}
        if self.hidden and self.hidden[0] == entity:
            found.pop(self.hidden[1], None)
        return found

    def references(self, child: str, parent: str) -> list[str]:
        """The child's fields that refer to the parent, as Meaning.references."""
        found = [name for name, said in self.entities[child].fields.items() if said.target == parent]
        return found or (["owner"] if parent == "User" else [])


@dataclass
class Written:
    """The text so far, taken apart. A place is the way of keys to where the text stops."""

    text: str
    sections: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        section: list[str] = []
        for line in self.text.split("\n"):
            match = re.match(r"([a-z]+):", line)
            if match:
                section = self.sections.setdefault(match[1], [])
            section.append(line)

    @property
    def section(self) -> str:
        """The section that the text stops in."""
        return next(reversed(self.sections), "")

    @cached_property
    def roles(self) -> tuple[str, ...]:
        said = self.sections.get("roles", [""])[0].partition("[")[2].rstrip("]")
        return tuple(role.strip() for role in said.split(",") if role.strip())

    @cached_property
    def raw_entities(self) -> dict[str, dict[str, str]]:
        """The entities with their field lines as they stand there; what stands below unique, rules and actions is left out."""
        found: dict[str, dict[str, str]] = {}
        inside = False
        for indent, key, value in _lines(self.sections.get("data", ())):
            if indent == 2:
                found[key], inside = {}, True
            elif indent == 4 and found:
                inside = key not in Entity.PARTS
                if inside:
                    found[list(found)[-1]].setdefault(key, value)
        return found

    @cached_property
    def names(self) -> Names:
        """The names written so far. A field whose line is not finished has its type already."""
        raw = self.raw_entities
        context = words_of({"data": {name: dict(lines) for name, lines in raw.items()}})
        context = Words(context.choices, context.entities | {"User"})
        entities: dict[str, Entity] = {}
        for name, lines in raw.items():
            entities[name] = _entity({**(USER_FIELDS if name == "User" else {})}, lines, context)
        if "User" not in entities:
            entities["User"] = _entity(dict(USER_FIELDS), {}, context)
        return Names(self.roles, entities)

    @property
    def entity(self) -> str:
        """The entity being written, or the last one."""
        return next(reversed(self.raw_entities), "")

    @property
    def own_names(self) -> list[str]:
        """The entities that the text declares, in order."""
        return list(self.raw_entities)

    @cached_property
    def pages(self) -> list[str]:
        """The pages' keys, in order."""
        return [key for indent, key, _ in _lines(self.sections.get("pages", ())) if indent == 2]

    @cached_property
    def page_names(self) -> list[str]:
        return [_label(key) for key in self.pages]

    @cached_property
    def anchors(self) -> list[str]:
        """Titles of blocks on the pages so far, to which a button may lead."""
        return [value for _, key, value in _lines(self.sections.get("pages", ())) if key == "title" and value]

    @cached_property
    def buttons(self) -> list[str]:
        """Where the buttons written so far lead."""
        found = []
        for line in self.sections.get("pages", ()):
            match = re.match(r"\s+(?:- )?button: (.*)", line)
            if match and "->" in match[1]:
                try:
                    found.append(Button.parse(_unquoted(match[1])).to)
                except ValueError:
                    continue
        return found

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """The rows of the seed so far."""
        found: dict[str, list[Row]] = {}
        for line in self.sections.get("seed", ()):
            if line.startswith("    - ") and found:
                found[list(found)[-1]].append(Row.parse(_unquoted(line[6:])))
            elif (match := KEY.fullmatch(line.rstrip())) and len(match["indent"]) == 2:
                found[_unquoted(match["key"])] = []
        return found

    def firsts(self, entity: str) -> list[str]:
        """How the rows of an entity may be named in the rows of others: by their title, or by what stands first."""
        said = self.names.entities.get(entity)
        if said is None:
            return []
        columns = [column.name for column in seed_columns(said)]
        at = columns.index(said.title_field) if said.title_field in columns else 0
        found: dict[str, None] = {}
        for row in self.rows.get(entity, ()):
            for place in (at, 0):
                if place < len(row.cells) and row.cells[place]:
                    found[row.cells[place]] = None
        return list(found)

    def count(self, indent: int) -> int:
        """How many items stand in the last group of items at this indent."""
        number = 0
        for line in reversed(self.text.split("\n")):
            own = len(line) - len(line.lstrip())
            if line.strip() and own < indent:
                break
            number += own == indent and line.lstrip().startswith("- ")
        return number


def _entity(fields: dict[str, Field], lines: dict[str, str], context: Words) -> Entity:
    for name, value in lines.items():
        try:
            said = Field.parse(value.removesuffix("=").strip(), context)
        except ValueError:
            continue
        fields[name] = said
    known = frozenset(fields) | set(SYSTEM_FIELDS)
    return Entity.model_construct(fields={name: _known(said, name, known) for name, said in fields.items()})


def _known(said: Field, name: str, names: frozenset[str]) -> Field:
    try:
        return said.named(name, names)
    except ValueError:
        return replace(said, name=name, expression=None)


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Keys with their indent and value; lines that hold no key, and lines of literal blocks, are left out."""
    deeper: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if deeper is not None and (not line.strip() or indent > deeper):
            continue
        deeper = None
        match = KEY.fullmatch(line.rstrip())
        if match is None and line.lstrip().startswith("- "):
            indent += 2
            match = KEY.fullmatch(line.rstrip().replace("- ", "  ", 1))
        if match is None:
            continue
        value = match["value"] or ""
        if re.fullmatch(r"[|>][+-]?", value):
            deeper, value = indent, ""
        yield indent, _unquoted(match["key"]), _unquoted(value)


def _unquoted(text: str) -> str:
    """What a scalar says: quotes taken off as YAML does."""
    text = text.strip()
    if text[:1] in "\"'" and len(text) > 1:
        try:
            said = yaml.load(text, Loader=Loader)  # noqa: S506 - our loader makes nothing but text
            return said if isinstance(said, str) else text
        except yaml.YAMLError:
            return text
    return text


def _label(key: str) -> str:
    """A page's name without its audience."""
    return key.partition(" (")[0].strip()
