"""The taxonomy: what there is in the world, as data. Reads the YAML files of taxonomy/ and says what is wrong with them.

A domain has words for itself and entities; an entity a function (`is`) and fields it always has (`has`) or may have (`may`);
a field names that are as good as each other (`arrival/check_in`), a type as a blueprint writes it, and sample values behind
`//`, in the order of rows. `flow A > B > C ~ D` is a choice that records go through, with ways out behind `~`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from espalier.blueprint.names import check_field

FUNCTIONS = (
    "thing product mine people request order record task log event signup post review news inbox idea doc line".split()
)
AUDIENCES = ("site", "team", "own", "club")
SIDES = ("guest", "staff", "boss", "member", "host")
FILES = "taxonomy"
ME = (
    "I do this on paper so far", "I keep losing my notes", "I want to see it all in one place", "I do it for myself and my phone is full of notes", "it is only a hobby",
    "I have tried three apps and none fits", "I need it for myself", "my notebook is full",
)  # fmt: skip
COMMON = "common.yaml"


@dataclass(frozen=True)
class FieldKind:
    """A field that records of a kind may have.

    names: as good as each other, the first is its key. type: as a blueprint writes it, without what stands behind `=`. behind: what
    stands there; computed: whether that names other fields. choices: of a choice. exits: of a flow, the last of its choices. rows: sample values.
    """

    names: tuple[str, ...]
    type: str
    behind: str = ""
    computed: bool = False
    choices: tuple[str, ...] = ()
    exits: int = 0
    flow: bool = False
    rows: tuple[str, ...] = ()
    core: bool = True

    @property
    def key(self) -> str:
        return self.names[0]

    @property
    def kind(self) -> str:
        """The type's name: text, choice, reference and so on."""
        if self.choices:
            return "choice"
        word = re.match(r"\[?(\w+)", self.type)
        assert word is not None
        return word[1] if word[1][0].islower() else "reference"

    @property
    def target(self) -> str:
        return re.match(r"\[?(\w+)", self.type)[1] if self.kind == "reference" else ""  # type: ignore[index]

    @property
    def required(self) -> bool:
        return "!" in self.type


@dataclass(frozen=True)
class EntityKind:
    """A kind of records. of: the entity it belongs to, for sign-ups, lines and reviews. remind: the date before which people are
    reminded. value: the number that is added up."""

    names: tuple[str, ...]
    function: str
    fields: dict[str, FieldKind]
    rules: dict[str, str] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    of: str = ""
    page: str = ""
    remind: str = ""
    value: str = ""

    @property
    def key(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Purpose:
    """What an app of a domain is for: the audience, words for such an app, the entities it needs."""

    audience: str
    does: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """A part of the world. we, me: who asks, as they say it of themselves. held: kept for the held-out suite, never trained on."""

    key: str
    called: tuple[str, ...]
    we: tuple[str, ...]
    me: tuple[str, ...]
    names: tuple[str, ...]
    about: tuple[str, ...]
    hero: tuple[tuple[str, str], ...]
    faq: tuple[tuple[str, str], ...]
    roles: dict[str, tuple[str, ...]]
    purposes: tuple[Purpose, ...]
    entities: dict[str, EntityKind]
    held: bool = False


class TaxonomyError(ValueError):
    """The taxonomy says something that cannot be; the words say where."""


@cache
def domains(held: bool = False) -> tuple[Domain, ...]:
    """All domains, in order of their keys: those to train on, or those that are held out."""
    found = [_domain(key, said, file) for file, tree in _files() if file != COMMON for key, said in tree.items()]
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise TaxonomyError(f"domains stand there twice: {sorted({key for key in keys if keys.count(key) > 1})}")
    return tuple(sorted((one for one in found if one.held == held), key=lambda one: one.key))


@cache
def common() -> dict[str, EntityKind]:
    """Entities that fit many domains; `THING` in them is the domain's lead entity."""
    tree = next(tree for file, tree in _files() if file == COMMON)
    return {kind.key: kind for kind in (_entity(name, said, COMMON) for name, said in tree.items())}


@cache
def _files() -> tuple[tuple[str, dict[str, Any]], ...]:
    folder = resources.files(__package__) / FILES
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple((file.name, yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)) for file in files)


def _domain(key: str, said: dict[str, Any], file: str) -> Domain:
    where = f"{file}: {key}"
    try:
        entities = {kind.key: kind for kind in (_entity(n, e, where) for n, e in said["entities"].items())}
        purposes = tuple(Purpose(one["for"], tuple(one["does"]), tuple(one["uses"])) for one in said["apps"])
        for purpose in purposes:
            if purpose.audience not in AUDIENCES:
                raise TaxonomyError(f"{where}: `{purpose.audience}` is none of {AUDIENCES}")
            if missing := set(purpose.uses) - entities.keys():
                raise TaxonomyError(f"{where}: uses {missing}, which it does not have")
        if strange := set(said.get("roles", {})) - set(SIDES):
            raise TaxonomyError(f"{where}: {strange} are none of {SIDES}")
        return Domain(
            key,
            tuple(said["called"]),
            tuple(said["we"]),
            tuple(said.get("me", ())),
            tuple(said["names"]),
            tuple(said["about"]),
            tuple((one[0], one[1]) for one in said.get("hero", [])),
            tuple((str(q), str(a)) for q, a in said.get("faq", {}).items()),
            {side: tuple(words) for side, words in said.get("roles", {}).items()},
            purposes,
            entities,
            bool(said.get("held")),
        )
    except KeyError as error:
        raise TaxonomyError(f"{where}: {error} is missing") from None


def _entity(names: str, said: dict[str, Any], where: str) -> EntityKind:
    place = f"{where}: {names}"
    if said.get("is") not in FUNCTIONS:
        raise TaxonomyError(f"{place}: `is` must be one of {', '.join(FUNCTIONS)}")
    fields = {}
    for part, core in (("has", True), ("may", False)):
        for key, text in said.get(part, {}).items():
            if not isinstance(text, str):
                raise TaxonomyError(f"{place}: {key}: quote what holds a comma or a bracket")
            one = _field(str(key), text, core)
            for name in one.names:
                try:
                    check_field(name)
                except ValueError as error:
                    raise TaxonomyError(f"{place}: {error}") from None
            fields[one.key] = one
    for part in ("remind", "value"):
        if said.get(part) and said[part] not in fields:
            raise TaxonomyError(f"{place}: `{part}: {said[part]}` is none of its fields")
    return EntityKind(
        tuple(names.split("/")),
        said["is"],
        fields,
        {str(words): str(rule) for words, rule in said.get("rules", {}).items()},
        tuple(said.get("unique", ())),
        said.get("of", ""),
        said.get("page", ""),
        said.get("remind", ""),
        said.get("value", ""),
    )


def _field(names: str, text: str, core: bool) -> FieldKind:
    said, _, samples = text.partition(" // ")
    rows = tuple(row.strip() for row in samples.split(";")) if samples else ()
    written, _, behind = said.strip().partition(" = ")
    written = written.strip()
    if written.startswith("flow "):
        inside, _, out = written[5:].partition(" ~ ")
        steps = [one.strip() for one in inside.split(" > ")]
        exits = [one.strip() for one in out.split(",")] if out else []
        return FieldKind(tuple(names.split("/")), "choice", "", False, (*steps, *exits), len(exits), True, rows, core)
    choices = tuple(one.strip().rstrip("!") for one in written.split(" | ")) if " | " in written else ()
    mark = "!" if choices and written.endswith("!") else ""
    computed = bool(behind) and bool(re.search(r"\w\(|[a-z_]+ [-*/+] |\.", behind)) and not behind.startswith("today")
    return FieldKind(
        tuple(names.split("/")),
        f"choice{mark}" if choices else written,
        behind,
        computed,
        choices,
        0,
        False,
        rows,
        core,
    )
