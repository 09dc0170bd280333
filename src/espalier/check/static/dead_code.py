"""Custom blocks without a life of their own: no script, or one that answers to nothing and changes nothing.

What the script really does, only a browser can tell; see ../browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from espalier.blueprint.blocks.custom import Custom

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject

# What starts it: a hand, a key, or time.
STARTS = re.compile(
    r"addEventListener\s*+\(|\bon[a-z]++\s*+=(?!=)|\bsetInterval\s*\(|\bsetTimeout\s*\(|requestAnimationFrame\s*\("
)
IN_TAGS = re.compile(r"\son[a-z]++\s*+=\s*+[\"']?+\s*+[^\"'\s>]")
# What can then be seen or heard of it.
SHOWS = re.compile(
    r"textContent|innerText|innerHTML|outerHTML|insertAdjacent|\.value\b|\.style\b|classList|className|getContext|\bappend(?:Child)?\s*\(|"
    r"prepend\s*\(|\.replace(?:With|Children)\s*\(|\.remove\s*\(|\.hidden\b|\.disabled\b|\.checked\b|setAttribute|\.dataset\b|\.src\b|"
    r"\.open\b|\.play\s*\(|fillRect|\.max\b|AudioContext|execCommand|clipboard|\.add\s*\(|\bprint\s*\(|postMessage|\.transform\b|\.animate\s*\("
)
COMMENTS = re.compile(r"/\*(?:.*?\*/|.*)|(?<![:\"'])//[^\n]*", re.DOTALL)
STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
# A listener that does nothing listens to nothing.
NOTHING = re.compile(
    r"(?:\([^()]*+\)|\b\w++)\s*+=>\s*+(?:\{\s*+\}|\(?\s*+(?:null|undefined|0|'')\s*+\)?(?=[,;)]))"
    r"|\bfunction\b\s*+\w*+\s*+\([^()]*+\)\s*+\{\s*+\}"
)
TO_NOTHING = re.compile(
    r"(?:addEventListener\s*+\([^,()]*+,|\bon[a-z]++\s*+=|set(?:Interval|Timeout)\s*+\(|requestAnimationFrame\s*+\()\s*+NOTHING"
)


def reacts(block: Custom) -> bool:
    """Does its script answer to something, and show it?"""
    script = NOTHING.sub("NOTHING", STRINGS.sub("''", COMMENTS.sub("", block.js)))
    script = TO_NOTHING.sub("", script)
    started = bool(STARTS.search(script) or IN_TAGS.search(block.html))
    return started and bool(SHOWS.search(script) or (IN_TAGS.search(block.html) and SHOWS.search(block.html)))


@check("static", weight=4)
def dead_code(subject: Subject) -> Iterator[Finding]:
    """Every custom block does something when it is used."""
    for placed in subject.structure.blocks:
        block = placed.block
        if not isinstance(block, Custom):
            continue
        if reacts(block):
            yield fine(placed.where)
        elif not block.js.strip() and not IN_TAGS.search(block.html):
            yield wrong(
                placed.where,
                "there is no script, so it only stands there",
                "write `text`, `features` or another block, or give it `js`",
            )
        else:
            yield wrong(
                placed.where,
                "its script answers to nothing that people do, or changes nothing that they see",
                "listen to buttons, inputs or keys and show what comes of it",
            )
