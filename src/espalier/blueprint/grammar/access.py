"""Access as grammar: for each entity, in the order of data and at most once, who may do what."""

from __future__ import annotations

from ..schema import OPERATIONS
from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lit, opt, rep, seq, some_in_order, words
from .pages import new_page
from .paths import Scope
from .written import Written

PAD = "\n    "
MOST_FIELDS = 12


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


def entry(expressions: Expressions, entity: str | None, nothing: bool = False) -> Said:
    """What stands behind `Dog:`, on one line, or where that would be long, one line for each.

    entity: None for the default. nothing: what is said may be taken away with `null`, as in a patch.
    """
    rules = expressions.rules
    gone = lit("null") if nothing else None

    def who(flow: bool) -> Said:
        """In flow, a condition with a list in it stands in quotes, where a comma would end it."""
        plain = expressions.condition(Scope(entity, None, True, flow, own=True), 0)
        if not flow:
            return alt(plain, gone)
        quoted = expressions.condition(Scope(entity, None, True, bare=True, own=True), 0)
        return alt(plain, seq(lit('"'), quoted, lit('"')), gone)

    both = rules.make(("both", entity), lambda: some_in_order(
        rules, ("both", entity), [seq(lit(f"{name}: "), who(True)) for name in ("read", "write")], ", ",
    ))  # fmt: skip

    def operations(flow: bool, between: str) -> Said:
        entries = [seq(lit(f"{name}: "), who(flow)) for name in (*OPERATIONS, "write")]
        return some_in_order(rules, ("operations", entity, flow), entries, between)

    def fields(flow: bool, between: str) -> Said:
        """Any number of fields, in any order."""
        if entity is None:
            return None
        own = [*expressions.names.entities[entity].fields]
        names = words(own if "owner" in own else [*own, "owner"])
        field = seq(names, lit(": "), alt(who(flow), seq(lit("{"), both, lit("}"))))
        one = rules.make(("field", entity, flow), lambda: field)
        return seq(one, rep(seq(lit(between), one), 0, MOST_FIELDS - 1))

    def body() -> Said:
        said: list[Said] = []
        for flow, start, between, end in ((True, " {", ", ", "}"), (False, PAD, PAD, "")):
            named = fields(flow, between)
            inside = alt(seq(operations(flow, between), opt(lit(between), named)), named)
            if nothing:  # what is taken away stands first
                known = words([*OPERATIONS, "write", *(expressions.names.entities[entity].fields if entity else ())])
                inside = seq(rep(seq(known, lit(f": null{between}")), 0, 3), inside)
            said.append(seq(lit(start), inside, lit(end) if end else ""))
        return alt(*said)

    return rules.make(("entry", entity), body)
