"""No more than was asked for: what a prompt of this length and this rubric can justify."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding
from ..static.size import beyond, sizes
from ..subject import Subject


@check("asked", gate=True)
def economy(subject: Subject) -> Iterator[Finding]:
    """The app is about as large as what was asked for."""
    words = len(subject.prompt.split())
    wanted = len(subject.rubric.requirements) if subject.rubric is not None else 0
    # A few words justify a complete small app; every further demand a little more.
    much = max(words, 4 * wanted)
    most = {
        "entities": 5 + much / 25,
        "pages": 6.5 + much / 18,
        "blocks": 15 + much / 4,
        "fields": 28 + much / 3,
        "automations": 4 + much / 30,
        "roles": 3 + much / 40,
        "words on pages": 500 + 6 * much,
    }
    yield beyond(sizes(subject.structure), most, "leave out what nobody asked for")
