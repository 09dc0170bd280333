"""Sign-ups that hand out power."""

from collections.abc import Iterator

from espalier.blueprint.lint import signup_power

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=3, strict=True)
def powerful_signup(subject: Subject) -> Iterator[Finding]:
    """Nobody becomes staff by signing up."""
    if not subject.blueprint.roles:
        return
    found = list(signup_power(subject.blueprint))
    for way, message, suggestion in found:
        yield wrong(" > ".join(map(str, way)), message, suggestion)
    if not found:
        yield fine("signup")
