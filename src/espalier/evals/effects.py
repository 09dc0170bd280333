"""What an edit did: a blueprint as a tree of what it means, and the changes between two of them.

Two spellings of the same thing are no change: rules of access are written out for every entity, defaults of the theme are
filled in, the words in brackets behind a page's or an action's name stand apart from the name. A place is the names on the way to it,
written `data > Boat > length`. Which changes were asked for is wishes.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from espalier.blueprint.blocks import KINDS, DataBlock
from espalier.blueprint.schema import OPERATIONS, Blueprint, Named

Sign = Literal["+", "-", "~", "^"]
SIGNS: dict[str, str] = {"+": "added", "-": "taken away", "~": "changed", "^": "put in another order"}
BETWEEN = " > "
USUAL = {
    "read": "user",
    "create": "own",
    "update": "own",
    "delete": "own",
}  # access of an entity of which nothing is said


@dataclass(frozen=True)
class Change:
    """One difference: what was added, taken away, changed, or put in another order, and where."""

    sign: Sign
    way: tuple[str, ...]

    def __str__(self) -> str:
        return f"{SIGNS[self.sign]}: {BETWEEN.join(self.way)}"


@dataclass(frozen=True)
class Block:
    """A block on a page: by its kind and entity, with its options."""

    key: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Blocks:
    """The blocks of a page, in their order."""

    all: tuple[Block, ...]

    def named(self) -> dict[str, Any]:
        """Each under its own name: the second of the same key is `form Boat 2`."""
        found: dict[str, Any] = {}
        for block in self.all:
            name, number = block.key, 1
            while name in found:
                number += 1
                name = f"{block.key} {number}"
            found[name] = block.options
        return found


def tree(blueprint: Blueprint) -> dict[str, Any]:
    """What a blueprint means, as dicts, lists and texts; pages hold Blocks."""
    said = blueprint.model_dump()
    theme = blueprint.theme
    return {
        "app": blueprint.app,
        "about": blueprint.about,
        "theme": {name: str(getattr(theme, name) or "") for name in type(theme).model_fields},
        "roles": list(blueprint.roles),
        "signup": blueprint.signup,
        "data": {name: _entity(entity) for name, entity in said.get("data", {}).items()},
        "access": _access(blueprint, said.get("access", {})),
        "pages": {Named.parse(key).label: _page(key, blocks) for key, blocks in said["pages"].items()},
        "seed": said.get("seed", {}),
        "automations": {key: _listed(steps) for key, steps in said.get("automations", {}).items()},
    }


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value if isinstance(value, dict | str) else str(value) for name, value in entity.items()}
    if "actions" in entity:
        actions = {Named.parse(key): _listed(steps) for key, steps in entity["actions"].items()}
        plain["actions"] = {
            named.label: {"who": str(named.who or ""), "steps": " ; ".join(steps)} for named, steps in actions.items()
        }
    return plain


def _listed(steps: Any) -> list[str]:
    return [str(step) for step in steps] if isinstance(steps, list) else [str(steps)]


def _access(blueprint: Blueprint, said: dict[str, Any]) -> dict[str, Any]:
    """Who may do what with every entity, whether or not it has an entry; fields with a rule of their own beside it."""
    usual = blueprint.access.get("default")
    found: dict[str, Any] = {}
    for name, entity in blueprint.entities.items():
        entry = blueprint.access.get(name)
        part = next((field.target for field in entity.fields.values() if field.part), "")
        rest = None if part or name == "User" else usual
        rules: dict[str, Any] = {}
        for operation in OPERATIONS:
            who = (entry.rule(operation) if entry else None) or (rest.rule(operation) if rest else None)
            rules[operation] = str(who) if who else f"as {part}" if part else USUAL[operation]
        for field, own in (entry.fields if entry else {}).items():
            rules[field] = {way: str(who) for way in ("read", "write") if (who := getattr(own, way)) is not None}
        found[name] = rules
    return found


def _page(key: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"who": str(Named.parse(key).who or ""), "blocks": Blocks(tuple(_block(block) for block in blocks))}


def _block(said: dict[str, Any]) -> Block:
    kind = next(key for key in said if key in KINDS)
    what = said[kind] if isinstance(said[kind], str) else ""
    entity = what.partition(" by ")[0] if issubclass(KINDS[kind], DataBlock) else ""
    return Block(f"{kind} {entity}".strip(), {"is" if key == kind else key: value for key, value in said.items()})


def changes(before: Blueprint, after: Blueprint) -> list[Change]:
    """Every difference in what the two mean. What is added or taken away whole counts once; the access and the sample records of
    an entity come and go with it."""
    moved = set(before.data) ^ set(after.data)
    found = _changes(tree(before), tree(after), ())
    return [
        one for one in found if not (one.way[0] in ("access", "seed") and len(one.way) == 2 and one.way[1] in moved)
    ]


def _changes(old: Any, new: Any, way: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from (Change("-", (*way, name)) for name in old if name not in new)
        for name, value in new.items():
            if name in old:
                yield from _changes(old[name], value, (*way, name))
            else:
                yield Change("+", (*way, name))
        # Elsewhere things are looked up by name, and their order says nothing.
        if way and way[0] in ("data", "pages") and [n for n in old if n in new] != [n for n in new if n in old]:
            yield Change("^", way)
    elif isinstance(old, Blocks) and isinstance(new, Blocks):
        yield from _block_changes(old, new, way)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _item_changes([str(one) for one in old], [str(one) for one in new], way)
    elif old != new:
        yield Change("~", way)


def _item_changes(old: list[str], new: list[str], way: tuple[str, ...]) -> Iterator[Change]:
    yield from (Change("-", (*way, one)) for one in _without(old, new))
    yield from (Change("+", (*way, one)) for one in _without(new, old))
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield Change("^", way)


def _without(these: list[str], those: list[str]) -> list[str]:
    left = list(those)
    found = []
    for one in these:
        if one in left:
            left.remove(one)
        else:
            found.append(one)
    return found


def _block_changes(old: Blocks, new: Blocks, way: tuple[str, ...]) -> Iterator[Change]:
    """Blocks that are the same are paired first, then those of the same key, in their order."""
    pairs: dict[int, int] = {}
    for same in (lambda one, other: one == other, lambda one, other: one.key == other.key):
        for at, block in enumerate(old.all):
            if at not in pairs:
                free = (to for to, other in enumerate(new.all) if to not in pairs.values() and same(block, other))
                if (found := next(free, None)) is not None:
                    pairs[at] = found
    names, others = list(old.named()), list(new.named())
    way = way[:-1]  # `pages > Boats > table Boat`: that a page holds blocks goes without saying
    for at, block in enumerate(old.all):
        if at not in pairs:
            yield Change("-", (*way, names[at]))
        else:
            yield from _changes(block.options, new.all[pairs[at]].options, (*way, names[at]))
    yield from (Change("+", (*way, others[to])) for to in range(len(new.all)) if to not in pairs.values())
    order = [pairs[at] for at in sorted(pairs)]
    if order != sorted(order):
        yield Change("^", way)


def places(node: Any, pattern: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every place of a tree that a pattern names, with what is there. Names may hold `*`."""
    yield from _places(node, tuple(pattern.split(BETWEEN)), ())


def _places(node: Any, names: tuple[str, ...], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not names:
        yield way, node
        return
    for name, inner in _inside(node):
        if fnmatchcase(name, names[0]):
            yield from _places(inner, names[1:], (*way, name))


def _inside(node: Any) -> Iterator[tuple[str, Any]]:
    """What a node holds by name; the items of a list by themselves."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if isinstance(inner, Blocks):
                yield from inner.named().items()
            else:
                yield name, inner
    elif isinstance(node, list):
        for one in node:
            yield str(one), one


def texts(node: Any) -> Iterator[str]:
    """Every text in a node and below it."""
    if isinstance(node, Blocks):
        node = node.named()
    if isinstance(node, dict):
        for inner in node.values():
            yield from texts(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from texts(inner)
    else:
        yield str(node)
