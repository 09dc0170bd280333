"""What a change is made from and what it is, and the words of requests."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from espalier.blueprint import Blueprint
from espalier.blueprint.field import Field
from espalier.blueprint.names import plural, words
from espalier.check.requirements import Requirement

from ..draft import article

__all__ = [
    "Case",
    "Change",
    "Maker",
    "Tree",
    "article",
    "mannered",
    "many",
    "one",
    "put",
    "told",
    "value",
    "where_shown",
]

T = TypeVar("T")
Tree = dict[str, Any]
CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass
class Case:
    """An app that is to be changed. tree: a copy of its document, to be changed in place."""

    blueprint: Blueprint
    rng: random.Random
    tree: Tree = field(default_factory=dict)

    def fresh(self) -> Case:
        """The same with a copy of the tree of its own."""
        return Case(self.blueprint, self.rng, copy.deepcopy(self.blueprint.model_dump()))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.rng.randrange(len(options))]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    @property
    def entities(self) -> list[str]:
        return [name for name in self.blueprint.data if name != "User"]

    def fields(self, entity: str) -> list[Field]:
        return list(self.blueprint.data[entity].fields.values())

    def some_entity(self) -> str | None:
        return self.pick(self.entities) if self.entities else None

    def some_field(self, *kinds: str, computed: bool = False) -> tuple[str, Field] | None:
        """A field of one of these kinds (any when none), with its entity."""
        found = [
            (entity, one)
            for entity in self.entities
            for one in self.fields(entity)
            if (not kinds or one.kind in kinds) and one.computed == computed and not one.many
        ]
        return self.pick(found) if found else None

    def staff(self) -> str:
        """The role that has most to say; empty when there is none."""
        return self.blueprint.roles[-1] if self.blueprint.roles else ""

    def add_field(self, entity: str, name: str, said: str) -> None:
        """A field behind the last that is typed in, before what is worked out and before rules and actions."""
        old = self.tree["data"][entity]
        fields = self.blueprint.data[entity].fields
        plain = [key for key in old if key in fields]
        parts = [key for key in old if key not in fields]
        self.tree["data"][entity] = {key: old[key] for key in plain} | {name: said} | {key: old[key] for key in parts}

    def blocks(self) -> list[tuple[str, int, Tree]]:
        """Every block with its page and place."""
        return [(page, at, block) for page, blocks in self.tree["pages"].items() for at, block in enumerate(blocks)]

    def blocks_of(self, entity: str, *kinds: str) -> list[tuple[str, int, Tree]]:
        found = []
        for page, at, block in self.blocks():
            kind, of = next(iter(block.items()))
            if (not kinds or kind in kinds) and isinstance(of, str) and of.split(" by ")[0] == entity:
                found.append((page, at, block))
        return found


@dataclass(frozen=True)
class Change:
    """What was asked for and the document after it. needs: what the app must then fulfil. added: words by which the same can be asked
    for in a first prompt; empty when it cannot."""

    request: str
    tree: Tree
    renames: dict[str, str] = field(default_factory=dict)
    needs: tuple[Requirement, ...] = ()
    added: str = ""


Maker = Callable[[Case], "Change | None"]


def told(case: Case, *templates: str, **slots: str) -> str:
    """One of the templates, with `[a|b]` decided and slots filled in; sometimes polite, sometimes in a hurry."""
    text = case.pick(templates)
    while match := CHOICE.search(text):
        text = text[: match.start()] + case.pick(match[1].split("|")) + text[match.end() :]
    text = re.sub(r"\{(\w+)\}", lambda found: slots[found[1]], text)
    text = re.sub(r" {2,}", " ", text).strip()
    return text[:1].upper() + text[1:]


def mannered(case: Case, text: str) -> str:
    """The request in the tone of the person: plain, polite, hasty."""
    from ..noise import hurried

    tone = case.rng.random()
    if tone < 0.5:
        return text if case.chance(0.6) else text.rstrip(".") + "."
    low = text[:1].lower() + text[1:] if not text[:2].isupper() else text
    if tone < 0.64:
        return (
            case.pick((f"Please {low}.", f"Could you {low}?", f"Can you {low}?", f"Can we {low}?"))
            if _asks(text)
            else f"{text}, please."
        )
    if tone < 0.72:
        return f"{case.pick(('One more thing: ', 'Also, ', 'Oh, and ', 'And ', 'Next: ', 'Now '))}{low}"
    if tone < 0.95:
        return hurried(text if case.chance(0.7) else f"{low} {case.pick(('pls', 'please', 'thx', 'ok?'))}", case.rng)
    return f"{text}. {case.pick(('Thanks!', 'Nothing else.', 'Leave the rest as it is.', 'That is all.'))}"


def _asks(text: str) -> bool:
    return (
        text.split(" ")[0].lower()
        in (
            "add remove delete rename call make change let show put give drop take use set turn hide allow keep send sort split move mark start"
        ).split()
    )


def many(entity: str) -> str:
    return plural(words(entity))


def one(entity: str) -> str:
    return words(entity)


def value(choice: str) -> str:
    """A choice as a condition spells it."""
    return choice if re.fullmatch(r"[A-Za-z][A-Za-z ]*", choice) else f'"{choice}"'


def put(case: Case, page: str, block: Tree, first: bool = False) -> None:
    blocks = case.tree["pages"][page]
    case.tree["pages"][page] = [block, *blocks] if first else [*blocks, block]


def where_shown(case: Case, entity: str) -> tuple[str, str] | None:
    """A page that shows the entity already: its key and its name."""
    found = case.blocks_of(entity)
    if not found:
        return None
    key = case.pick(found)[0]
    if key.lower().startswith("each "):
        return None
    return key, next(page.name for page in case.blueprint.page_list if page.key == key)
