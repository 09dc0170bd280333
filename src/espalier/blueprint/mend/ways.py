"""Going about in a tree of dicts, lists and texts by ways of keys and indexes."""

from __future__ import annotations

from typing import Any

Way = tuple[Any, ...]


def at(tree: Any, way: Way) -> Any:
    """What stands at the end of a way, or None."""
    for step in way:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and 0 <= step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def put(tree: Any, way: Way, value: Any) -> None:
    """Change what stands at the end of a way, which must be there."""
    at(tree, way[:-1])[way[-1]] = value


def leave_out(tree: Any, way: Way) -> bool:
    """Take away what stands at the end of a way; False when nothing does."""
    above = at(tree, way[:-1])
    if isinstance(above, dict) and way[-1] in above:
        del above[way[-1]]
        return True
    if isinstance(above, list) and isinstance(way[-1], int) and 0 <= way[-1] < len(above):
        del above[way[-1]]
        return True
    return False


def rename_key(tree: Any, way: Way, name: str) -> bool:
    """Call the last key of a way otherwise, in its place; False when the name is taken."""
    above = at(tree, way[:-1])
    if not isinstance(above, dict) or way[-1] not in above or name in above:
        return False
    entries = [(name if key == way[-1] else key, value) for key, value in above.items()]
    above.clear()
    above.update(entries)
    return True


def said(way: Way) -> str:
    """A way in words."""
    return " > ".join(str(step + 1) if isinstance(step, int) else str(step) for step in way)[:120]
