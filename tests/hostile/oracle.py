"""Who may do what, said a second time in plain Python: no SQL, nothing of the runtime's.

A `World` is a small app: its rules as trees, its records as dicts. `World.text()` writes it as a blueprint; `may` and `sees`
answer from the same trees by walking over the dicts. A test that compares the two finds where the runtime is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Rule = tuple[Any, ...]
Row = dict[str, Any]

ANYONE: Rule = ("anyone",)
SIGNED_IN: Rule = ("user",)
NOBODY: Rule = ("nobody",)
OWN: Rule = ("own",)


@dataclass(frozen=True)
class Person:
    """Who asks. A stranger has no id."""

    id: int | None
    role: str | None

    @property
    def admin(self) -> bool:
        return self.role == "admin"


@dataclass
class Column:
    """One field. target is the entity of a reference; me: nobody types it in, the maker stands in it."""

    type: str
    target: str = ""
    many: bool = False
    required: bool = False
    owner: bool = False
    me: bool = False
    part: bool = False
    choices: tuple[str, ...] = ()
    counts: str = ""  # a computed number: how many records of this entity refer here

    def text(self) -> str:
        if self.counts:
            return f"int = count({self.counts})"
        said = f"[{self.target}]" if self.many else self.target or " | ".join(self.choices) or self.type
        said += "!" if self.required else ""
        said += " owner" if self.owner else ""
        said += " part" if self.part else ""
        said += " = me" if self.me else f" = {self.choices[0]}" if self.choices else ""
        return said

    @property
    def typed_in(self) -> bool:
        return not self.me and not self.counts and self.type not in ("marks", "serial")


@dataclass
class Kind:
    """One entity: its fields, its rules by operation, and those of fields by `read` and `write`."""

    columns: dict[str, Column]
    rules: dict[str, Rule] = field(default_factory=dict)
    of_fields: dict[str, dict[str, Rule]] = field(default_factory=dict)
    actions: dict[str, tuple[Rule | None, str, str]] = field(
        default_factory=dict
    )  # label -> who, state before, state after

    @property
    def owners(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.owner] or ["owner"]

    @property
    def parents(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.part]

    @property
    def title(self) -> str:
        return next(name for name, column in self.columns.items() if column.type == "text")


def spelled(rule: Rule) -> str:
    """The rule as a blueprint has it."""
    match rule:
        case ("role", name) | ("people", name) | ("record", name):
            return str(name)
        case ("is", name, value):
            return f"{name} = {value}"
        case ("not", inner):
            return f"not ({spelled(inner)})"
        case ("and" | "or" as word, *inner):
            return f" {word} ".join(f"({spelled(one)})" for one in inner)
        case (word,):
            return str(word)
    raise ValueError(rule)


@dataclass
class World:
    """An app and its data. records: entity -> id -> values, with `owner` for who made it; people are records of User."""

    roles: tuple[str, ...]
    kinds: dict[str, Kind]
    default: dict[str, Rule]
    records: dict[str, dict[int, Row]]
    pages: str = ""

    # --- what the rules say ---------------------------------------------------------------------------------------

    def holds(self, rule: Rule, entity: str, row: Row, person: Person) -> bool:
        match rule:
            case ("anyone",):
                return True
            case ("user",):
                return person.id is not None
            case ("nobody",):
                return False
            case ("own",):
                return self.own(entity, row, person)
            case ("role", name):
                return person.id is not None and person.role == name
            case ("people", path):
                return person.id is not None and person.id in self.people(entity, row, path)
            case ("record", name):
                target = self.kinds[entity].columns[name].target
                return row[name] is not None and self.may("read", target, self.records[target][row[name]], person)
            case ("is", name, value):
                return bool(row[name] == (None if value == "null" else value))
            case ("not", inner):
                return not self.holds(inner, entity, row, person)
            case ("and", *inner):
                return all(self.holds(one, entity, row, person) for one in inner)
            case ("or", *inner):
                return any(self.holds(one, entity, row, person) for one in inner)
        raise ValueError(rule)

    def people(self, entity: str, row: Row, path: str) -> list[int]:
        """Who stands at the end of a path."""
        first, _, rest = path.partition(".")
        value = row[first]
        if rest:
            target = self.kinds[entity].columns[first].target
            return [] if value is None else self.people(target, self.records[target][value], rest)
        return [] if value is None else value if isinstance(value, list) else [value]

    def own(self, entity: str, row: Row, person: Person) -> bool:
        if person.id is None:
            return False
        if entity == "User":
            return bool(row["id"] == person.id)
        return any(person.id in self.people(entity, row, name) for name in self.kinds[entity].owners)

    def may(self, operation: str, entity: str, row: Row, person: Person) -> bool:
        """The rule of the operation alone; to change or delete one must be able to read as well, see `reaches`."""
        if person.admin:
            return True
        kind = self.kinds[entity]
        rule = kind.rules.get(operation) or (kind.rules.get("write") if operation != "read" else None)
        if rule is not None:
            return self.holds(rule, entity, row, person)
        if entity == "User":
            return operation == "read" and person.id is not None
        if kind.parents:
            for name in kind.parents:
                target = kind.columns[name].target
                if row[name] is None:
                    return False
                above = self.records[target][row[name]]
                if not self.may("read", target, above, person):
                    return False
                if operation != "read" and not self.may("update", target, above, person):
                    return False
            return True
        rule = self.default.get(operation) or (self.default.get("write") if operation != "read" else None)
        if rule is not None:
            return self.holds(rule, entity, row, person)
        return person.id is not None if operation == "read" else self.own(entity, row, person)

    def reads(self, entity: str, id: int | None, person: Person) -> bool:
        return (
            id is not None and id in self.records[entity] and self.may("read", entity, self.records[entity][id], person)
        )

    def reaches(self, operation: str, entity: str, id: int, person: Person) -> bool:
        return self.reads(entity, id, person) and self.may(operation, entity, self.records[entity][id], person)

    def sees(self, entity: str, row: Row, name: str, person: Person) -> bool:
        """May this person see the field of a record that they may read?"""
        if person.admin:
            return True
        rule = self.kinds[entity].of_fields.get(name, {}).get("read")
        if rule is not None:
            return self.holds(rule, entity, row, person)
        if entity == "User" and (name == "email" or (name == "street" and "read" not in self.kinds["User"].rules)):
            return self.own(entity, row, person)
        return True

    def sets(self, entity: str, row: Row, name: str, person: Person) -> bool:
        """May this person set the field of a record that they may write?"""
        column = self.kinds[entity].columns.get(name)
        if column is None or not column.typed_in:
            return False
        if person.admin:
            return True
        rule = self.kinds[entity].of_fields.get(name, {}).get("write")
        if rule is not None:
            return self.holds(rule, entity, row, person)
        return not (entity == "User" and name in ("email", "role"))

    # --- what follows from them -----------------------------------------------------------------------------------

    def value(self, entity: str, row: Row, name: str, person: Person) -> Any:
        """The field as this person is given it; None when it is hidden. References are ids of records they may read."""
        if not self.sees(entity, row, name, person):
            return None
        column = self.kinds[entity].columns[name]
        if column.counts:
            back = next(key for key, one in self.kinds[column.counts].columns.items() if one.target == entity)
            return sum(1 for other in self.records[column.counts].values() if other[back] == row["id"])
        if column.type == "marks":
            return len(row[name])
        if column.target and column.many:
            return [id for id in row[name] if self.reads(column.target, id, person)]
        if column.target:
            return row[name] if self.reads(column.target, row[name], person) else None
        return row[name]

    def readable(self, entity: str, person: Person) -> list[Row]:
        return [row for row in self.records[entity].values() if self.may("read", entity, row, person)]

    def texts(self) -> dict[str, list[tuple[str, int, str]]]:
        """Every marker in the data with where it stands."""
        found: dict[str, list[tuple[str, int, str]]] = {}
        for entity, rows in self.records.items():
            for id, row in rows.items():
                for name, column in self.kinds[entity].columns.items():
                    if isinstance(row.get(name), str) and ("qx" in row[name] or column.type == "file"):
                        found.setdefault(row[name], []).append((entity, id, name))
        return found

    def hidden(self, person: Person) -> set[str]:
        """Every marker that this person must never see."""
        return {
            text
            for text, places in self.texts().items()
            if not any(
                self.reads(entity, id, person) and self.sees(entity, self.records[entity][id], name, person)
                for entity, id, name in places
            )
        }

    # --- the same as a blueprint ----------------------------------------------------------------------------------

    def text(self) -> str:
        lines = ["app: Hostile", f"roles: [{', '.join(self.roles)}]", "data:"]
        for entity, kind in self.kinds.items():
            lines.append(f"  {entity}:")
            lines += [
                f"    {name}: {column.text()}"
                for name, column in kind.columns.items()
                if entity != "User" or name == "street"
            ]
            if kind.actions:
                lines.append("    actions:")
                for label, (who, before, after) in kind.actions.items():
                    said = f" ({spelled(who)})" if who else ""
                    lines.append(f"      {label}{said}: [if status = {before}, status = {after}]")
        lines.append("access:")
        for entity, kind in self.kinds.items():
            entries = [f"{operation}: {spelled(rule)}" for operation, rule in kind.rules.items()]
            for name, said in kind.of_fields.items():
                inner = ", ".join(f"{operation}: {spelled(rule)}" for operation, rule in said.items())
                entries.append(f"{name}: {{{inner}}}")
            if entries:
                lines.append(f"  {entity}: {{{', '.join(entries)}}}")
        if self.default:
            said = ", ".join(f"{operation}: {spelled(rule)}" for operation, rule in self.default.items())
            lines.append(f"  default: {{{said}}}")
        if lines[-1] == "access:":
            lines.pop()
        return "\n".join([*lines, self.pages])
