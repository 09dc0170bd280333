"""Is it an app for this prompt, or one for any?"""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine
from ..subject import Subject
from .said import Said

FEW = 8  # words; a prompt of fewer may be answered in other words
ENOUGH, ENOUGH_OF_FEW = 0.27, 0.15  # of the prompt's words that an app of its own has in some form
LEAST = 0.3  # what is left for an app that shares nothing with its prompt


@check("asked", gate=True)
def own_subject(subject: Subject) -> Iterator[Finding]:
    """The app is about what the prompt is about."""
    if not subject.prompt:
        return
    said = Said.of(subject)
    if not said.prompt:
        return
    share = said.share_met(said.structure | said.rows | set(said.told))
    enough = ENOUGH if len(said.prompt) >= FEW else ENOUGH_OF_FEW
    if share >= enough:
        yield fine()
    else:
        yield Finding(
            False,
            "app",
            f"of the prompt's words only {share:.0%} have anything to do with this app",
            "build what the prompt asks for, with its own things and words",
            max(LEAST, (share / enough) ** 2),
        )
