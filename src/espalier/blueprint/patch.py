"""Edits as patches: a JSON merge patch (RFC 7396) of the blueprint, in which `null` deletes.

Two keys go beyond RFC 7396, because a blueprint's order matters and data must follow a new name:

- `rename: {Client: Customer, Client.phone: mobile}` is done first, everywhere the names are meant.
- `order: {pages: [Home, Book], data.Dog: [...]}` says the order of keys where merging alone would not give it.

`apply(a, derive(a, b))` is b, to the byte when printed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .printer import print_tree
from .problems import BlueprintError, Problem
from .reader import read_tree
from .rename import rename
from .schema import Blueprint
from .source import load

Patch = dict[str, Any]


def read_patch(text: str) -> Patch:
    """A patch from its YAML text. `null` and an empty value delete. Raises BlueprintError."""
    tree = load(text).tree
    if not isinstance(tree, dict):
        raise BlueprintError(
            [Problem("a patch is a group of keys", suggestion="write what changes, such as `theme: {primary: navy}`")]
        )
    return {key: value if key in ("rename", "order") else _with_nulls(value) for key, value in tree.items()}


def print_patch(patch: Patch) -> str:
    """A patch as YAML text; `read_patch` gives it back."""
    return print_tree(_say_nulls(patch))


def derive(before: Blueprint, after: Blueprint, renames: dict[str, str] | None = None) -> Patch:
    """The patch that turns one blueprint into the other. renames are named, not guessed: a lost field and a new one
    may be two things."""
    patch: Patch = {}
    if renames:
        patch["rename"] = dict(renames)
        before = rename(before, renames)
    old, new = before.model_dump(), after.model_dump()
    patch |= _difference(old, new)
    merged = merge(old, {key: value for key, value in patch.items() if key != "rename"})
    with suppress(BlueprintError):  # what has its fixed order anyway (rules behind fields) needs not be said
        merged = read_tree(merged).model_dump()
    orders: dict[str, list[str]] = {}
    _orders(merged, new, (), orders)
    if orders:
        patch["order"] = orders
    return patch


def apply(before: Blueprint, patch: Patch) -> Blueprint:
    """The blueprint after the edit. Raises BlueprintError when the patch does not fit or what comes out cannot be used;
    `before` is never changed."""
    renames = patch.get("rename") or {}
    if not isinstance(renames, dict) or not all(isinstance(name, str) for name in renames.values()):
        raise BlueprintError(
            [
                Problem(
                    "`rename` maps old names to new ones", suggestion="rename: {Client: Customer, Client.phone: mobile}"
                )
            ]
        )
    if renames:
        before = rename(before, renames)
    tree = merge(before.model_dump(), {key: value for key, value in patch.items() if key not in ("rename", "order")})
    orders = patch.get("order") or {}
    if not isinstance(orders, dict):
        raise BlueprintError(
            [Problem("`order` maps a place to the names in it", suggestion="order: {pages: [Home, Book]}")]
        )
    for place, names in orders.items():
        tree = _reorder(tree, place, names)
    return read_tree(tree)


def _difference(old: dict[str, Any], new: dict[str, Any]) -> Patch:
    patch: Patch = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            patch[key] = value
        elif old[key] != value:
            both = isinstance(old[key], dict) and isinstance(value, dict)
            patch[key] = _difference(old[key], value) if both else value
    return patch


def merge(tree: Any, patch: Any) -> Any:
    """A document tree with a patch laid over it, without `rename` and `order`; whether what comes out can be used is not asked."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(tree) if isinstance(tree, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def _orders(merged: Any, wanted: Any, way: tuple[str, ...], orders: dict[str, list[str]]) -> None:
    """Where merging leaves keys in another order than wanted. The top keys have their fixed order anyway."""
    if not isinstance(merged, dict) or not isinstance(wanted, dict):
        return
    if way and list(merged) != list(wanted):
        orders[_spell(way)] = list(wanted)
    for key, value in wanted.items():
        _orders(merged.get(key), value, (*way, key), orders)


def _spell(way: tuple[str, ...]) -> str:
    return ".".join(step.replace("\\", "\\\\").replace(".", "\\.") for step in way)


def _way(place: str) -> list[str]:
    steps, step, escaped = [], "", False
    for letter in place:
        if escaped:
            step, escaped = step + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == ".":
            steps.append(step)
            step = ""
        else:
            step += letter
    return [*steps, step]


def _reorder(tree: dict[str, Any], place: str, names: Any) -> dict[str, Any]:
    steps = _way(place)
    node: Any = tree
    for step in steps:
        node = node.get(step) if isinstance(node, dict) else None
    if not isinstance(node, dict) or not isinstance(names, list):
        raise BlueprintError([Problem(f"`order` names `{place}`, which is not there", suggestion="leave it out")])
    ordered = {name: node[name] for name in names if name in node} | node

    def put(here: dict[str, Any], rest: list[str]) -> dict[str, Any]:
        return {
            key: (put(value, rest[1:]) if len(rest) > 1 else ordered) if key == rest[0] else value
            for key, value in here.items()
        }

    return put(tree, steps)


def _with_nulls(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _with_nulls(value) for key, value in tree.items()}
    return None if tree in ("null", "~", "") else tree


def _say_nulls(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _say_nulls(value) for key, value in tree.items()}
    return "null" if tree is None else tree
