"""Records that the wrong people may change."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..subject import Subject


@check("static", weight=6, strict=True)
def open_writing(subject: Subject) -> Iterator[Finding]:
    """Nobody changes or deletes records without an account, nor what belongs to somebody else just by having one."""
    structure = subject.structure
    for name, entity in subject.blueprint.data.items():
        if name == "User":
            continue
        owned = [field.name for field in entity.fields.values() if field.is_owner]
        for operation in ("update", "delete"):
            where = f"access > {name} > {operation}"
            if structure.may(operation, name, STRANGER) is not False:
                yield wrong(
                    where, f"anyone may {operation} a `{name}`, without an account", f"write `{operation}: own`"
                )
            elif owned and any(structure.may(operation, name, person) is True for person in structure.joining):
                yield wrong(
                    where,
                    f"everybody who signs up may {operation} each `{name}`, though `{owned[0]}` says whose it is",
                    f"write `{operation}: own`",
                )
            else:
                yield fine(where)
