"""Random apps with random access rules, and what each visitor may do in them, worked out in plain Python.

The oracle shares no code with the runtime: it looks at dicts, record by record. A rule is a small tree (`("or", a, b)`), of
which `said` gives the words for the blueprint and `holds` the truth.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from espalier.blueprint.reader import read
from espalier.runtime.access import AUTHOR, Visitor
from espalier.runtime.records import Records
from espalier.runtime.storage import Database

ROLES = ("client", "agent")
STATES = ("Draft", "Open", "Closed")
NOW = datetime(2026, 11, 22, 10, 0)
OPERATIONS = ("read", "create", "update", "delete")

# entity -> field -> (what is written, kind). The order is that of the references: no rule can lead in a circle.
ENTITIES: dict[str, dict[str, tuple[str, str]]] = {
    "Team": {"name": ("text!", "text"), "members": ("[User]", "people"), "open": ("bool", "bool")},
    "Project": {
        "name": ("text!", "text"),
        "team": ("Team", "ref Team"),
        "keeper": ("User owner", "ref User"),
        "status": ("Draft | Open | Closed = Draft", "choice"),
        "budget": ("int", "int"),
    },
    "Item": {
        "title": ("text!", "text"),
        "project": ("Project", "ref Project"),
        "assignee": ("User", "ref User"),
        "status": ("Draft | Open | Closed = Draft", "choice"),
        "amount": ("int", "int"),
        "secret": ("text", "text"),
        "likes": ("marks", "marks"),
        "doubled": ("int = amount * 2", "computed"),
    },
    "Line": {
        "item": ("Item! part", "ref Item"),
        "label": ("text!", "text"),
        "cost": ("int", "int"),
        "related": ("[Project]", "refs Project"),
    },
}
PART_OF = {"Line": "item"}
OWNERS = {"Team": ["owner"], "Project": ["keeper"], "Item": ["owner"], "Line": ["owner"]}
PEOPLE = {
    "Team": ["members", "owner"],
    "Project": ["keeper", "team.members", "team.owner"],
    "Item": ["assignee", "owner", "project.keeper", "project.team.members"],
    "Line": ["item.assignee", "owner", "item.project.keeper"],
}
RECORDS = {"Team": [], "Project": ["team"], "Item": ["project", "project.team"], "Line": ["item", "item.project"]}
HIDEABLE = {
    "Team": ["open", "members"],
    "Project": ["name", "budget", "team", "status"],
    "Item": ["title", "amount", "secret", "project", "assignee", "likes"],
    "Line": ["cost", "related"],
}

Rule = tuple[Any, ...]


def random_rule(chance: random.Random, entity: str, depth: int = 0) -> Rule:
    kinds = ["word", "word", "role", "role", "own", "own", "person", "state"]
    if RECORDS[entity]:
        kinds.append("record")
    if depth < 2:
        kinds += ["or", "or", "and", "not"]
    match chance.choice(kinds):
        case "word":
            return (chance.choice(["anyone", "user", "user", "nobody"]),)
        case "role":
            return ("role", chance.choice(ROLES))
        case "own":
            return ("own",)
        case "person":
            return ("person", chance.choice(PEOPLE[entity]))
        case "record":
            return ("record", chance.choice(RECORDS[entity]))
        case "state":
            return random_state(chance, entity)
        case "not":
            return ("not", random_rule(chance, entity, depth + 1))
        case word:
            return (word, random_rule(chance, entity, depth + 1), random_rule(chance, entity, depth + 1))


def random_state(chance: random.Random, entity: str) -> Rule:
    sign = chance.choice(["=", "!="])
    match entity:
        case "Team":
            return ("compare", "open", sign, True)
        case "Line":
            return ("compare", chance.choice(["item.status", "item.project.status"]), sign, chance.choice(STATES))
        case "Item":
            return ("compare", chance.choice(["status", "project.status"]), sign, chance.choice(STATES))
    return ("compare", "status", sign, chance.choice(STATES))


def said(rule: Rule) -> str:
    match rule:
        case ("role", role):
            return role
        case ("person", path) | ("record", path):
            return path
        case ("compare", path, sign, value):
            return f"{path} {sign} {'true' if value is True else value}"
        case ("not", inner):
            return f"not ({said(inner)})"
        case ("and" | "or" as word, left, right):
            return f"({said(left)}) {word} ({said(right)})"
    return rule[0]


@dataclass
class World:
    """One random app with its data, and the oracle's view of it."""

    seed: int
    access: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    visitors: list[Visitor] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = self.chance = random.Random(self.seed)
        for entity in ENTITIES:
            if chance.random() < 0.15:
                continue  # the default
            entry: dict[str, Any] = {}
            for word in (*OPERATIONS, "write"):
                if chance.random() < {"read": 0.85, "write": 0.6}.get(word, 0.4):
                    entry[word] = random_rule(chance, entity)
            for name in HIDEABLE[entity]:
                if chance.random() < 0.4:
                    parts = chance.choice([("read",), ("write",), ("read", "write")])
                    if name == "likes":
                        parts = ("write",)
                    entry[name] = {part: random_rule(chance, entity) for part in parts}
            if entry:
                self.access[entity] = entry
        self.default: dict[str, Rule] = {}
        if chance.random() < 0.4:
            self.default = {
                "read": chance.choice([("anyone",), ("own",), ("role", "agent")]),
                "write": ("role", "agent"),
            }
        self.blueprint = read(self.text)
        self.database = Database.open(None, self.blueprint)
        self._fill()

    @cached_property
    def text(self) -> str:
        lines = ["app: World", f"roles: [{', '.join(ROLES)}]", "data:"]
        for entity, fields in ENTITIES.items():
            lines.append(f"  {entity}:")
            lines += [f"    {name}: {written}" for name, (written, _) in fields.items()]
        lines.append("access:")
        if self.default:
            lines.append(
                "  default: {" + ", ".join(f"{word}: {said(rule)}" for word, rule in self.default.items()) + "}"
            )
        for entity, entry in self.access.items():
            parts = [
                f"{word}: {said(rule)}"
                if isinstance(rule, tuple)
                else f"{word}: {{" + ", ".join(f"{part}: {said(one)}" for part, one in rule.items()) + "}"
                for word, rule in entry.items()
            ]
            lines.append(f"  {entity}: {{{', '.join(parts)}}}")
        if lines[-1] == "access:":
            lines.pop()
        lines += [
            "pages:",
            "  Numbers:",
            "    - stats:",
            "        Items: count(Item)",
            "        Amounts: sum(Item.amount)",
            "        Many: count(Item where amount > 5)",
            "        Few: count(Item where not amount > 5)",
            "        Budgets: sum(Item.project.budget)",
            "        Team: count(Item where project.team.open)",
            "        Doubled: sum(Item.doubled)",
            "        Costs: sum(Line.cost where item.status = Open)",
            "        Mine: count(Item where assignee = me)",
            "    - table: Item",
            "      where: amount > 5",
            "    - table: Line",
            "      where: item.project.budget > 5",
            "    - chart: bar Item by status",
            "    - chart: bar sum(Item.amount) by project",
            "    - chart: bar Line by item.project.status",
        ]
        return "\n".join(lines) + "\n"

    def now(self) -> datetime:
        return NOW

    # --- data ---------------------------------------------------------------------------------------------------------

    def records(self, visitor: Visitor) -> Records:
        made = Records(self, visitor)
        made.quiet = True
        return made

    def _fill(self) -> None:
        chance, author = self.chance, self.records(AUTHOR)
        people = [("Root", "admin"), ("Ann", "client"), ("Bob", "client"), ("Cat", "agent"), ("Dan", "user")]
        self.rows["User"] = {}
        for name, role in people:
            email = f"{name.lower()}@example.com"
            id = author.put("User", {"name": name, "email": email, "role": role}, owner=None)
            self.rows["User"][id] = {"id": id, "name": name, "role": role, "email": email}
            self.visitors.append(Visitor(id, name, email, role))
        self.visitors.append(Visitor())
        self.people = list(self.rows["User"])
        for entity in ENTITIES:
            self.rows[entity] = {}
            for number in range(5 if entity != "Line" else 7):
                values = self.random_values(entity, f"{entity.lower()}{number}")
                owner = chance.choice([*self.people, None])
                id = author.put(entity, values, owner=owner)
                self.rows[entity][id] = {"id": id, "owner": owner, **values}
        with self.database.write() as connection:
            link = self.database.tables.link("Item", "likes")
            for id in self.rows["Item"]:
                self.rows["Item"][id]["likes"] = set(chance.sample(self.people, chance.randint(0, 3)))
                for person in self.rows["Item"][id]["likes"]:
                    connection.execute(link.insert().values(record=id, target=person, position=0, created=NOW))

    def random_values(self, entity: str, word: str) -> dict[str, Any]:
        chance = self.chance
        values: dict[str, Any] = {}
        for name, (written, kind) in ENTITIES[entity].items():
            match kind.split():
                case ["text"]:
                    values[name] = f"{word} {name}{chance.randint(0, 3)}"
                case ["int"]:
                    values[name] = chance.choice([None, *range(10)])
                case ["bool"]:
                    values[name] = chance.random() < 0.5
                case ["choice"]:
                    values[name] = chance.choice(STATES)
                case ["people"]:
                    values[name] = chance.sample(self.people, chance.randint(0, 3))
                case ["refs", target]:
                    values[name] = chance.sample(list(self.rows[target]), chance.randint(0, 3))
                case ["ref", target]:
                    ids = list(self.rows[target])
                    values[name] = chance.choice(ids if "!" in written else [*ids, None])
        return values

    # --- the oracle ---------------------------------------------------------------------------------------------------

    def follow(self, entity: str, row: dict[str, Any], path: str) -> tuple[str, Any]:
        """The value at a path, and the entity it stands in; nothing beyond an empty reference."""
        first, _, rest = path.partition(".")
        value = row.get(first)
        if not rest:
            return entity, value
        target = self.target(entity, first)
        return self.follow(target, self.rows[target][value], rest) if value is not None else (target, None)

    def target(self, entity: str, name: str) -> str:
        return "User" if name == "owner" else ENTITIES[entity][name][1].split()[-1]

    def holds(self, rule: Rule, entity: str, row: dict[str, Any], visitor: Visitor) -> bool:
        match rule:
            case ("anyone",):
                return True
            case ("user",):
                return visitor.id is not None
            case ("nobody",):
                return False
            case ("own",):
                return visitor.id is not None and any(row.get(name) == visitor.id for name in OWNERS[entity])
            case ("role", role):
                return visitor.role == role
            case ("person", path):
                value = self.follow(entity, row, path)[1]
                there = value if isinstance(value, list | set) else [value]
                return visitor.id is not None and visitor.id in there
            case ("record", path):
                *hops, last = path.split(".")
                for hop in hops:
                    if row.get(hop) is None:
                        return False
                    target = self.target(entity, hop)
                    entity, row = target, self.rows[target][row[hop]]
                target = self.target(entity, last)
                return row.get(last) is not None and self.may("read", target, self.rows[target][row[last]], visitor)
            case ("compare", path, sign, wanted):
                value = self.follow(entity, row, path)[1]
                return value == wanted if sign == "=" else value != wanted
            case ("not", inner):
                return not self.holds(inner, entity, row, visitor)
            case ("and", left, right):
                return self.holds(left, entity, row, visitor) and self.holds(right, entity, row, visitor)
            case ("or", left, right):
                return self.holds(left, entity, row, visitor) or self.holds(right, entity, row, visitor)
        raise AssertionError(rule)

    def may(self, operation: str, entity: str, row: dict[str, Any], visitor: Visitor) -> bool:
        if visitor.role == "admin":
            return True
        if entity == "User":
            return operation == "read" and visitor.id is not None
        entry = self.access.get(entity, {})
        rule = entry.get(operation) or (entry.get("write") if operation != "read" else None)
        if rule is None and entity in PART_OF:
            parent_entity = self.target(entity, PART_OF[entity])
            parent = self.rows[parent_entity][row[PART_OF[entity]]]
            if operation == "read":
                return self.may("read", parent_entity, parent, visitor)
            return self.may("read", parent_entity, parent, visitor) and self.may(
                "update", parent_entity, parent, visitor
            )
        if rule is None:
            rule = self.default.get(operation) or (self.default.get("write") if operation != "read" else None)
        if rule is None:
            rule = ("user",) if operation == "read" else ("own",)
        return self.holds(rule, entity, row, visitor)

    def may_field(self, part: str, entity: str, name: str, row: dict[str, Any], visitor: Visitor) -> bool:
        if visitor.role == "admin":
            return True
        if entity == "User":
            return part == "read" and (name != "email" or row["id"] == visitor.id)
        rule = self.access.get(entity, {}).get(name, {}).get(part)
        return rule is None or self.holds(rule, entity, row, visitor)

    def readable(self, entity: str, visitor: Visitor) -> list[int]:
        return [id for id, row in self.rows[entity].items() if self.may("read", entity, row, visitor)]

    def seen(self, entity: str, row: dict[str, Any], path: str, visitor: Visitor) -> Any:
        """The value at a path as the visitor sees it: None when anything on the way is hidden from them."""
        first, _, rest = path.partition(".")
        if not self.may_field("read", entity, first, row, visitor):
            return None
        value = row["amount"] * 2 if first == "doubled" and row["amount"] is not None else row.get(first)
        kind = "ref User" if first == "owner" else ENTITIES[entity][first][1] if entity in ENTITIES else "text"
        if kind == "marks":
            return len(value)
        if kind == "people" or kind.startswith("refs"):
            target = kind.split()[-1] if kind != "people" else "User"
            return [id for id in value if self.may("read", target, self.rows[target][id], visitor)]
        if kind.startswith("ref"):
            target = kind.split()[1]
            if value is None or not self.may("read", target, self.rows[target][value], visitor):
                return None
            return self.seen(target, self.rows[target][value], rest, visitor) if rest else value
        return value

    def shown(self, entity: str, row: dict[str, Any], path: str, visitor: Visitor) -> bool:
        """May the visitor see the value at the path (be it empty)?"""
        *hops, last = path.split(".")
        for hop in hops:
            target = self.target(entity, hop)
            if not self.may_field("read", entity, hop, row, visitor) or row.get(hop) is None:
                return False
            row, entity = self.rows[target][row[hop]], target
            if not self.may("read", entity, row, visitor):
                return False
        return self.may_field("read", entity, last, row, visitor)
