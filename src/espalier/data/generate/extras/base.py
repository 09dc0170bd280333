"""What ways to add something share."""

from __future__ import annotations

from ..draft import Draft, EntityDraft


def page_with(draft: Draft, entity: EntityDraft) -> str | None:
    return next((page for page, blocks in draft.tree["pages"].items() if any(block.get(kind) == entity.name for block in blocks for kind in ("cards", "table", "list", "gallery"))), None)  # fmt: skip


def home(draft: Draft) -> str | None:
    """The first page, when strangers may open it."""
    first = next(iter(draft.tree["pages"]))
    return None if "(" in first else first


def keep_last(tree: dict[str, object]) -> None:
    """Rules, actions and unique stand behind the fields."""
    for part in ("unique", "rules", "actions"):
        if part in tree:
            tree[part] = tree.pop(part)


def quoted(choice: str) -> str:
    return choice if choice.replace(" ", "").isalpha() else f'"{choice}"'
