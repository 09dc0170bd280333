"""Where an expression stands, and the paths that lead from there to fields."""

from __future__ import annotations

from dataclasses import dataclass

from .gbnf import Rules, Said, alt, branch, lit, seq, words
from .kinds import Kind, is_followed
from .written import Names


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: see expression.Scope for entity, this and access.

    flow: in a YAML list or map on one line, where commas, brackets and quotes mean something else. bare: in double quotes,
    so that it may hold none. constant: it may name no field (a default). sums: it may count and add up records; later: also
    those of entities that are still to be declared. own: a record is meant, but of no certain entity (the default of access). key: in a key, where choices of
    several words are not known.
    """

    entity: str | None = None
    this: str | None = None
    access: bool = False
    flow: bool = False
    bare: bool = False
    constant: bool = False
    sums: bool = False
    later: bool = False
    own: bool = False
    key: bool = False


class Paths:
    """The paths of one grammar."""

    def __init__(self, rules: Rules, names: Names) -> None:
        self.rules = rules
        self.names = names

    def path(self, kind: Kind, entity: str | None, hops: int = 1) -> Said:
        """Paths from a record of the entity to fields of a kind, through so many references at most."""
        if entity is None or entity not in self.names.entities:
            return None

        def body() -> Said:
            options: list[tuple[str, Said]] = []
            for name, field in self.names.fields(entity).items():
                if kind(field):
                    options.append((name, ""))
                if hops and is_followed(field):
                    options.append((f"{name}.", self.path(kind, field.target, hops - 1)))
            return branch(options)

        return self.rules.make(("path", kind, entity, hops), body)

    def own(self, kind: Kind, entity: str | None) -> Said:
        """The entity's own fields of a kind, without those that every record has."""
        if entity is None or entity not in self.names.entities:
            return None
        fields = self.names.entities[entity].fields.items()
        return self.rules.make(("own", kind, entity), lambda: words(name for name, field in fields if kind(field)))

    def paths(self, kind: Kind, scope: Scope) -> Said:
        """Paths from the record at hand, from `this` and from `me`."""
        if scope.constant:
            return None
        return alt(
            self.path(kind, scope.entity, 2),
            seq(lit("this."), self.path(kind, scope.this, 1)) if scope.this else None,
            seq(lit("me."), self.path(kind, "User", 1)) if not scope.flow else None,
        )
