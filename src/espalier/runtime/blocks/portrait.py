"""A record as it stands on a card: which of its values is the picture, the title, the price, and which are facts beside them.

`Layout` chooses once for a block, from the paths it shows or from the kinds of fields when it names none; `Layout.portrait`
then fills it for each record. Cards, galleries, boards, calendars and timelines draw what it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from espalier.blueprint.field import Field
from espalier.blueprint.names import words as words_of

from ..markdown import plain
from ..records import Record
from .frame import DataFrame, words

# Fields that say something about a record, in the order in which a card without `show` takes them.
SAYING = (
    "choice",
    "money",
    "date",
    "datetime",
    "reference",
    "rating",
    "percent",
    "number",
    "int",
    "location",
    "tags",
    "time",
)
MOST_FACTS = 4
LONGEST_FACT = 34  # longer text is a sentence, which stands below the title
WAITING = frozenset(["due", "deadline", "closes", "ends", "until", "expires", "best_before", "check_due", "return_by"])
# End like a plural and are none.
NO_NOUNS = frozenset(["serves", "status", "costs", "takes", "holds", "lasts"])
PEOPLE = frozenset(
    [
        "person",
        "people",
        "user",
        "member",
        "stylist",
        "trainer",
        "teacher",
        "doctor",
        "therapist",
        "coach",
        "instructor",
        "barber",
        "groomer",
        "guide",
        "speaker",
        "artist",
        "author",
        "musician",
        "player",
        "student",
        "tutor",
        "chef",
        "volunteer",
        "employee",
        "agent",
        "staff",
        "candidate",
        "patient",
        "client",
        "customer",
        "guest",
        "driver",
        "nurse",
        "vet",
        "host",
        "lawyer",
        "attorney",
        "consultant",
        "advisor",
        "broker",
        "photographer",
        "designer",
        "developer",
        "mentor",
        "sitter",
        "walker",
        "contractor",
        "specialist",
        "practitioner",
        "partner",
        "colleague",
        "contact",
        "lead",
        "applicant",
        "dancer",
        "singer",
        "actor",
        "model",
        "athlete",
        "rider",
        "judge",
        "keeper",
        "gardener",
        "baker",
    ]
)


@dataclass
class Portrait:
    """One record, ready to be drawn. `facts` are words or markup; picture is "" when one is drawn for the words."""

    record: Record
    title: str
    url: str
    picture: str = ""
    text: str = ""
    price: str = ""
    chips: list[tuple[str, str | None]] = field(default_factory=list)
    facts: list[Markup | str] = field(default_factory=list)
    colour: str = ""
    rating: tuple[float, int] | None = None
    people: list[str] = field(default_factory=list)
    marks: list[Markup] = field(default_factory=list)
    actions: Markup | str = ""
    pictures: list[str] = field(default_factory=list)
    hint: str = ""

    @property
    def id(self) -> int:
        return self.record.id


class Layout:
    """Which field of an entity plays which part in one block."""

    def __init__(
        self, frame: DataFrame, show: Sequence[str] = (), leave_out: Sequence[str] = (), facts: int = MOST_FACTS
    ) -> None:
        self.frame = frame
        self.entity = frame.entity
        self.leave_out = set(leave_out)
        self.chosen = bool(show)
        self.paths = [str(path) for path in show] or self._paths(facts)
        known = [(path, found) for path in self.paths if (found := frame.field(path)) is not None]
        self.fields: dict[str, Field] = {path: found for path, found in known if not self._hidden(path)}
        self.picture = self._first("image")
        self.colour = self._first("color")
        self.title = self._title()
        self.stand_in = self._stand_in()
        self.sentences: set[str] = set()
        self.is_person = self.entity == "User" or words_of(self.entity).split()[-1] in PEOPLE

    def _hidden(self, path: str) -> bool:
        return "." not in path and path not in ("id", "created", "updated", "owner") and path not in self.frame.readable

    def _first(self, *kinds: str) -> str:
        return next((path for path, found in self.fields.items() if found.kind in kinds), "")

    def _title(self) -> str:
        own = self.frame.spec.title_field
        if own in self.fields:
            return own
        if self.chosen:
            return next(
                (path for path, found in self.fields.items() if found.kind in ("text", "serial") and "." not in path),
                "",
            )
        return ""

    def _stand_in(self) -> str:
        """The reference by whose title a record is called that has no name of its own: an appointment by its service."""
        spec = self.frame.spec
        own = spec.fields.get(spec.title_field)
        named = own is not None and own.kind in ("text", "serial", "email") and own.required
        if named or (self.chosen and self.title and self.fields[self.title].required):
            return ""
        around = self.frame.this.entity if self.frame.this is not None else ""
        known = [
            found
            for name, found in spec.fields.items()
            if found.kind == "reference" and not found.many and not self._hidden(name)
        ]
        known = [found for found in known if found.target != around and (found.required or found.part)]
        known.sort(key=lambda found: (not found.part, found.target == "User"))
        return known[0].name if known else ""

    def see(self, records: Iterable[Record]) -> None:
        """Look at all records of the block first: a line of text that is a sentence in one of them is one in all."""
        for path, found in self.fields.items():
            if (
                found.kind == "text"
                and path != self.title
                and any(len(str(record.get(path) or "")) > LONGEST_FACT for record in records)
            ):
                self.sentences.add(path)

    def _paths(self, most: int) -> list[str]:
        """What a card shows when nobody says it: picture, title, text, and the facts that say most."""
        frame = self.frame
        fields = {name: frame.spec.fields[name] for name in frame.readable if name not in self.leave_out}
        title = frame.spec.title_field
        paths = [name for name, found in fields.items() if found.kind == "image"][:1]
        paths += [name for name, found in fields.items() if found.kind == "color"][:1]
        paths += [title] if title in fields else []
        said = [name for name, found in fields.items() if found.kind in ("text", "long") and name != title]
        paths += [name for name in said if fields[name].kind == "text"][:1] or said[:1]
        facts = sorted(
            (name for name, found in fields.items() if found.kind in SAYING and not found.part and name != title),
            key=lambda name: SAYING.index(fields[name].kind),
        )
        parent = frame.this.entity if frame.this is not None else ""
        facts = [name for name in facts if not (parent and fields[name].target == parent)]
        paths += facts[: max(0, most)]
        return [*paths, *[name for name, found in fields.items() if found.kind == "marks"][:1]]

    @property
    def shown(self) -> list[str]:
        """The paths to ask Records for."""
        return list(dict.fromkeys([*self.fields, *([self.stand_in] if self.stand_in else [])]))

    def portrait(self, record: Record, *, labels: bool = True) -> Portrait:
        """The record as this layout shows it. labels: numbers and dates say what they are."""
        frame, display = self.frame, self.frame.display
        title = words(display, record.get(self.title), self.fields[self.title]) if self.title else ""
        called = str(record.get(self.stand_in) or "") if self.stand_in else ""
        said_below = title if called else ""
        title = called or title
        made = Portrait(record, title or record.title, frame.url(record))
        if self.is_person:
            made.hint = "person"
        for path, found in self.fields.items():
            value = record.get(path)
            if path in (self.title, self.stand_in if called else "") or value is None or value == "" or value == []:
                continue
            self._place(made, record, path, found, value, labels)
        if said_below and not made.text:
            made.text = plain(said_below, 180)
        made.hint = made.hint or hint_of(frame, record, [words for words, _ in made.chips])
        return made

    def _place(self, made: Portrait, record: Record, path: str, found: Field, value: Any, labels: bool) -> None:
        frame, display = self.frame, self.frame.display
        said = words(display, value, found)
        name = display.label(self.entity, path)
        match found.kind:
            case "image":
                if path == self.picture:
                    names = value if isinstance(value, list) else [value]
                    made.picture = frame.picture_of(value)
                    made.pictures = [display.file_url(one, 1600) for one in names if one]
            case "color":
                made.colour = made.colour or str(value)
            case "long":
                made.text = made.text or plain(str(value), 180)
            case "choice":
                for one in value if isinstance(value, list) else [value]:
                    made.chips.append((str(one), None))
            case "money" if not made.price and found.name.split("_")[-1] not in ("cost", "budget"):
                made.price = said
            case "rating":
                most = most_stars(found)
                if most and made.rating is None:
                    made.rating = (round(float(value), 1), most)
                else:
                    made.facts.append(f"{name} {said}")
            case "marks":
                made.marks.append(display.mark(record, path) if "." not in path else Markup("{}").format(said))
            case "bool":
                if value:
                    made.chips.append((name, "danger" if found.name in ("late", "overdue", "low") else "primary"))
            case "reference":
                if found.target == "User":
                    named = [str(one) for one in (value if isinstance(value, list) else [value])]
                    made.people += [one for one in named if one not in made.people]
                else:
                    made.facts.append(said)
            case "date" | "datetime":
                made.facts.append(self._day(found, value, said, name, labels))
            case "int" | "number" | "percent" | "money":
                made.facts.append(counted(said, name, found, value) if labels else said)
            case "url" | "email" | "phone":
                made.facts.append(said)
            case "file" | "json":
                pass
            case _ if (path in self.sentences or len(said) > LONGEST_FACT) and not made.text:
                made.text = plain(said, 180)
            case _:
                made.facts.append(plain(said, 60))

    def _day(self, found: Field, value: Any, said: str, name: str, labels: bool) -> Markup | str:
        shown = f"{name} {said}" if labels else said
        day = value.date() if isinstance(value, datetime) else value
        if isinstance(day, date) and day < self.frame.display.today and found.name in WAITING:
            return Markup('<span class="late">{}</span>').format(shown)
        return shown


def hint_of(frame: DataFrame, record: Record, said: Sequence[str]) -> str:
    """What a picture drawn for the record may be about when its title does not tell: its choices, then its kind."""
    return ", ".join([*said, frame.display.plural(record.entity)])


def counted(said: str, name: str, found: Field, value: Any) -> str:
    """A number with what it counts: `3 bedrooms`, `1 answer`, `Serves 4`, `Margin 45 %`."""
    noun = name.lower()
    if found.kind in ("int", "number") and " " in said:
        return said  # its unit says what it is
    countable = found.kind in ("int", "number") and noun.endswith("s") and not noun.endswith("ss") and " " not in said
    if countable and noun not in NO_NOUNS and "per" not in noun.split():
        single = f"{noun[:-3]}y" if noun.endswith("ies") else noun[:-1]
        return f"{said} {single if value == 1 else noun}"
    return f"{name} {said}"


def most_stars(found: Field) -> int:
    """How many stars a rating has; 0 when they would be too many to draw."""
    from .frame import most_of

    most = int(most_of(found))
    return most if most <= 10 else 0


def drawn_for(layout: Layout, portraits: Sequence[Portrait]) -> bool:
    """Do the records have pictures? Their own, or, without a field for one, drawings when the titles speak of things."""
    if layout.picture:
        return True
    if layout.colour or layout.is_person:
        return layout.is_person and not layout.chosen
    from ..look.objects import thing

    things = [found for one in portraits if (found := thing(one.title))]
    return len(things) * 2 > len(portraits) and len(set(things)) * 2 > len(things) and len(set(things)) > 1
