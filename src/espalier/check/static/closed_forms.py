"""Forms for people who may not make such records."""

from collections.abc import Iterator

from espalier.blueprint.blocks import DataBlock

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..structure import FORMS
from ..subject import Subject


@check("static", weight=3)
def closed_forms(subject: Subject) -> Iterator[Finding]:
    """Every form stands where somebody meets it who may send it."""
    structure = subject.structure
    for placed in structure.blocks:
        block = placed.block
        if not isinstance(block, DataBlock) or block.kind not in FORMS:
            continue
        entity = block.source.entity
        people = structure.audience(placed)
        # A stranger who is asked to log in first comes back as one of those who can join.
        senders = [person for person in people if structure.may("create", entity, person) is not False]
        if senders:
            yield fine(placed.where)
            continue
        named = " or ".join(people) or "nobody"
        able = [person for person in structure.people if structure.may("create", entity, person) is not False]
        who = "anyone" if STRANGER in able else " or ".join(able[:2])
        yield wrong(
            placed.where,
            f"the form makes a `{entity}`, but of those who see it ({named}) nobody may create one",
            f"open the page to {who}" if able else f"write `{entity}: {{create: {named}}}` under access",
        )
