"""Small apps made by a seed: the same entities with other rules, owners and data every time."""

from __future__ import annotations

from random import Random

from .oracle import ANYONE, NOBODY, OWN, SIGNED_IN, Column, Kind, Person, Row, Rule, World

ROLES = ("client", "agent")
STATES = ("Open", "Done", "Closed")
# Two of each role and one admin; 0 is nobody.
PEOPLE = {1: "admin", 2: "client", 3: "client", 4: "agent", 5: "agent"}
PAGES = """\
pages:
  Home:
    - hero: Welcome
    - stats:
        Open now: count(Ticket where status = Open)
        Amount in all: sum(Ticket.amount)
        Notes in all: count(Note)
        Known secrets: count(Ticket where secret != null)
        Of the team: count(Ticket where team.motto != null)
  Tables:
    - table: Ticket
      show: [title, secret, team, team.motto, assignee, assignee.email, assignee.street, status, amount, watchers, likes, score]
      filter: [status, team, assignee, secret, team.motto, watchers]
      sort: -amount
      edit: [secret, status, amount]
      total: [amount]
    - table: Note
    - table: Log
      filter: [ticket, level]
    - table: Letter
    - table: Team
    - table: User
  Cards:
    - cards: Ticket
      show: [title, body, secret, team.motto, assignee, amount]
      filter: [status, secret]
    - list: Ticket
      show: [title, secret, team, assignee.name]
      filter: [status, team, secret]
    - gallery: Ticket
      show: [title, secret]
    - feed: Ticket
    - feed: Log
  Boards:
    - board: Ticket by status
      show: [title, secret, team.motto, assignee]
    - board: Ticket by team
  Days:
    - calendar: Ticket by day
      show: [title, secret]
    - timeline: Ticket by day
      show: [title, secret, body]
  Find:
    - search: [Ticket, Note, Log, Letter, Team]
  Charts:
    - chart: bar Ticket by status
    - chart: bar sum(Ticket.amount) by team
    - chart: bar Ticket by secret
    - chart: donut Ticket by assignee
    - chart: bar Ticket by team.motto
    - leaderboard: Ticket by amount
      show: [title, secret]
    - progress: Ticket by amount
      target: 900000
  Forms:
    - form: Ticket
    - form: Note
    - form: Log
      set: [level = High]
    - form: Letter
  Each Ticket:
    - detail: Ticket
    - table: Note
      edit: [words]
    - list: Log
    - form: Note
    - form: Log
"""


def world(seed: int) -> World:
    """An app with its data. Every text in it is a marker that stands nowhere else."""
    chance = Random(seed)
    ticket = Kind(
        {
            "title": Column("text", required=True),
            "body": Column("long"),
            "secret": Column("text"),
            "team": Column("reference", "Team"),
            "assignee": Column("reference", "User"),
            "watchers": Column("reference", "User", many=True),
            "status": Column("choice", choices=STATES),
            "amount": Column("int"),
            "day": Column("date"),
            "likes": Column("marks"),
            "paper": Column("file"),
            "score": Column("int", counts="Note"),
        }
    )
    owning = chance.choice(("", "author", "client", "both"))
    if owning in ("author", "both"):
        ticket.columns["author"] = Column("reference", "User", owner=True, me=True, required=chance.random() < 0.5)
    if owning in ("client", "both"):
        ticket.columns["customer"] = Column("reference", "User", owner=True)
    note = Kind(
        {
            "ticket": Column("reference", "Ticket", required=True, part=True),
            "words": Column("text", required=True),
            "inner": Column("text"),
        }
    )
    log = Kind(
        {
            "line": Column("text", required=True),
            "ticket": Column("reference", "Ticket"),
            "level": Column("choice", choices=("Low", "High")),
        }
    )
    letter = Kind(
        {
            "subject": Column("text", required=True),
            "to": Column("reference", "User"),
            "team": Column("reference", "Team"),
        }
    )
    team = Kind(
        {
            "name": Column("text", required=True),
            "motto": Column("text"),
            "members": Column("reference", "User", many=True),
            "lead": Column("reference", "User"),
        }
    )
    user = Kind({name: Column("text") for name in ("name", "email", "street")})
    user.columns["email"] = Column("email")

    basic: list[Rule] = [ANYONE, SIGNED_IN, NOBODY, OWN, OWN, ("role", "agent"), ("role", "client")]
    of_team = [*basic, ("people", "members"), ("people", "lead")]
    of_ticket = [
        *basic, ("people", "assignee"), ("people", "watchers"), ("people", "team.members"), ("people", "team.lead"),
        ("record", "team"), ("is", "status", "Open"), ("is", "status", "Closed"), ("is", "secret", "null"),
    ]  # fmt: skip

    def rule(simple: list[Rule], deep: int = 2) -> Rule:
        kind_of = chance.random()
        if deep == 0 or kind_of < 0.45:
            return chance.choice(simple)
        if kind_of < 0.6:
            return ("and", rule(simple, deep - 1), rule(simple, deep - 1))
        if kind_of < 0.92:
            return ("or", rule(simple, deep - 1), rule(simple, deep - 1))
        return ("not", rule(simple, 0))

    def entry(kind: Kind, simple: list[Rule], said: float, fields: tuple[str, ...]) -> None:
        for operation in ("read", "create", "update", "delete"):
            if chance.random() < said:
                kind.rules[operation] = rule(simple)
        if chance.random() < 0.3:
            kind.rules.setdefault("write", rule(simple))
        for name in fields:
            if chance.random() < 0.5:
                kind.of_fields[name] = {
                    operation: rule(simple, 1)
                    for operation in chance.choice((("read",), ("write",), ("read", "write")))
                }

    entry(team, of_team, 0.8, ("motto", "lead"))
    entry(ticket, of_ticket, 0.9, ("secret", "amount", "assignee", "status", "team", "likes", "paper", "day"))
    entry(note, [*basic, ("record", "ticket")], 0.25, ("inner",))
    entry(log, [*basic, ("record", "ticket"), ("people", "ticket.assignee")], 0.5, ("ticket",))
    if chance.random() < 0.5:
        entry(letter, [*basic, ("people", "to"), ("record", "team")], 0.5, ("to",))
    if chance.random() < 0.4:
        user.rules["read"] = chance.choice((ANYONE, ("role", "agent"), ("or", OWN, ("role", "agent"))))
    if chance.random() < 0.3:
        user.of_fields["email"] = {"read": ("role", "agent")}
    if chance.random() < 0.3:
        user.of_fields["street"] = {"read": ("or", OWN, ("role", "client"))}
    default = {}
    if chance.random() < 0.5:
        default = {
            operation: rule(basic, 1)
            for operation in chance.choice((("read",), ("read", "write"), ("create", "update")))
        }
    ticket.actions = {
        "Finish": (chance.choice((None, ("role", "agent"), ("people", "assignee"), OWN)), "Open", "Done"),
        "Reopen": (chance.choice((None, SIGNED_IN, ANYONE)), "Done", "Open"),
    }

    kinds = {"Team": team, "Ticket": ticket, "Note": note, "Log": log, "Letter": letter, "User": user}
    made = World(ROLES, kinds, default, {}, PAGES)
    made.records = _records(made, chance)
    return made


def _records(world: World, chance: Random) -> dict[str, dict[int, Row]]:
    people = list(PEOPLE)

    def someone(of: list[int] = people) -> int | None:
        return chance.choice([*of, None])

    def some() -> list[int]:
        return chance.sample(people, chance.randint(0, 3))

    found: dict[str, dict[int, Row]] = {name: {} for name in world.kinds}
    for id, role in PEOPLE.items():
        found["User"][id] = {
            "id": id, "name": f"qxuser{id}namexq", "email": f"qxuser{id}mailxq@example.com", "street": f"qxuser{id}streetxq", "role": role,
        }  # fmt: skip
    sizes = {"Team": 3, "Ticket": 7, "Note": 8, "Log": 5, "Letter": 4}
    for entity, size in sizes.items():
        for id in range(1, size + 1):
            row: Row = {"id": id, "owner": someone()}
            for name, column in world.kinds[entity].columns.items():
                if column.type in ("text", "long"):
                    row[name] = (
                        None if not column.required and chance.random() < 0.15 else f"qx{entity.lower()}{id}{name}xq"
                    )
                elif column.choices:
                    row[name] = chance.choice(column.choices)
                elif column.type == "int" and not column.counts:
                    row[name] = chance.choice([None, chance.randint(100_000, 899_999)])
                elif column.type == "date":
                    row[name] = f"2026-11-{chance.randint(10, 28)}"
                elif column.type == "marks":
                    row[name] = some()
                elif column.type == "file":
                    row[name] = f"{seeded(chance)}" if chance.random() < 0.7 else None
                elif column.target == "User":
                    row[name] = some() if column.many else (someone() if not column.required else chance.choice(people))
                elif column.target:
                    ids = list(found[column.target])
                    row[name] = chance.choice(ids) if column.required else someone(ids)
            if "author" in row:
                row["owner"] = row["author"]
            found[entity][id] = row
    return found


def seeded(chance: Random) -> str:
    """A file's name as the runtime makes them."""
    return "".join(chance.choice("0123456789abcdef") for _ in range(32))


def everybody() -> list[Person]:
    """A stranger, both of each role, and the admin."""
    return [Person(None, None), *(Person(id, role) for id, role in PEOPLE.items())]
