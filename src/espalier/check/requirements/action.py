"""A button on a record does something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from espalier.blueprint.schema import Action as BlueprintAction
from espalier.blueprint.steps import Set

from ..report import Finding, fine, wrong
from ..words import Like, alike
from .alike import same_words
from .base import Requirement
from .entity import said
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Action(Requirement):
    """An action of such a label, on an entity of such a name.

    sets: a value that it leaves behind, whatever its label. who: who may press it, in the blueprint's words (empty: those who may
    change the record), and steps: what it does, step by step; both for a full specification.
    """

    kind: ClassVar[str] = "action"
    like: Like
    entity: Like | None = None
    sets: str | None = None
    who: str | None = None
    steps: tuple[str, ...] = ()

    def phrase(self) -> str:
        whose = said(self.entity) if self.entity else "some record"
        return f"{whose[:1].upper()}{whose[1:]} has a button: {self.like}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        names = outline.entities_like(self.entity)
        whys = []
        for name in names:
            for action in outline.entities[name].action_list:
                named = self.like.hits(action.label) or (
                    self.sets is not None and not self.steps and self._leaves(action)
                )
                if not named:
                    continue
                why = self._against(action)
                if not why:
                    return fine(f"data > {name} > actions > {action.label}")
                whys.append((f"data > {name} > actions > {action.label}", why))
        if whys:
            return wrong(*whys[0])
        return wrong(f"data > {names[0]}" if names else "data", f"has no action like `{self.like}`")

    def _leaves(self, action: BlueprintAction) -> bool:
        """Does it set the value that is asked for?"""
        return any(isinstance(step, Set) and alike(self.sets or "", str(step.value)) for step in action.steps)

    def _against(self, action: BlueprintAction) -> str:
        if self.sets is not None and not self._leaves(action):
            return f"does not set `{self.sets}`"
        if self.who is not None and not same_words(self.who, str(action.who or "")):
            return f"should be for {self.who or 'those who may change the record'}"
        if self.steps:
            steps = [str(step) for step in action.steps]
            if len(steps) != len(self.steps) or not all(map(same_words, self.steps, steps)):
                return f"should do: {'; '.join(self.steps)}"
        return ""

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name, entity in outline.entities.items():
            labels = [action.label for action in entity.action_list]
            for action in entity.action_list:
                yield cls(
                    like=Like.only(action.label, labels),
                    entity=Like.only(name, outline.entities),
                    who=str(action.who or ""),
                    steps=tuple(str(step) for step in action.steps),
                )
