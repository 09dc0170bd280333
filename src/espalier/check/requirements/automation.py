"""Something happens by itself: an email before an appointment, a notice when something is low."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from espalier.blueprint.steps import Create, Email, Notify, Set, Step, Trigger, Webhook

from ..report import Finding, fine, wrong
from ..words import Like
from .alike import same_words
from .base import Requirement
from .entity import said
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

When = Literal["created", "changed", "before", "after", "every", "time"]
WHEN: dict[str, tuple[str, ...]] = {
    "created": ("created",),
    "changed": ("updated", "changes", "becomes"),
    "before": ("before", "every"),
    "after": ("after", "every", "becomes"),
    "every": ("every",),
    "time": ("before", "after", "every"),
}
SAYS = {
    "created": "when there is a new {what}",
    "changed": "when {what} changes",
    "before": "before {what}",
    "after": "after {what}",
    "every": "again and again",
    "time": "at the right time",
}


class Automation(Requirement):
    """An automation, or a step of an action, that does this.

    when: what starts it, anything when not said; entity: whose records it is about; does: email (a notice in the app counts as
    well), notify, webhook, set, create. trigger, steps: as the blueprint writes them, for a full specification; words said to people apart.
    """

    kind: ClassVar[str] = "automation"
    when: When | None = None
    entity: Like | None = None
    does: Literal["email", "notify", "webhook", "set", "create", ""] = ""
    trigger: str | None = None
    steps: tuple[str, ...] = ()

    def phrase(self) -> str:
        does = {
            "email": "The app sends an email",
            "notify": "The app gives notice",
            "webhook": "The app calls an address",
        }
        what = said(self.entity) if self.entity else "a record"
        when = SAYS[self.when].format(what=what) if self.when else f"about {what}"
        return f"{does.get(self.does, 'Something happens')} {self.trigger or when}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        for trigger, steps in outline.blueprint.automations.items():
            if self._is(trigger, steps, outline):
                return fine(f"automations > {trigger}")
        if self.trigger is None and self.when in (None, "changed", "created"):
            for name in outline.entities_like(self.entity):
                for action in outline.entities[name].action_list:
                    if self.does and any(self._does(step) for step in action.steps):
                        return fine(f"data > {name} > actions > {action.label}")
        return wrong(
            "automations", "there is none that does this", "for example `1 day before Booking.starts: email owner`"
        )

    def _is(self, trigger: Trigger, steps: list[Step], outline: Outline) -> bool:
        if self.trigger is not None:
            if not same_words(self.trigger, str(trigger)):
                return False
            plain = [wordless(step) for step in steps]
            return len(plain) == len(self.steps) and all(map(same_words, self.steps, plain))
        if self.when is not None and trigger.kind not in WHEN[self.when]:
            return False
        if self.entity is not None and trigger.entity and not self.entity.hits(trigger.entity):
            # About what belongs to it counts as well: `when Payment created` for an invoice.
            fields = outline.blueprint.entities[trigger.entity].fields if trigger.entity in outline.entities else {}
            if not any(self.entity.hits(field.target) for field in fields.values() if field.target):
                return False
        return not self.does or any(self._does(step) for step in steps)

    def _does(self, step: Step) -> bool:
        kinds: dict[str, tuple[type[Step], ...]] = {
            "email": (Email, Notify),
            "notify": (Notify, Email),
            "webhook": (Webhook,),
            "set": (Set,),
            "create": (Create,),
        }
        return isinstance(step, kinds[self.does])

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for trigger, steps in outline.blueprint.automations.items():
            yield cls(trigger=str(trigger), entity=Like(any=(trigger.entity,)) if trigger.entity else None,
                      steps=tuple(wordless(step) for step in steps))  # fmt: skip


def wordless(step: Step) -> str:
    """A step without the words that it says to people."""
    if isinstance(step, Email | Notify):
        return f"{'email' if isinstance(step, Email) else 'notify'} {step.who}"
    return str(step)
