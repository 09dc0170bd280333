"""A small blueprint's names for the tests of expressions: a Vocabulary over a dict, written as field lines."""

from espalier.blueprint.expression import FieldInfo, parse

LINES = {
    "User": {"team": "ref Team"},
    "Team": {"name": "text", "lead": "ref User"},
    "Service": {"name": "text", "price": "money", "minutes": "int", "factor": "number"},
    "Dog": {
        "name": "text", "breed": "text", "birthday": "date", "photo": "image", "friends": "many User",
        "tags": "tags", "likes": "marks", "weight": "number", "done": "bool",
        "age": "int = years(birthday, today)", "heavy": "bool = weight > 20",
        "visits": "int = count(Appointment)", "spent": "money = sum(Appointment.cost)",
        "circle": "int = round_about + 1", "round_about": "int = circle + 1",
    },
    "Appointment": {
        "dog": "ref Dog", "service": "ref Service", "starts": "datetime", "day": "date", "time": "time",
        "status": "choice Booked|Done|Needs repair|On hold", "tools": "choices Brush|Dry comb|Soap", "notes": "long",
        "assignee": "ref User", "number": "int", "deposit": "money", "discount": "percent", "score": "rating",
        "paid": "bool", "cost": "money = service.price * (100 - coalesce(discount, 0)) / 100",
    },
    "Match": {"home": "ref Team", "away": "ref Team", "goals": "int", "played": "date"},
    "Project": {"name": "text", "members": "many User", "budget": "money"},
    "Ticket": {"status": "choice New|Open|Closed", "project": "ref Project", "title": "text", "estimate": "int"},
}  # fmt: skip


def _field(line: str) -> FieldInfo:
    head, _, expression = line.partition(" = ")
    kind, _, rest = head.partition(" ")
    match kind:
        case "ref":
            return FieldInfo("reference", target=rest)
        case "many":
            return FieldInfo("reference", many=True, target=rest)
        case "choice" | "choices":
            return FieldInfo("choice", many=kind == "choices", choices=tuple(rest.split("|")))
    return FieldInfo(kind, computed=parse(expression) if expression else None)


class ExampleVocabulary:
    """The Vocabulary of lines like those above."""

    def __init__(self, lines: dict[str, dict[str, str]], roles: tuple[str, ...] = ()) -> None:
        self.fields = {
            entity: {name: _field(line) for name, line in fields.items()} for entity, fields in lines.items()
        }
        self.roles = roles

    def entities(self) -> list[str]:
        return list(self.fields)

    def field(self, entity: str, name: str) -> FieldInfo | None:
        return self.fields[entity].get(name)

    def field_names(self, entity: str) -> list[str]:
        return list(self.fields[entity])

    def references(self, child: str, parent: str) -> list[str]:
        declared = [name for name, field in self.fields[child].items() if field.target == parent]
        return declared or (["owner"] if parent == "User" else [])


VOCABULARY = ExampleVocabulary(LINES, roles=("client", "groomer"))
CHOICES = frozenset(
    value for fields in VOCABULARY.fields.values() for field in fields.values() for value in field.choices
)
