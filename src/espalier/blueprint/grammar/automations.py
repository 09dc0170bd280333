"""Automations as grammar: what starts them, and their steps."""

from __future__ import annotations

from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lines, lit, opt, seq, words
from .kinds import is_any, is_moment
from .paths import Scope
from .steps import Steps
from .written import Written

MOST_AUTOMATIONS = 6


def automations(written: Written, end: str) -> str:
    """The grammar behind `automations:`, to the end of the blueprint."""
    rules = Rules()
    expressions = Expressions(rules, written.names)
    line = rules.make(("automation",), lambda: automation(expressions))
    return rules.text(seq(lines("\n  ", line, 1, MOST_AUTOMATIONS, begun=bool(end)), opt(lit("\n"))) or "")


def automation(expressions: Expressions) -> Said:
    """A trigger with its steps."""
    names = expressions.names
    whens: list[tuple[str, Said]] = []
    everys: list[tuple[str, Said]] = []
    dates: list[tuple[str, Said]] = []
    for entity in names.entities:
        steps = seq(lit(":"), Steps(expressions, entity, asks=False).value(4))
        condition = expressions.condition(Scope(entity))
        where = opt(lit(" where "), condition)
        whens.append((f"{entity} ", alt(seq(words(["created", "updated", "deleted"]), steps), seq(condition, steps))))
        whens.append((f"{entity}.", seq(expressions.path(is_any, entity, 0), lit(" changes"), steps)))
        everys.append((entity, seq(where, steps)))
        dates.append((f"{entity}.", seq(expressions.path(is_moment, entity, 0), where, steps)))
    nobody = seq(lit(":"), Steps(expressions, None, asks=False).value(4))
    units = words(["minutes", "hours", "days", "weeks", "months"])
    amount = alt(
        seq(lit("1 "), words(["minute", "hour", "day", "week", "month"])),
        seq('("0" | [2-9] | [1-9] [0-9]{1,2})', lit(" "), units),
    )
    return alt(
        seq(lit("when "), branch(whens)),
        seq(amount, words([" before ", " after "]), branch(dates)),
        seq(lit("every "), words(["hour", "day", "week", "month"]), alt(nobody, seq(lit(" for "), branch(everys)))),
    )
