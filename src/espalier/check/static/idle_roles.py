"""Roles that make no difference."""

from collections.abc import Iterator

from espalier.blueprint.lint import idle_roles as found_by_lint

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static")
def idle_roles(subject: Subject) -> Iterator[Finding]:
    """Every role may do something that others may not."""
    idle = set(found_by_lint(subject.blueprint))
    for role in subject.blueprint.roles:
        where = f"roles > {role}"
        if role in idle:
            yield wrong(
                where,
                f"the role `{role}` may do nothing that others may not",
                "use it under access or on a page, or leave it out",
            )
        else:
            yield fine(where)
