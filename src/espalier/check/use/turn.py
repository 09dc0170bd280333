"""Whose turn it is: which of the costly confirmations an app gets when not everything is looked at. No check itself.

What a blueprint gets wrong is found by working it out, for everything and always. That the app then does as worked out is
confirmed by doing it, which takes milliseconds; the runtime is the same for all apps, so each app gets some of these
confirmations, another part for another app, and all of them when thorough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ..subject import Subject

MOST = 1

_chosen: WeakKeyDictionary[Subject, list[str]] = WeakKeyDictionary()


def in_turn(subject: Subject, name: str) -> bool:
    """Is this to be done for real in this app?"""
    if subject.thorough:
        return True
    chosen = _chosen.get(subject)
    if chosen is None:
        chosen = _chosen[subject] = subject.some(_fitting(subject), MOST)
    return name in chosen


def _fitting(subject: Subject) -> list[str]:
    """What there is to do in this app."""
    blueprint = subject.blueprint
    entities = [spec for name, spec in blueprint.entities.items() if name != "User"]
    blocks = [block for page in blueprint.page_list for block in page.blocks]
    there = {
        "forms_refuse": bool(entities),
        "actions_do": any(spec.action_list for spec in entities),
        "actions_closed": any(spec.action_list for spec in entities),
        "rules_hold": any(spec.rules for spec in entities),
        "unique_holds": any(spec.unique or any(field.unique for field in spec.fields.values()) for spec in entities),
        "boards_move": any(block.kind == "board" for block in blocks),
        "edits_save": bool(entities),
        "search_finds": bool(entities),
        "marks_count": any(field.kind == "marks" for spec in entities for field in spec.fields.values()),
        "automations_run": bool(blueprint.automations),
        "automations_tick": any(trigger.kind in ("before", "after", "every") for trigger in blueprint.automations),
    }
    return [name for name, applies in there.items() if applies]
