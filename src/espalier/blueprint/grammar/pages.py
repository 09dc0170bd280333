"""Pages as grammar: a page's header, its blocks, and the header of what follows.

A button may lead to a page that is still to come; then the pages do not end before it is there.
"""

from __future__ import annotations

from ..meaning import SYSTEM_PAGES, WEB
from .blocks import Blocks
from .expressions import Expressions
from .gbnf import Rules, Said, alt, lit, opt, rep, seq, words
from .letters import PAGE, name_but
from .seed import new_rows
from .written import Names, Written

MOST_PAGES = 9
MOST_BLOCKS = 9
BLOCK = "\n    - "


def page(written: Written, end: str) -> str:
    """The grammar behind a page's header."""
    rules = Rules()
    names = written.names
    expressions = Expressions(rules, names)
    each = written.page_names[-1].split() if written.page_names else []
    this = each[1] if len(each) == 2 and each[0] == "Each" and each[1] in names.entities else ""
    plain_pages = [name for name in written.page_names if not name.startswith("Each ")]
    blocks = Blocks(expressions, this, plain_pages)
    header, done = _after(rules, written, end)
    target = name_but(rules, [], *PAGE, joined=" '")

    def clean(count: int) -> Said:
        """What may follow when all buttons lead somewhere. count: blocks that still fit."""

        def body() -> Said:
            more = None
            if count:
                known = blocks.leading(blocks.known_target(), "known")
                later = blocks.leading(target, "later")
                more = seq(lit(BLOCK[1:] if count == MOST_BLOCKS and end else BLOCK), alt(
                    seq(alt(blocks.others(), known), clean(count - 1)),
                    seq(later, open_end(count - 1)) if header else None,
                ))  # fmt: skip
            return alt(more, done if count < MOST_BLOCKS else None)

        return rules.make(("clean", count), body)

    def open_end(count: int) -> Said:
        """The same, when a button leads to a page that is still to come."""

        def body() -> Said:
            button = blocks.leading(alt(blocks.known_target(), target), "any")
            more = seq(lit(BLOCK), alt(blocks.others(), button), open_end(count - 1)) if count else None
            return alt(more, header)

        return rules.make(("open", count), body)

    return rules.text(clean(MOST_BLOCKS) or "")


def after_blocks(written: Written, end: str) -> str:
    """The grammar behind the last block of a page."""
    rules = Rules()
    return rules.text(_after(rules, written, end)[1] or "")


def _after(rules: Rules, written: Written, end: str) -> tuple[Said, Said]:
    """The header of another page, and all that may follow a page."""
    awaited = awaited_pages(written)
    left = MOST_PAGES - len(written.pages)
    new = new_page(rules, written.names, written, only=awaited if left <= len(awaited) else None)
    header_of = seq(lit("\n  "), new, lit(":" + end)) if left > 0 or awaited else None
    header = rules.make(("header",), lambda: header_of)
    return header, alt(header, None if awaited else after_pages(rules, written, end))


def awaited_pages(written: Written) -> list[str]:
    """Where buttons lead, and nothing is yet."""
    there = {name.lower() for name in (*written.page_names, *written.anchors, *SYSTEM_PAGES)}
    return [to for to in dict.fromkeys(written.buttons) if to.lower() not in there and not WEB.match(to)]


def new_page(rules: Rules, names: Names, written: Written | None = None, only: list[str] | None = None) -> Said:
    """The header of a page that is not there yet. only: the page must be one of these."""
    taken = [] if written is None else written.page_names
    who = words(["user", "anyone", "admin", *names.roles])
    audience = opt(lit(" ("), who, rep(seq(lit(" or "), who), 0, 3), lit(")"))
    if only:
        return seq(words(only), audience)
    entities = [f"Each {name}" for name in names.entities if f"Each {name}" not in taken]
    return seq(alt(name_but(rules, taken, *PAGE, joined=" '", cased=False, barred="each"), words(entities)), audience)


def after_pages(rules: Rules, written: Written, end: str) -> Said:
    """What may follow the last page: seed, automations, or the end of the blueprint."""
    seed = new_rows(written, ())
    return alt(
        seq(lit("\nseed:\n  "), seed, lit(":" + end)) if seed else None,
        lit("\nautomations:" + end) if written.own_names else None,
        opt(lit("\n")),
    )
