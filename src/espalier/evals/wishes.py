"""What was asked of an edit, as data: is it done, and was anything else touched?

`done` lists what must hold of the blueprint after the edit: requirements (as in rubrics), what stands at a place, and `not` or `any` of such.
`may_touch` lists the places where it may differ from the blueprint before. So every right answer passes, not only the one that the
author of a case thought of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from espalier.blueprint import Blueprint, BlueprintError
from espalier.blueprint.rename import rename
from espalier.check.requirements import Outline, Requirement
from espalier.check.requirements.base import read as read_requirement

from .effects import BETWEEN, SIGNS, Blocks, Change, changes, places, texts, tree


@dataclass(frozen=True)
class Both:
    """The blueprint before and after an edit, as wishes look at them."""

    before: dict[str, Any]
    after: dict[str, Any]
    outline: Outline


class Wish(BaseModel):
    """Something that must hold of a blueprint after an edit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def holds(self, both: Both) -> bool:
        raise NotImplementedError

    def __str__(self) -> str:
        raise NotImplementedError


class Asked(Wish):
    """A requirement, as rubrics have them."""

    requirement: Requirement

    def holds(self, both: Both) -> bool:
        return self.requirement.met_by(both.outline)

    def __str__(self) -> str:
        return self.requirement.phrase()


class Not(Wish):
    """Another wish does not hold."""

    wish: Wish = Field(alias="not")

    def holds(self, both: Both) -> bool:
        return not self.wish.holds(both)

    def __str__(self) -> str:
        return f"not so: {self.wish}"


class OneOf(Wish):
    """One of several wishes holds."""

    wishes: tuple[Wish, ...] = Field(alias="any", min_length=2)

    def holds(self, both: Both) -> bool:
        return any(wish.holds(both) for wish in self.wishes)

    def __str__(self) -> str:
        return " or ".join(str(wish) for wish in self.wishes)


class At(Wish):
    """What stands at a place (names may hold `*`; then one such place is enough).

    is: this text, without regard to case; says: text that a pattern is found in; gone: there is no such place; order: these
    names stand there in this order; same_as: the same as stood at this place before the edit. None of them: the place is there.
    """

    at: str
    is_: str | None = Field(None, alias="is")
    says: str | None = None
    gone: bool = False
    order: tuple[str, ...] = ()
    same_as: str | None = None

    @model_validator(mode="after")
    def _one(self) -> At:
        if sum(map(bool, (self.is_ is not None, self.says, self.gone, self.order, self.same_as))) > 1:
            raise ValueError("say one of is, says, gone, order, same_as")
        if self.says:
            try:
                re.compile(self.says)
            except re.error as error:
                raise ValueError(f"{self.says} is no pattern: {error}") from error
        return self

    def holds(self, both: Both) -> bool:
        found = [node for _, node in places(both.after, self.at)]
        if self.gone:
            return not found
        return any(self._fits(node, both) for node in found)

    def _fits(self, node: Any, both: Both) -> bool:
        if self.is_ is not None:
            return not isinstance(node, dict | list | Blocks) and str(node).casefold() == self.is_.casefold()
        if self.says:
            return any(re.search(self.says, text, re.IGNORECASE) for text in texts(node))
        if self.order:
            names = [str(name) for name in (node.named() if isinstance(node, Blocks) else node)]
            return [name for name in names if name in self.order] == list(self.order)
        if self.same_as:
            return any(node == was for _, was in places(both.before, self.same_as))
        return True

    def __str__(self) -> str:
        said = {"is": self.is_, "says": self.says, "has the order": self.order, "is what was": self.same_as}
        told = [
            f"{word} {' '.join(value) if isinstance(value, tuple) else value}" for word, value in said.items() if value
        ]
        return f"{self.at} {'is gone' if self.gone else ' '.join(told) or 'is there'}"


def _wish(said: Any) -> Any:
    if isinstance(said, Wish):
        return said
    if not isinstance(said, dict):
        raise ValueError("a wish is an object with kind, at, not or any")
    if "kind" in said:
        return Asked(requirement=read_requirement(said))
    if "not" in said:
        return Not.model_validate({"not": _wish(said["not"])})
    if "any" in said:
        return OneOf.model_validate({"any": tuple(_wish(one) for one in said["any"])})
    return At.model_validate(said)


AnyWish = Annotated[Wish, BeforeValidator(_wish)]


class Place(BaseModel):
    """A place where an edit may change something, as text: `+ data > Boat > * x1`.

    A sign says how (+ added, - taken away, ~ changed, ^ put in another order), no sign any way; `*` in a name stands for any letters; what is
    below the place is covered too; `x1` at the end allows no more than one such change.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    signs: str = ""
    way: tuple[str, ...]
    most: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, said: Any) -> Any:
        if not isinstance(said, str):
            return said
        match = re.fullmatch(r"(?:([+\-~^]+) )?(.+?)(?: x(\d+))?", said.strip())
        if not match:
            raise ValueError(f"`{said}` is no place: write `+ data > Boat > * x1`")
        signs, way, most = match.groups()
        return {"signs": signs or "".join(SIGNS), "way": tuple(way.split(BETWEEN)), "most": int(most) if most else None}

    def covers(self, change: Change) -> bool:
        return (
            change.sign in self.signs
            and len(change.way) >= len(self.way)
            and all(fnmatchcase(name, pattern) for name, pattern in zip(change.way, self.way, strict=False))
        )


@dataclass(frozen=True)
class Effect:
    """What an edit came to: the wishes that do not hold, and the changes that nobody asked for."""

    undone: tuple[str, ...] = ()
    strayed: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return not self.undone

    @property
    def clean(self) -> bool:
        return not self.strayed

    @property
    def exact(self) -> bool:
        """Was just that done which was asked?"""
        return self.done and self.clean


class Wishes(BaseModel):
    """What was asked of an edit. renames: names that must have changed everywhere, and are then no other change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    done: tuple[AnyWish, ...] = Field(min_length=1)
    may_touch: tuple[Place, ...] = ()
    renames: dict[str, str] = {}

    def effect(self, before: Blueprint, after: Blueprint) -> Effect:
        """What came of it."""
        both = Both(tree(before), tree(after), Outline(after))
        undone = [str(wish) for wish in self.done if not wish.holds(both)]
        if self.renames:
            try:
                before = rename(before, self.renames)
            except BlueprintError as error:  # a fault of the case, told as such
                return Effect((f"the case cannot be used: {error}",))
        return Effect(tuple(undone), tuple(str(change) for change in self._strayed(changes(before, after))))

    def _strayed(self, found: list[Change]) -> list[Change]:
        """The changes that no place covers; each place covers no more than it allows."""
        left = {at: place.most for at, place in enumerate(self.may_touch)}
        strayed = []
        # Places that allow any number come first, so that a counted one is not used up in vain.
        order = sorted(left, key=lambda at: left[at] is not None)
        for change in found:
            at = next((at for at in order if left[at] != 0 and self.may_touch[at].covers(change)), None)
            if at is None:
                strayed.append(change)
            elif (count := left[at]) is not None:
                left[at] = count - 1
        return strayed
