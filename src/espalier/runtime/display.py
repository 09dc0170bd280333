"""What fields, blocks and record pages need to draw for one visit: the look's macros, the addresses of records and files.

`display_of(visit)` gives the one of a visit. How each type of field is drawn is in fields/; what is drawn where is left
to blocks/ and records_pages/.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from espalier.blueprint.field import Field
from espalier.blueprint.names import label, plural, words
from espalier.blueprint.schema import Action

from .access import SYSTEM_FIELDS
from .fields import kind
from .look.environment import icon as draw_icon
from .records.record import Link, Record
from .records.rows import SYSTEM
from .render import environment, shell_of

if TYPE_CHECKING:
    from .visit import Visit


class Display:
    """Draws for one visit. Values that are given back are markup, or text that the template escapes."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.given: dict[str, Any] = {}  # what was posted to a block that is drawn again, by the block's key
        self.actions: dict[tuple[str, int], list[Action]] = {}  # what may be pressed, as far as it was asked already
        self.dialog_drawn = False
        self.dense = False  # in a table of many columns: people without their pictures

    # Macros.

    @cached_property
    def ui(self) -> Any:
        return self._macros("ui.html")

    @cached_property
    def forms(self) -> Any:
        return self._macros("forms.html")

    def _macros(self, template: str) -> Any:
        context = {"visit": self.visit, "app": shell_of(self.visit)}
        return environment().get_template(template).make_module(context)

    # The moment.

    @property
    def now(self) -> datetime:
        return self.visit.records.now

    @property
    def today(self) -> date:
        return self.now.date()

    # Addresses.

    def record_url(self, entity: str, id: int | str, *more: str, **query: Any) -> str:
        """The address of a record, or of something about it: `record_url("Dog", 3, "edit")`."""
        return self.visit.url("/".join(["", self.visit.app.entity_slugs[entity], str(id), *more]), **query)

    def new_url(self, entity: str, **query: Any) -> str:
        """Where a record is made; the query fills in fields."""
        return self.record_url(entity, "new", **query)

    def file_url(self, name: str, width: int | None = None) -> str:
        """The address of an upload; with a width, of a picture made smaller."""
        return self.visit.url(f"/files/{name}", w=width)

    def link(self, to: Link | Record) -> Markup:
        """A record's title, leading to it."""
        return Markup('<a class="link" href="{}">{}</a>').format(self.record_url(to.entity, to.id), to.title)

    def back(self, default: str, entity: str = "") -> str:
        """Where the visitor came from, as far as it is a page of this app. A form says it in `go-next`, which no field can be
        called; in `next` too, unless the entity that the form is about has a field of that name."""
        from .app import safe_next

        given = self.said_next(entity)
        if not given:
            said = urlsplit(self.visit.headers.get("referer", ""))
            if said.netloc and said.netloc == self.visit.headers.get("host", ""):
                given = said.path + (f"?{said.query}" if said.query else "")
        found = safe_next(self.visit, given) if given else default
        return default if found == self.visit.url("/") and given != found else found

    @property
    def back_here(self) -> str:
        """This page, for forms that come back to it; a page cannot be come back to by what it posts."""
        visit = self.visit
        return visit.here if visit.method in ("GET", "HEAD") else visit.url(visit.path)

    def said_next(self, entity: str = "") -> str:
        """What the form or the address says of where to go afterwards, as it stands; see `back`."""
        form, query = self.visit.form, self.visit.query
        given = form.get("go-next") or query.get("go-next", "")
        if not given and not (entity and "next" in self.visit.app.blueprint.entities[entity].fields):
            given = form.get("next") or query.get("next", "")
        return given

    # Fields and values.

    def field(self, entity: str, path: str) -> Field:
        """The field at the end of a path, system fields too. Raises LookupError."""
        at = entity
        names = path.split(".")
        for name in names[:-1]:
            at = self._field(at, name).target
        return self._field(at, names[-1])

    def _field(self, entity: str, name: str) -> Field:
        found = self.visit.app.blueprint.entities[entity].fields.get(name) or SYSTEM.get(name)
        if found is None:
            raise LookupError(name)
        return found

    def show(self, record: Record, path: str, full: bool = False) -> Markup | str:
        """The value at a path of a record, drawn; "" when there is nothing or it may not be seen."""
        found = self.field(record.entity, path)
        value = record.get(path)
        if found.kind == "marks" and path in self.visit.app.blueprint.entities[record.entity].fields:
            return self.mark(record, path)
        return kind(found).show(value, found, self, full)

    def value(self, value: Any, found: Field, full: bool = False) -> Markup | str:
        """Any value of a field, drawn."""
        return kind(found).show(value, found, self, full)

    def label(self, entity: str, path: str) -> str:
        """The heading of a path: `service.price` is `Price`; a path that ends in a title is called by its reference."""
        *hops, name = path.split(".")
        if hops and name in ("name", "title"):
            name = hops[-1]
        return {"id": "Number", "created": "Created", "updated": "Changed", "owner": "By"}.get(name) or label(name)

    def mark(self, record: Record, name: str) -> Markup:
        """The button by which somebody marks a record (like, follow), with its count; only the count for strangers."""
        url = self.record_url(record.entity, record.id, "mark", name)
        count = record.get(name) or 0
        icon = next((icon for said, icon in MARK_ICONS.items() if said in name), "heart")
        if self.visit.visitor.id is None:
            return Markup('<span class="row small muted">{} {}</span>').format(draw_icon(icon), count)
        drawn: Markup = self.ui.mark_button(label(name), url, record.marked(name), count, icon)
        return drawn

    def singular(self, entity: str) -> str:
        """`OrderLine` as `order line`."""
        return words(entity)

    def counted(self, number: int, entity: str) -> str:
        """`1 order line`, `3 order lines`."""
        return f"{number:,} {words(entity) if number == 1 else plural(words(entity))}"

    def plural(self, entity: str) -> str:
        """`OrderLine` as `Order lines`."""
        return label(plural(words(entity)))


MARK_ICONS = {
    "help": "thumbs-up", "useful": "thumbs-up", "agree": "thumbs-up", "upvote": "arrow-up", "vote": "arrow-up",
    "watch": "eye", "seen": "eye", "follow": "bell", "subscri": "bell", "save": "bookmark", "saving": "bookmark", "book": "bookmark",
    "wish": "bookmark", "shortlist": "bookmark", "going": "calendar-check", "attend": "calendar-check", "rsvp": "calendar-check",
    "join": "user-plus", "member": "user-check", "cooked": "chef-hat", "made": "check", "sign": "check", "done": "check",
    "read": "check", "tried": "check", "same": "hand", "me_too": "hand", "volunteer": "hand-heart", "cheer": "party-popper",
    "star": "star", "favourite": "star", "favorite": "star", "like": "heart", "love": "heart", "thank": "heart",
}  # fmt: skip


def display_of(visit: Visit) -> Display:
    """The Display of a visit, made once."""
    found = vars(visit).get("_display")
    if found is None:
        found = vars(visit)["_display"] = Display(visit)
    return found


@dataclass(frozen=True)
class Box:
    """One input to draw: a field, its place in the form, and what stands in it.

    values: texts as a form sends them; a field that holds one has at most one of them. entity: whose field it is. more:
    further attributes of the input. kept: for uploads, the names of files that were sent but not saved yet.
    """

    display: Display
    entity: str
    field: Field
    name: str
    id: str
    values: Sequence[str] = ()
    error: str = ""
    hint: str = ""
    label: str = ""
    required: bool | None = None
    more: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    kept: Sequence[str] = ()
    bare: bool = False  # in a row of a table: the label is there for those who cannot see the head

    @property
    def value(self) -> str:
        return self.values[-1] if self.values else ""

    @property
    def must(self) -> bool:
        return self.field.required if self.required is None else self.required

    @property
    def words(self) -> str:
        return self.label or self.field.label

    def draw(self, macro: str, /, **more: Any) -> Markup:
        """The look's macro of that name with this box's label, hint, error and so on."""
        said = {"hint": self.hint, "error": self.error, "required": self.must, "id": self.id, **self.more, **more}
        if macro != "reference":
            said.pop("options_url", None)
        drawn: Markup = getattr(self.display.forms, macro)(self.name, self.words, **said)
        return drawn


def texts_of(value: Any, found: Field) -> list[str]:
    """A value of a record as texts that fill an input."""
    if value is None or value == []:
        return []
    if found.kind == "reference":
        return [str(one.id if isinstance(one, Link) else one) for one in (value if found.many else [value])]
    if found.many:
        return [kind(found).one_to_text(one) for one in value]
    return [kind(found).to_text(value, found)]


__all__ = ["SYSTEM_FIELDS", "Box", "Display", "display_of", "texts_of"]
