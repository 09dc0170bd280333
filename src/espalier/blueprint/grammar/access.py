"""Access as grammar: for each entity, in the order of data and at most once, who may do what."""

from __future__ import annotations

from ..schema import OPERATIONS
from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lit, opt, rep, seq, some_in_order
from .pages import new_page
from .paths import Scope
from .written import Written


def access(written: Written, end: str) -> str:
    """The grammar behind `access:` up to the first page's header."""
    rules = Rules()
    names = written.names
    expressions = Expressions(rules, names)
    entities = [*written.own_names, *([] if "User" in written.own_names else ["User"])]
    pages = seq(lit("pages:\n  "), new_page(rules, names), lit(":" + end))

    def after(at: int) -> Said:
        """What follows when the entities before `at` are done with."""

        def body() -> Said:
            entries = [
                (f"  {entities[index]}:", seq(entry(expressions, entities[index]), lit("\n"), after(index + 1)))
                for index in range(at, len(entities))
            ]
            return alt(branch(entries), pages if at else None)

        return rules.make(("access", at), body)

    default = seq(lit("  default:"), entry(expressions, None), lit("\n"), alt(after(0), pages))
    return rules.text(seq("" if end else lit("\n"), alt(default, after(0))) or "")


def entry(expressions: Expressions, entity: str | None) -> Said:
    """What stands behind `Dog:`: on one line, or where that would be long, one line for each."""
    rules = expressions.rules

    def who(flow: bool, bare: bool = False) -> Said:
        return expressions.condition(Scope(entity, None, True, flow, bare=bare, own=True), 0)

    def value(flow: bool) -> Said:
        # A condition with a list in it stands in quotes where a comma would end it.
        return alt(who(True), seq(lit('"'), who(False, bare=True), lit('"'))) if flow else who(False)

    fields = [] if entity is None else [*expressions.names.entities[entity].fields]
    if entity and "owner" not in fields:
        fields.append("owner")
    both = rules.make(
        ("both", entity),
        lambda: some_in_order(
            rules, ("both", entity), [seq(lit("read: "), value(True)), seq(lit("write: "), value(True))], ", "
        ),
    )

    def of_field(name: str, flow: bool) -> Said:
        return seq(lit(f"{name}: "), alt(value(flow), seq(lit("{"), both, lit("}"))))

    operations = [*OPERATIONS, "write"]

    def body() -> Said:
        ops = some_in_order(
            rules, ("operations", entity), [seq(lit(f"{name}: "), value(True)) for name in operations], ", "
        )
        field = rules.make(("field", entity), lambda: alt(*(of_field(name, True) for name in fields)))
        named = seq(field, rep(seq(lit(", "), field), 0, 5)) if fields else None
        flow = seq(lit(" {"), alt(seq(ops, opt(lit(", "), named)), named), lit("}"))
        pad = "\n    "
        lines = some_in_order(
            rules, ("lines", entity), [seq(lit(f"{name}: "), value(False)) for name in operations], pad
        )
        below = (
            rep(
                seq(lit(pad), rules.make(("below", entity), lambda: alt(*(of_field(name, False) for name in fields)))),
                0,
                6,
            )
            if fields
            else ""
        )
        return alt(flow, seq(lit(pad), lines, below))

    return rules.make(("entry", entity), body)
