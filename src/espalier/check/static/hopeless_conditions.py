"""Conditions that no record can meet: lists that stay empty, buttons that never show, rules that refuse everything."""

from __future__ import annotations

from collections.abc import Iterator

from espalier.blueprint.condition import Expression
from espalier.blueprint.steps import If, Step

from ..checks import check
from ..dreams import can_be_met
from ..report import Finding, fine, wrong
from ..subject import Subject

MOST = 100  # conditions of one app that are looked at
ENOUGH = 8  # that nothing can meet: nothing is left of the share


@check("static", weight=4, strict=True)
def hopeless_conditions(subject: Subject) -> Iterator[Finding]:
    """Every condition can be met by some record."""
    known: dict[object, bool] = {}
    missed = 0
    for where, condition, then in subject.some(_conditions(subject), MOST):
        subject.in_time()
        if condition.bound is None:
            continue
        key = (condition.node, condition.bound.scope.entity, condition.bound.scope.this)
        if key not in known:
            known[key] = can_be_met(subject.blueprint, condition.bound, subject.now)
        if known[key]:
            yield fine(where)
        else:
            missed += 1
            if missed > ENOUGH:
                return
            yield wrong(where, f"no record can meet `{condition}`, so {then}", "mend the condition")


def _conditions(subject: Subject) -> Iterator[tuple[str, Expression, str]]:
    for placed in subject.structure.blocks:
        where = getattr(placed.block, "where", None)
        if isinstance(where, Expression):
            yield placed.where, where, "this block stays empty"
    for name, entity in subject.blueprint.data.items():
        for words, rule in entity.rules.items():
            yield f"data > {name} > rules > {words}", rule, f"no `{name}` can be saved"
        for action in entity.action_list:
            for condition in _ifs(action.steps):
                yield f"data > {name} > actions > {action.label}", condition, "the button is never shown"
    for trigger, steps in subject.blueprint.automations.items():
        where = f"automations > {trigger}"
        if trigger.condition is not None:
            yield where, trigger.condition, "it never starts"
        for condition in _ifs(steps):
            yield where, condition, "it never goes on"


def _ifs(steps: list[Step] | tuple[Step, ...]) -> Iterator[Expression]:
    for step in steps:
        if isinstance(step, If):
            yield step.condition
