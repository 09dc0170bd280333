"""Buttons on records that nobody ever sees or that do nothing, and automations that do nothing."""

from collections.abc import Iterator

from espalier.blueprint.steps import Ask, Create, Delete, Email, Notify, Set, Step, Webhook

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=2)
def idle_actions(subject: Subject) -> Iterator[Finding]:
    """Every action can be pressed by somebody who meets the record, and does something; so does every automation."""
    structure = subject.structure
    for name, entity in subject.blueprint.data.items():
        for action in entity.action_list:
            where = f"data > {name} > actions > {action.label}"
            pressing = [
                person
                for person in structure.everybody
                if structure.may("read", name, person) is not False
                and (
                    structure.may("update", name, person) is not False
                    if action.who is None
                    else structure.holds(action.who, person, name) is not False
                )
            ]
            if not any(map(_acts, action.steps)):
                yield wrong(where, "the button does nothing", "set a field: `status = Done`")
            elif not pressing:
                yield wrong(where, "nobody who may read the record may press this", "name a role that may read it")
            elif name not in structure.met and name != "User":
                yield wrong(
                    where, f"no page shows `{name}`, so nobody finds this button", f"write `- table: {name}` on a page"
                )
            else:
                yield fine(where)
    for trigger, steps in subject.blueprint.automations.items():
        where = f"automations > {trigger}"
        if any(map(_acts, steps)):
            yield fine(where)
        else:
            yield wrong(where, "the automation does nothing", 'write what it does: `email owner "..."`')


def _acts(step: Step) -> bool:
    """Does the step change or send something?"""
    if isinstance(step, Set):
        return step.path != str(step.value)
    return isinstance(step, Ask | Create | Delete | Email | Notify | Webhook)
