"""Records that do not exist and that nobody can make."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=3)
def unmade_records(subject: Subject) -> Iterator[Finding]:
    """Of every kind of record there are some, or somebody can make one from a page."""
    structure = subject.structure
    for name in subject.blueprint.data:
        if name == "User":
            continue
        where = f"data > {name}"
        if subject.blueprint.seed.get(name) or structure.made.get(name):
            yield fine(where)
            continue
        able = [person for person in structure.people if structure.may("create", name, person) is not False]
        needed = [
            f"`{other}` needs one"
            for other, field in structure.meaning.children(name)
            if field.required and not field.many and other in subject.blueprint.data
        ]
        why = f"there is no `{name}`, and no page lets anybody make one" + (f" ({needed[0]})" if needed else "")
        said = f"write `- form: {name}` or `- table: {name}` on a page of {' or '.join(one or 'anyone' for one in able[:2])}"
        yield wrong(where, why, said if able else "let somebody create it under access, or give it rows under seed")
