"""People's words as grammar: the scalars that the printer writes (see printer.py), none that YAML would read as something else.

Every text is bounded, so that nothing runs away.
"""

from __future__ import annotations

from .gbnf import Rules, Said, alt, lit, opt, rep, seq

# What no text holds: control characters, spaces other than the plain one, marks that YAML or Python take for line ends.
_NEVER = "\\x00-\\x20\\x7F-\\xA0\\u2028\\u2029\\uFEFF\\uFFFE\\uFFFF"
_CODE_NEVER = "\\x00-\\x1F\\x7F\\x85\\u2028\\u2029\\uFEFF\\uFFFE\\uFFFF"


class Prose:
    """Texts of several lengths. `but`: signs that a text may not hold where it stands (`|` in a cell)."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def plain(self, longest: int, but: str = "", starts: bool = True) -> Said:
        """A plain scalar in block style. Without starts, it stands behind other words of its line."""

        def letter(more: str = "") -> str:
            return f"[^:{_NEVER}{_class(but + more)}]"

        def body() -> Said:
            unit = alt(letter(), seq('" "', alt(letter("#"), seq('":"', letter()))), seq('":"', letter()))
            return rep(unit, 0, longest - 1)

        rest = self.rules.make(("text", longest, but), body)
        if not starts:
            return seq(letter("#"), rest)
        first = alt(
            letter("-?.!&*|>%@`\"'#,[]{}"),
            seq('"-"', letter("-")),
            seq('"."', letter(".")),
        )
        return seq(self.rules.make(("first", but), lambda: first), rest)

    def quoted(self, longest: int, but: str = "") -> Said:
        """A scalar in quotes: the double ones, or the single ones in which an apostrophe stands twice."""

        def double() -> Said:
            letter = f'[^\\"\\\\{_NEVER}{_class(but)}]'
            return seq(lit('"'), letter, rep(seq('" "?', letter), 0, longest - 1), lit('"'))

        def single() -> Said:
            letter = alt(f"[^'{_NEVER}{_class(but)}]", lit("''"))
            return seq(lit("'"), letter, rep(seq('" "?', letter), 0, longest - 1), lit("'"))

        return alt(
            self.rules.make(("double", longest, but), double),
            self.rules.make(("single", longest, but), single),
        )

    def line(self, longest: int, but: str = "") -> Said:
        """A scalar on one line, plain or in quotes."""
        return self.rules.make(("line", longest, but), lambda: alt(self.plain(longest, but), self.quoted(longest, but)))

    def literal(self, indent: int, lines: int) -> Said:
        """` |` and lines of text or code, each behind this indent; empty lines between them."""

        def body() -> Said:
            pad = lit("\n" + " " * indent)
            more = self.rules.make(("code",), lambda: rep(f"[^{_CODE_NEVER}]", 0, 480))
            first = seq(f"[^ {_CODE_NEVER}]", more)
            later = seq(rep(lit("\n"), 0, 2), pad, f"[^{_CODE_NEVER}]", more)
            return seq('" |"', opt('"-"'), pad, first, rep(later, 0, lines - 1))

        return self.rules.make(("literal", indent, lines), body)

    def paragraph(self, longest: int, indent: int) -> Said:
        """What stands behind `key:` in prose: one line, or a few."""
        return alt(seq('" "', self.line(longest)), self.literal(indent, 8))


def _class(signs: str) -> str:
    """Signs inside a character class."""
    return "".join(f"\\x{ord(sign):02X}" for sign in sorted(set(signs)))
