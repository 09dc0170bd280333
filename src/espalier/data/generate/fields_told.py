"""What is said of single fields and rules: which are the only one of their kind, which follow from others, which states there are."""

from __future__ import annotations

from typing import Any

from espalier.check.words import Like

from .draft import Draft
from .needs import need


def tell(draft: Draft) -> None:
    """What is said of single fields: which are needed, which are the only one of their kind, which follow from others."""
    like = Like.of
    for entity in draft.entities.values():
        tree = draft.tree["data"][entity.name]
        for one in entity.fields.values():
            said: dict[str, Any] = {"entity": entity.words, "entities": entity.many, "field": one.words}
            if one.kind.computed and one.kind.kind in ("int", "number", "money", "percent"):
                draft.tell(
                    "computed",
                    need("field", like=like(one.words), entity=draft.like(entity), computed=""),
                    about=entity.kind.key,
                    **said,
                )
            if "unique" in one.kind.type:
                draft.tell(
                    "unique",
                    need("unique", entity=draft.like(entity), fields=(like(one.words),)),
                    about=entity.kind.key,
                    **said,
                )
            if one.kind.flow:
                steps = one.choices[: len(one.choices) - one.kind.exits]
                values = tuple(like(value) for value in one.choices)
                draft.tell(
                    "flow", need("choice", values=values, entity=draft.like(entity)), about=entity.kind.key, **said,
                    steps=", ".join(steps), exits=", ".join(one.choices[len(steps):]), all=", ".join(one.choices),
                )  # fmt: skip
        for text, rule in tree.get("rules", {}).items():
            if text not in entity.kind.rules:
                continue  # told by what added it
            about = tuple(like(one.words) for one in entity.fields.values() if one.name in rule)
            draft.tell(
                "rule",
                need("rule", entity=draft.like(entity), about=about),
                about=entity.kind.key,
                entity=entity.words,
                rule=text[:1].lower() + text[1:],
            )
        if "unique" in tree:
            names = [str(name) for name in tree["unique"]]
            if names[-1] == "owner" and len(names) == 2:
                draft.tell("one_each", need("unique", entity=draft.like(entity), fields=tuple(like(name) for name in names)), about=entity.kind.key, entity=entity.words, other=names[0].replace("_", " "))  # fmt: skip
