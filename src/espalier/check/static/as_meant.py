"""What the blueprint's own lint warns of and no other check looks at."""

from collections.abc import Iterator

from espalier.blueprint.lint import empty_pages, first_page, role_names

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static")
def as_meant(subject: Subject) -> Iterator[Finding]:
    """No page is empty, the first page is for everybody, and roles are told from fields."""
    found = False
    for warnings in (empty_pages, first_page, role_names):
        for way, message, suggestion in warnings(subject.blueprint):
            found = True
            yield wrong(" > ".join(map(str, way)), message, suggestion)
    if not found:
        yield fine()
