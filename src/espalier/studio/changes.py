"""The difference between two blueprints in sentences: "Dog gets a field birthday (date)".

For people who decide about a change; what happens to the data is said by the runtime's migrations, and the patch itself is
blueprint/patch.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from espalier.blueprint.printer import print_tree
from espalier.blueprint.schema import Blueprint

LONGEST = 90  # characters of a value that is shown
Line = dict[str, str]


def sentences(before: Blueprint, after: Blueprint, renames: dict[str, str] | None = None) -> list[Line]:
    """What is different, each as {kind: added | removed | changed | renamed | moved, where, words}."""
    from espalier.blueprint.rename import rename

    found: list[Line] = []
    for old, new in (renames or {}).items():
        found.append(_line("renamed", f"data.{old}", f"{_spoken(old)} is called {new.rpartition('.')[2]} now."))
    if renames:
        before = rename(before, renames)
    old_tree, new_tree = before.model_dump(), after.model_dump()
    found += _head(old_tree, new_tree)
    found += _data(_part(old_tree, "data"), _part(new_tree, "data"))
    found += _access(_part(old_tree, "access"), _part(new_tree, "access"))
    found += _pages(_part(old_tree, "pages"), _part(new_tree, "pages"))
    found += _automations(_part(old_tree, "automations"), _part(new_tree, "automations"))
    found += _seed(_part(old_tree, "seed"), _part(new_tree, "seed"))
    return found


def _head(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for key, words in (("app", "The app is called {} now."), ("about", "It says of itself: {}.")):
        if old.get(key) != new.get(key):
            yield _line("changed", key, words.format(_short(new.get(key))) if new.get(key) else f"{key} is gone.")
    theme, was = _part(new, "theme"), _part(old, "theme")
    names = {"primary": "main colour", "background": "background", "accent": "accent colour", "layout": "menu"}
    for key in dict.fromkeys([*was, *theme]):
        if was.get(key) != theme.get(key):
            name = names.get(key, key)
            words = f"The {name} becomes {theme[key]}." if key in theme else f"The {name} is the usual one again."
            yield _line("changed", f"theme.{key}", words)
    roles, were = new.get("roles") or [], old.get("roles") or []
    for role in roles:
        if role not in were:
            yield _line("added", "roles", f"There is a role {role}.")
    for role in were:
        if role not in roles:
            yield _line("removed", "roles", f"The role {role} is gone.")
    if old.get("signup") != new.get("signup"):
        yield _line(
            "changed", "signup", f"Who signs up: {_short(new.get('signup') or 'everybody, as the first role')}."
        )


def _data(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for name, entity in new.items():
        if name not in old:
            fields = [field for field in entity if field not in ("unique", "rules", "actions")]
            yield _line("added", f"data.{name}", f"{name} is new, with {_list(fields)}.")
        else:
            yield from _entity(name, _mapping(old[name]), _mapping(entity))
    for name in old:
        if name not in new:
            yield _line("removed", f"data.{name}", f"{name} is gone.")


def _entity(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for field, said in new.items():
        where = f"data.{name}.{field}"
        if field in ("rules", "actions"):
            yield from _named(name, field, _part(old, field), _mapping(said))
        elif field == "unique":
            if old.get(field) != said:
                yield _line("changed", where, f"{name}: {_list(_list_of(said))} must differ between records.")
        elif field not in old:
            yield _line("added", where, f"{name} gets a field {field} ({_short(said)}).")
        elif old[field] != said:
            yield _line("changed", where, f"{name}: {field} was {_short(old[field])} and becomes {_short(said)}.")
    for field in old:
        if field not in new:
            if field in ("rules", "actions"):
                yield from _named(name, field, _part(old, field), {})
            elif field == "unique":
                yield _line("removed", f"data.{name}.unique", f"{name}: nothing has to differ any more.")
            else:
                yield _line("removed", f"data.{name}.{field}", f"{name} loses the field {field}.")


def _named(entity: str, part: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    one = {"rules": "rule", "actions": "button"}[part]
    for name, said in new.items():
        where = f"data.{entity}.{part}.{name}"
        if name not in old:
            yield _line("added", where, f"{entity} gets the {one} “{name}”.")
        elif old[name] != said:
            yield _line("changed", where, f"The {one} “{name}” of {entity} is different: {_short(said)}.")
    for name in old:
        if name not in new:
            yield _line("removed", f"data.{entity}.{part}.{name}", f"{entity} loses the {one} “{name}”.")


def _access(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        subject = "everything else" if name == "default" else name
        if isinstance(was, dict) and isinstance(now, dict):
            for key in dict.fromkeys([*was, *now]):
                if was.get(key) != now.get(key):
                    who = _short(now.get(key)) if key in now else "as usual"
                    yield _line("changed", f"access.{name}.{key}", f"Who may {key} {subject}: {who}.")
        else:
            words = f"Access to {subject}: {_short(now) if now is not None else 'as usual'}."
            yield _line("changed", f"access.{name}", words)


def _pages(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for name, blocks in new.items():
        if name not in old:
            yield _line(
                "added", f"pages.{name}", f"There is a page {name} with {_list(map(_block, _list_of(blocks)))}."
            )
        else:
            yield from _page(name, _list_of(old[name]), _list_of(blocks))
    for name in old:
        if name not in new:
            yield _line("removed", f"pages.{name}", f"The page {name} is gone.")
    both = [name for name in old if name in new]
    if both != [name for name in new if name in old]:
        yield _line("moved", "pages", f"The pages come in another order: {_list(new)}.")


def _page(name: str, old: list[Any], new: list[Any]) -> Iterator[Line]:
    gone = [block for block in old if block not in new]
    fresh = [block for block in new if block not in old]
    for block in list(fresh):
        was = next((one for one in gone if _block(one) == _block(block)), None)
        if was is not None:
            fresh.remove(block)
            gone.remove(was)
            keys = [
                key
                for key in dict.fromkeys([*_mapping(was), *_mapping(block)])
                if _mapping(was).get(key) != _mapping(block).get(key)
            ]
            where = f"pages.{name}.{new.index(block)}"
            yield _line(
                "changed", where, f"On {name}, {_block(block)} is different in {_list(keys) or 'what it says'}."
            )
    for block in fresh:
        yield _line("added", f"pages.{name}.{new.index(block)}", f"{name} gets {_block(block)}.")
    for block in gone:
        yield _line("removed", f"pages.{name}", f"{name} loses {_block(block)}.")
    stay = [block for block in old if block in new]
    if stay != [block for block in new if block in old]:
        yield _line("moved", f"pages.{name}", f"On {name} the blocks come in another order.")


def _automations(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield _line("added", f"automations.{name}", f"By itself: {name} -> {_short(new[name])}.")
        elif name not in new:
            yield _line("removed", f"automations.{name}", f"No longer by itself: {name}.")
        elif old[name] != new[name]:
            yield _line("changed", f"automations.{name}", f"{name} does something else: {_short(new[name])}.")


def _seed(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield _line("changed", f"seed.{name}", f"The sample records of {name} are different.")


def _block(block: Any) -> str:
    """What a block is called: its kind and what it is about."""
    said = _mapping(block)
    if not said:
        return f"a block {_short(block)}"
    kind = next(iter(said))
    about = said[kind] if isinstance(said[kind], str) else ""
    return f"{kind} {about}".strip() if len(about) < 40 else kind


def _line(kind: str, where: str, words: str) -> Line:
    return {"kind": kind, "where": where, "words": words}


def _spoken(name: str) -> str:
    entity, _, field = name.partition(".")
    return f"{entity}'s {field}" if field else entity


def _short(value: Any) -> str:
    if isinstance(value, str):
        text = value
    else:
        text = (
            print_tree(value).strip()
            if isinstance(value, dict)
            else ", ".join(map(_short, value))
            if isinstance(value, list)
            else str(value)
        )
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _list(words: Any) -> str:
    said = [str(word) for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else "nothing"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _part(tree: dict[str, Any], name: str) -> dict[str, Any]:
    return _mapping(tree.get(name))
