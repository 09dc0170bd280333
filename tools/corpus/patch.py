"""Hand-written patches over a converted document.

A patch is a tree like the document: a mapping is merged key by key, everything else replaces what stood there, `~`
takes a key away. Four things are said specially:

- a page's blocks may be patched by their number: `Home: {1: {where: starts >= today}, 3: ~, +: [{list: Visit}]}`, where
  `+` appends blocks and `^` puts them first;
- `steps` are given anew as a whole;
- `rename:` at the top maps page names to new ones, at the old place;
- `text:` alone is a whole blueprint and replaces everything.
"""

from __future__ import annotations

from typing import Any

import yaml

from .tree import Tree

NOTHING = "~"


def apply_patch(document: Tree, patch: Tree) -> Tree:
    if "text" in patch:
        loaded: Tree = yaml.load(patch["text"], Loader=yaml.CBaseLoader)
        return loaded
    patch = dict(patch)
    renames = patch.pop("rename", {})
    unknown = [name for name in renames if name not in document["pages"]]
    if unknown:
        raise KeyError(f"no page called {unknown[0]}")
    document["pages"] = {renames.get(name, name): blocks for name, blocks in document["pages"].items()}
    return merge(document, patch, "")


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
        if key in ("+", "^"):
            continue
        changed[int(key)] = None if value == NOTHING else merge(changed[int(key)], value, f"{path}/{key}")
    return [*new.get("^", []), *(block for block in changed if block is not None), *new.get("+", [])]
