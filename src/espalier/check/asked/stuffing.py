"""The prompt's words said back instead of being built."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine
from ..subject import Subject
from .said import Said, plain

RUN = 4  # words in a row that count as copied
MOST_COPIED = 14  # words; names and slogans that are to stand somewhere are shorter
MOST_COPIED_SHARE = 0.2  # of the prompt
FEW = 10  # words that mean something; in an answer to so short a prompt its words are soon said
FEWEST_TOLD = 10  # words on pages, to judge by
MOST_ECHOED = 3  # of the prompt's words that only the pages say
MOST_ECHOED_SHARE = 0.25
MOST_DENSE = 0.45  # of the words on pages may be the prompt's, when nothing of the app does what they mean
LEFT = 0.3  # of the score of an app that does either


@check("asked", gate=True)
def stuffing(subject: Subject) -> Iterator[Finding]:
    """The pages speak in words of their own, not in those of the prompt."""
    if not subject.prompt:
        return
    pages = [plain(text) for placed in subject.structure.blocks for text in subject.structure.texts(placed.block)]
    asked = plain(subject.prompt)
    copied = _copied(asked, pages)
    if copied > MOST_COPIED and copied > MOST_COPIED_SHARE * len(asked):
        yield _stuffed(f"{copied} words of the prompt stand on the pages as they were written")
        return
    said = Said.of(subject)
    if len(said.told) < FEWEST_TOLD:
        yield fine()
        return
    echoed = said.prompt & set(said.told) - said.structure - said.rows
    much = len(echoed) > MOST_ECHOED and len(echoed) > MOST_ECHOED_SHARE * len(said.prompt)
    dense = sum(word in said.prompt for word in said.told) / len(said.told)
    if dense > MOST_DENSE and (much or len(said.prompt) < FEW):
        words = ", ".join(sorted(echoed or said.prompt)[:6])
        yield _stuffed(f"the pages say the prompt's words ({words}...), and nothing of the app does what they mean")
    else:
        yield fine()


def _stuffed(why: str) -> Finding:
    return Finding(False, "pages", why, "build what was asked for, and say what visitors want to know", LEFT)


def _copied(asked: list[str], pages: list[list[str]]) -> int:
    """How many words of the prompt stand on a page in runs of four and more."""
    runs = {tuple(asked[at : at + RUN]): at for at in range(len(asked) - RUN + 1)}
    places: set[int] = set()
    for words in pages:
        for at in range(len(words) - RUN + 1):
            begin = runs.get(tuple(words[at : at + RUN]))
            if begin is not None:
                places.update(range(begin, begin + RUN))
    return len(places)
