"""The rules of the data: each can be kept and can be broken, and what breaks one is refused in its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.expression import meaning as m

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, everything_in, now, seeded
from ..values import Condition
from .forms import as_json, errors_of, whole_record
from .turn import in_turn

if TYPE_CHECKING:
    from ..subject import Subject

QUICK = 8


@check("use", weight=3)
def rules_hold(subject: Subject) -> Iterator[Finding]:
    """Every rule can be kept, and a record that breaks it is refused with the rule's words and not saved."""
    stored = seeded(subject)
    rules = [
        (entity, words)
        for entity, spec in subject.blueprint.entities.items()
        if entity != "User"
        for words in spec.rules
    ]
    looked_at = subject.some(rules, QUICK)
    tried = subject.some(looked_at, 1) if in_turn(subject, "rules_hold") else []
    for rule in looked_at:
        yield from _one(subject, stored, *rule, for_real=rule in tried)


def _one(subject: Subject, stored: Stored, entity: str, words: str, for_real: bool) -> Iterator[Finding]:
    where = f"data > {entity} > rules > {words}"
    admin = subject.cast.admin
    search = whole_record(stored, entity, admin)
    if search is None:
        return  # it needs records that are not there yet
    rule = next(one for one in search.conditions if one.kind == "rule" and one.words == words)
    kept = search.meet_all()
    if kept.broken is not None:
        if kept.broken is rule and is_plain(rule):
            yield wrong(
                where, "nothing that can be filled in keeps this rule", "write the condition the other way round"
            )
        return
    broken = search.break_only(rule, kept.given)
    if broken is None:
        consent = all(search.fields[name].kind == "bool" for name in rule.names & set(search.fields))
        if is_plain(rule) and rule.names <= set(search.free) and not consent:
            yield wrong(
                where,
                "nothing that can be filled in breaks this rule: it says nothing",
                "drop it, or mend its condition",
            )
        return
    if not for_real:
        yield fine(where)
        return
    answer = subject.visit(admin, "POST", f"/api/{entity}", json=as_json(broken.given, stored, entity))
    said = broken.given_words(rule)
    if answer.status == 201:
        yield wrong(where, f"a record that breaks it is saved ({said})")
        subject.restore()
    elif answer.status != 422 or words not in errors_of(answer).values():
        yield wrong(
            where, f"a record that breaks it is refused without these words ({said}; the answer is {answer.status})"
        )
    elif now(subject).changes(stored):
        yield wrong(where, f"a record that breaks it is refused, yet something was saved ({said})")
        subject.restore()
    else:
        yield fine(where)


def is_plain(rule: Condition) -> bool:
    """Does it speak of nothing but the record's own fields?"""
    for bound in rule.bounds:
        for part in everything_in(bound.meaning):
            if isinstance(part, m.Aggregate | m.SignedIn | m.HasRole):
                return False
            if isinstance(part, m.Value | m.Computed) and (part.hops or part.anchor != "record"):
                return False
    return True
