"""Records that are kept and never shown."""

from collections.abc import Iterator

from espalier.blueprint.blocks.newsletter import Newsletter
from espalier.blueprint.expression import nodes, walk
from espalier.blueprint.steps import Email, Notify, Webhook

from ..checks import check
from ..report import Finding, fine, wrong
from ..structure import Structure
from ..subject import Subject


@check("static", weight=3)
def unseen_records(subject: Subject) -> Iterator[Finding]:
    """Every kind of record is shown to somebody: on a page, beside another record, in a number, or by email."""
    structure = subject.structure
    letters = any(isinstance(placed.block, Newsletter) for placed in structure.blocks)
    for name in subject.blueprint.data:
        where = f"data > {name}"
        if name == "User":
            continue
        made = structure.made.get(name, frozenset())
        if (
            name in structure.met
            or _sent(structure, name)
            or (made and _counted(structure, name))
            or _is_list_of_addresses(structure, name, letters)
        ):
            yield fine(where)
        elif made:
            yield wrong(
                where,
                f"people can make a `{name}`, but no page shows it to anybody",
                f'write `- table: {name}` on a page of those who read it, or `when {name} created: email admin "..."`',
            )
        else:
            yield wrong(where, f"no page shows `{name}`", f"write `- list: {name}` on a page, or leave it out")


def _sent(structure: Structure, entity: str) -> bool:
    return any(
        trigger.entity == entity and any(isinstance(step, Email | Notify | Webhook) for step in steps)
        for trigger, steps in structure.blueprint.automations.items()
    )


def _counted(structure: Structure, entity: str) -> bool:
    """Does a number somewhere come of its records (votes, log entries)?"""
    return any(
        isinstance(node, nodes.Aggregate) and node.entity == entity
        for expression in structure.expressions
        for node in walk(expression)
    )


def _is_list_of_addresses(structure: Structure, entity: str, letters: bool) -> bool:
    """Addresses for letters are read where letters are written."""
    fields = structure.blueprint.data[entity].fields.values()
    return any(field.kind == "email" for field in fields) and (len(fields) <= 2 or (letters and entity == "Subscriber"))
