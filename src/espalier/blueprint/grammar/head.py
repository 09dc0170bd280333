"""The first stage: name, words and look of the app, its roles, and the header of what comes first."""

from __future__ import annotations

from ..colors import EVERYDAY, NAMES, NEAREST
from ..names import RESERVED_ROLES
from ..schema import STYLES
from .gbnf import Rules, Said, alt, lit, opt, rep, seq, some_in_order, words
from .letters import ENTITY, FIELD, name_but
from .pages import new_page
from .prose import Prose
from .written import Names, Written

MOST_ROLES = 6
HEX = "[0-9a-fA-F]{6}"


def head(end: str) -> str:
    """The grammar from `app:` to the first entity's header (or the first page's, in an app without data)."""
    rules = Rules()
    prose = Prose(rules)
    about = opt(lit("\nabout: "), prose.line(200))
    look = opt(lit("\ntheme: {"), theme(rules), lit("}"))
    rest = alt(lit("\nsignup:"), _first(rules, end))
    said = seq(lit("app: "), prose.line(60), about, look, opt(lit("\n"), roles(rules)), rest)
    root = rules.make(("head",), lambda: said)
    return rules.text(root or "")


def theme(rules: Rules, nothing: bool = False) -> Said:
    """What stands in the braces. nothing: a key may be taken away, as in a patch."""
    color = alt(colors(rules), seq(lit('"#'), HEX, lit('"')))
    values = {
        "primary": color,
        "background": color,
        "accent": color,
        "style": words(STYLES),
        "mode": words(["light", "dark"]),
        "layout": words(["top", "side"]),
    }
    said = some_in_order(rules, ("theme",), [seq(lit(f"{key}: "), value) for key, value in values.items()], ", ")
    if not nothing:
        return said
    gone = words(f"{key}: null" for key in values)  # what is taken away stands first
    return seq(rep(seq(gone, lit(", ")), 0, 3), alt(said, gone))


def colors(rules: Rules) -> Said:
    """A colour by its name."""
    return rules.make(("color",), lambda: words(sorted({*NAMES, *NEAREST, *EVERYDAY})))


def roles(rules: Rules) -> Said:
    """The list of roles."""
    role = name_but(rules, [*RESERVED_ROLES, "admin"], *FIELD, joined="_")
    role = rules.make(("role",), lambda: role)
    return seq(lit("roles: ["), role, rep(seq(lit(", "), role), 0, MOST_ROLES - 1), lit("]"))


def signup(written: Written, end: str) -> str:
    """The grammar behind `signup:`: which of the roles people get, and the header of what comes first."""
    rules = Rules()
    role = words(written.roles)
    chosen = alt(words(["user", "invite"]), seq(role, rep(seq(lit(" or "), role), 0, 3)))
    return rules.text(seq(lit(" "), chosen, _first(rules, end)) or "")


def _first(rules: Rules, end: str) -> Said:
    entity = name_but(rules, ["User"], *ENTITY, joined="_")
    return alt(
        seq(lit("\ndata:\n  "), alt(entity, lit("User")), lit(":" + end)),
        seq(lit("\npages:\n  "), new_page(rules, Names()), lit(":" + end)),
    )
