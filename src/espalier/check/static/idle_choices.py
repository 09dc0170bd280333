"""Values of a choice that no record can ever have."""

from collections.abc import Iterator

from espalier.blueprint.expression import nodes, walk
from espalier.blueprint.field import Field
from espalier.blueprint.meaning import seed_columns

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import ADMIN
from ..structure import Structure
from ..subject import Subject


@check("static")
def idle_choices(subject: Subject) -> Iterator[Finding]:
    """Every value of a choice can be chosen by somebody, or is set or asked for somewhere."""
    structure = subject.structure
    said: frozenset[str] | None = None
    for name, entity in subject.blueprint.data.items():
        for field in entity.fields.values():
            if field.kind != "choice" or field.computed:
                continue
            where = f"data > {name} > {field.name}"
            if _chosen(structure, name, field):
                yield fine(where)
                continue
            if said is None:
                said = frozenset(
                    node.value for one in structure.expressions for node in walk(one) if isinstance(node, nodes.Choice)
                )
            idle = [
                value for value in field.choices if value not in said and value not in _seeded(structure, name, field)
            ]
            if idle:
                yield wrong(
                    where,
                    f"nothing ever sets `{field.name}` to {' or '.join(f'`{value}`' for value in idle[:3])}",
                    "let somebody write the field, set it in an action, or leave the value out",
                )
            else:
                yield fine(where)


def _chosen(structure: Structure, entity: str, field: Field) -> bool:
    """Does somebody pick the value by hand? What nobody else may write is kept up by the admin, unless the field is left to
    actions."""
    entry = structure.blueprint.access.get(entity)
    said = entry.fields.get(field.name) if entry else None
    if said is None or said.write is None or structure.holds(said.write, ADMIN, entity) is not False:
        return True
    return any(structure.writes_field(entity, field.name, person) is not False for person in structure.people)


def _seeded(structure: Structure, entity: str, field: Field) -> set[str]:
    columns = [one.name for one in seed_columns(structure.blueprint.entities[entity])]
    at = columns.index(field.name) if field.name in columns else len(columns)
    return {row.cells[at] for row in structure.blueprint.seed.get(entity, []) if len(row.cells) > at}
