"""Buttons on records that nobody ever sees."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=2)
def idle_actions(subject: Subject) -> Iterator[Finding]:
    """Every action can be pressed by somebody who meets the record."""
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
            if not pressing:
                yield wrong(where, "nobody who may read the record may press this", "name a role that may read it")
            elif name not in structure.met and name != "User":
                yield wrong(
                    where, f"no page shows `{name}`, so nobody finds this button", f"write `- table: {name}` on a page"
                )
            else:
                yield fine(where)
