"""Hand-written patches over a converted document.

A patch is a tree like the document: a mapping is merged key by key, everything else replaces what stood there, `~`
takes a key away. Three things are said specially:

- a page's blocks may be patched by their number: `Home: {1: {where: starts >= today}, 3: ~, +: [{list: Visit}]}`, where
  `+` appends blocks and `^` puts them first;
- `name` among a page's blocks calls the page otherwise, in its place: `Ask (student): {name: Ask (user)}`;
- `steps` are given anew as a whole.
"""

from __future__ import annotations

from typing import Any

from .tree import Tree

NOTHING = "~"


def apply_patch(document: Tree, patch: Tree) -> Tree:
    """The document with the patch merged in. Raises KeyError when something to be taken away is not there."""
    merged: Tree = merge(document, patch, "")
    names = {old: said["name"] for old, said in patch.get("pages", {}).items() if "name" in said}
    merged["pages"] = {names.get(page, page): blocks for page, blocks in merged["pages"].items()}
    return merged


def merge(old: Any, new: Any, path: str) -> Any:
    if not isinstance(new, dict):
        return new
    if isinstance(old, list):
        return merge_blocks(old, new, path)
    answer = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        if value == "":
            answer[key] = value
        elif value == NOTHING:
            if key not in answer:
                raise KeyError(f"{path}/{key} is to be taken away and is not there")
            del answer[key]
        elif key == "steps":
            answer[key] = value
        else:
            answer[key] = merge(answer.get(key), value, f"{path}/{key}")
    return answer


def merge_blocks(blocks: list[Any], new: Tree, path: str) -> list[Any]:
    changed: list[Any] = list(blocks)
    for key, value in new.items():
        if key in ("+", "^", "name"):
            continue
        changed[int(key)] = None if value == NOTHING else merge(changed[int(key)], value, f"{path}/{key}")
    return [*new.get("^", []), *(block for block in changed if block is not None), *new.get("+", [])]
