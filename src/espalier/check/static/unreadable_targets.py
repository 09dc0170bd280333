"""Forms that ask for a record which those who fill them in may not see."""

from collections.abc import Iterator

from espalier.blueprint.blocks import DataBlock

from ..checks import check
from ..report import Finding, fine, wrong
from ..structure import FORMS
from ..subject import Subject


@check("static", weight=2)
def unreadable_targets(subject: Subject) -> Iterator[Finding]:
    """What a form demands to be chosen can be seen by those who fill it in."""
    structure = subject.structure
    for placed in structure.blocks:
        block = placed.block
        if not isinstance(block, DataBlock) or block.kind not in FORMS or block.source.entity == "User":
            continue
        entity = block.source.entity
        given = {step.path for step in getattr(block, "set", ()) if hasattr(step, "path")}
        senders = [one for one in structure.audience(placed) if structure.may("create", entity, one) is not False]
        for field in subject.blueprint.entities[entity].fields.values():
            if field.kind != "reference" or not field.required or not field.typed_in or field.name in given:
                continue
            if field.expression is not None or field.target in ("User", placed.page.each):
                continue
            where = f"{placed.where} > {field.name}"
            if senders and not any(structure.may("read", field.target, one) is not False for one in senders):
                named = " or ".join(one or "anyone" for one in senders)
                yield wrong(
                    where,
                    f"a `{field.target}` must be chosen, but {named} may not read any",
                    f"write `{field.target}: {{read: {named}}}` under access",
                )
            else:
                yield fine(where)
