"""Charts and figures over records that exist only to be counted."""

from collections.abc import Iterator

from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.expression.nodes import Aggregate, walk

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=3)
def numbers_alone(subject: Subject) -> Iterator[Finding]:
    """Every chart and figure is over records that people meet or make."""
    structure = subject.structure
    for placed in structure.blocks:
        for entity in dict.fromkeys(structure.counts(placed.block)):
            if entity == "User" or entity in structure.met or structure.made.get(entity):
                yield fine(placed.where)
            else:
                yield wrong(
                    placed.where,
                    f"it counts `{entity}`, which nobody can add to and no page shows: the figures stand still",
                    f"let people make a `{entity}` with a form, or show them in a table",
                )
        block = placed.block
        if isinstance(block, Stats) and not any(
            isinstance(node, Aggregate) for one in block.of.values() for node in walk(one.node)
        ):
            yield wrong(
                placed.where, "these figures are typed in and never change", "count or sum records: `count(Order)`"
            )
