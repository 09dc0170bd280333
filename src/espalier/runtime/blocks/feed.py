"""Records as posts, newest first: who, when, words, pictures, marks, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from espalier.blueprint.blocks.base import Sort
from espalier.blueprint.field import Field

from ..forms import RecordForm
from ..markdown import safe_html
from ..records.record import Found, Link, Record
from ..render import fragment
from .actions import buttons, dialog, look_ahead
from .frame import DataFrame, ties

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

POSTS = 10
MOST_COMMENTS = 200
WORDS = ("long", "text")


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The feed as markup."""
    return fragment(visit, "blocks/feed.html", feed=Feed(block, visit, page, this))


@dataclass(frozen=True)
class Answers:
    """The kind of record that answers a post: its entity, the reference to the post, and the field with the words."""

    entity: str
    by: str
    words: str


class Feed(DataFrame):
    """What the template draws."""

    def __init__(self, block: Any, visit: Visit, page: Page, this: Record | None = None) -> None:
        super().__init__(block, visit, page, this)
        self.size = min(block.limit or POSTS, 50)

    @cached_property
    def author(self) -> str:
        """The field that says who wrote it."""
        return next((name for name, field in self.spec.fields.items() if field.is_owner), "owner")

    @cached_property
    def moment(self) -> str:
        """When it was written: the field that says so, else when it was made."""
        fields = self.spec.fields.items()
        said = [
            name
            for name, field in fields
            if field.kind == "datetime" and field.default is not None and name in self.readable
        ]
        return said[0] if said else "created"

    @cached_property
    def paths(self) -> list[str]:
        if self.block.show:
            return self.columns()
        return [name for name in self.readable if self.spec.fields[name].kind not in ("json", "file")]

    @cached_property
    def found(self) -> Found:
        if not self.block.sort and not self.sort_given:
            self.sort = [Sort("created", True)]
        show = list(dict.fromkeys([*self.paths, self.author, "created", self.moment]))
        return self.ask(show, limit=self.size, offset=(self.page_number - 1) * self.size, may=("update", "delete"))

    @property
    def last(self) -> int:
        return max(1, -(-(self.found.total or 0) // self.size))

    def kind(self, path: str) -> str:
        return self.display.field(self.entity, path).kind

    @property
    def items(self) -> list[dict[str, Any]]:
        answers = self._answers_to([record.id for record in self.found])
        look_ahead(self.visit, [*self.found, *(one for some in answers.values() for one in some)])
        return [self._item(record, answers.get(record.id, [])) for record in self.found]

    def _item(self, record: Record, answers: list[Record]) -> dict[str, Any]:
        who = record.get(self.author)
        words = self.words_field
        shown = set(self.paths)
        title = record.title if self.spec.title_field in shown and self.spec.title_field != words else ""
        chip = next(
            (
                record.get(path)
                for path in self.paths
                if self.kind(path) == "choice" and isinstance(record.get(path), str)
            ),
            "",
        )
        pictures = [name for path in self.paths if self.kind(path) == "image" for name in self._names(record.get(path))]
        marks = [self.display.show(record, path) for path in self.paths if self.kind(path) == "marks"]
        tied = set(ties(self.visit.app.blueprint, self.entity, self.this.entity)) if self.this is not None else set()
        said = {words, self.author, self.spec.title_field, "created", self.moment, *tied}
        facts = [fact for path in self.paths if path not in said and (fact := self._fact(record, path))]
        return {
            "record": record,
            "url": self.display.record_url(self.entity, record.id),
            "person": who.title if isinstance(who, Link) else "Somebody",
            "person_url": self.display.record_url("User", who.id) if isinstance(who, Link) else "",
            "time": self.display.value(record.get(self.moment), self.display.field(self.entity, self.moment)),
            "title": title,
            "chip": chip,
            "text": safe_html(record.get(words) or "") if words else "",
            "pictures": [(self.display.file_url(name), self.display.file_url(name, 960)) for name in pictures],
            "facts": facts,
            "marks": marks,
            "buttons": buttons(self.visit, record, most=1),
            "answers": [self._answer(one) for one in answers],
            "form": self._answer_form(record),
        }

    def _fact(self, record: Record, path: str) -> Markup | None:
        kind, label = self.kind(path), self.display.label(self.entity, path)
        if kind in ("image", "marks", "choice", "long") or not record.get(path):
            return None
        if kind == "bool":
            return Markup("{}").format(label)
        return Markup("{} {}").format(label, self.display.show(record, path))

    @staticmethod
    def _names(value: Any) -> list[str]:
        return value if isinstance(value, list) else [value] if value else []

    @cached_property
    def words_field(self) -> str:
        for kind in WORDS:
            for path in self.paths:
                if self.kind(path) == kind and "." not in path and (kind == "long" or path != self.spec.title_field):
                    return path
        title = self.spec.title_field
        return title if title in self.paths and self.spec.fields[title].kind == "text" else ""

    # Answers.

    @cached_property
    def answers(self) -> Answers | None:
        """What answers a post; None when there is nothing, or the page shows it in a block of its own."""
        blueprint = self.visit.app.blueprint
        elsewhere = {
            block.source.entity for block in self.page.blocks if hasattr(block, "source") and block is not self.block
        }
        found: list[tuple[int, Answers]] = []
        for entity, by in blueprint.meaning.children(self.entity):
            spec = blueprint.entities[entity]
            readable = self.records.readable_fields(entity)
            words = next(
                (name for kind in WORDS for name, one in spec.fields.items() if one.kind == kind and name in readable),
                "",
            )
            if entity in ("User", self.entity, *elsewhere) or by.many or not words or by.name not in readable:
                continue
            spoken = any(one.is_owner for one in spec.fields.values())
            others = [
                one
                for one in spec.fields.values()
                if one.typed_in and one.name not in (by.name, words) and not one.is_owner
            ]
            if spoken or (len(others) <= 1 and spec.fields[words].kind == "long"):
                found.append((4 * by.part + 2 * spoken + (len(others) <= 1), Answers(entity, by.name, words)))
        return max(found, key=lambda one: one[0])[1] if found else None

    def _answers_to(self, ids: list[int]) -> dict[int, list[Record]]:
        kind = self.answers
        if kind is None or not ids:
            return {}
        found: dict[int, list[Record]] = {id: [] for id in ids}
        records = self.visit.records
        author = self._author_of(kind.entity)
        show = list(dict.fromkeys([kind.by, kind.words, author, "created"]))
        rows = records.query(
            kind.entity, filters={kind.by: [str(id) for id in ids]}, show=show, sort=[Sort("created")], limit=MOST_COMMENTS, count=False,
            may=("update", "delete"),
        )  # fmt: skip
        for row in rows:
            to = row.get(kind.by)
            if isinstance(to, Link) and to.id in found:
                found[to.id].append(row)
        return found

    def _author_of(self, entity: str) -> str:
        return next(
            (name for name, field in self.visit.app.blueprint.entities[entity].fields.items() if field.is_owner),
            "owner",
        )

    def _answer(self, record: Record) -> dict[str, Any]:
        assert self.answers is not None
        who = record.get(self._author_of(record.entity))
        words = record.get(self.answers.words) or ""
        return {
            "person": who.title if isinstance(who, Link) else "Somebody",
            "time": self.display.value(record["created"], self.display.field(record.entity, "created")),
            "text": safe_html(words),
            "buttons": buttons(self.visit, record, most=0),
        }

    def _answer_form(self, post: Record) -> dict[str, Any] | None:
        kind = self.answers
        if kind is None or self.visit.visitor.id is None or not self.records.can("create", kind.entity):
            return None
        field: Field = self.visit.app.blueprint.entities[kind.entity].fields[kind.words]
        form = RecordForm(self.visit, kind.entity, [kind.words], preset={kind.by: post.id})
        if form.names != [kind.words]:
            # It asks for more than words: a page of its own.
            return {
                "url": self.display.new_url(kind.entity, **{kind.by: post.id, "go-next": self.display.back_here}),
                "more": True,
            }
        return {
            "url": self.display.new_url(kind.entity), "by": kind.by, "post": post.id, "words": kind.words, "label": field.label,
            "most": field.type.largest, "more": False,
        }  # fmt: skip

    @property
    def answer_words(self) -> str:
        return self.display.singular(self.answers.entity) if self.answers else ""

    @property
    def dialog(self) -> Markup:
        return dialog(self.visit)
