"""What the names in a blueprint mean: does the entity exist, has it that field, is this a number, may these words stand here.

`Meaning(blueprint)` goes through the whole document once, binds every expression (sets `.bound`), and collects every fault
with the way to it. It is also the vocabulary that expressions are bound with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

from .blocks import Block, DataBlock
from .blocks.button import Button as ButtonBlock
from .blocks.chart import Chart
from .blocks.custom import Custom
from .blocks.form import Form
from .blocks.links import Links
from .blocks.search import Search
from .blocks.stats import Stats
from .blocks.wizard import Wizard
from .condition import Expression
from .expression import Bound, ExpressionError, FieldInfo, Scope, bind, bind_condition, condition_faults, faults
from .expression.nodes import Node
from .field import Field
from .names import label
from .schema import OPERATIONS, USER_FIELDS, Action, Blueprint, Entity, Page
from .steps import Ask, Button, Confirm, Create, Delete, Email, If, Notify, Set, Step, Trigger

# Pages that every app has; a button may lead there.
SYSTEM_PAGES = {
    "log in": "/login",
    "sign up": "/signup",
    "account": "/account",
    "admin": "/admin",
    "notifications": "/notifications",
}

# The system's own fields, as fields of the language.
SYSTEM_FIELDS: dict[str, Field] = {
    "id": Field("int", "id"),
    "created": Field("datetime", "created"),
    "updated": Field("datetime", "updated"),
    "owner": Field("reference", "owner", target="User"),
}
TEMPLATE = re.compile(r"\{([^{}]*)\}")
RELATIVE = re.compile(r"(?:(today|now)|([+-])\s?(\d{1,4})\s?(hour|day|week|month|year)s?)(?:\s+(\d{1,2}:\d{2}))?")
WEB = re.compile(r"(?:https?://|mailto:|tel:|/)", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """Something that means nothing; way leads to it through the document."""

    way: tuple[Any, ...]
    message: str
    suggestion: str = ""
    text: str = ""
    at_key: bool = False


@dataclass(frozen=True)
class Place:
    """A field at the end of a path: the entity it stands in, and the references that lead there."""

    entity: str
    field: Field
    hops: tuple[Field, ...] = ()


class Meaning:
    """The meaning of one blueprint. `faults` is empty when the blueprint can be run."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.faults: list[Fault] = []
        self.computed: dict[tuple[str, str], Bound] = {}  # (entity, field) -> what it is worked out from
        self.defaults: dict[tuple[str, str], Bound] = {}  # (entity, field) -> its value when nothing is given
        self._bounds: dict[Any, Bound] = {}  # the same words in the same place mean the same
        self._entities = blueprint.entities
        self._data()
        self._access()
        self._pages()
        self._seed()
        self._automations()

    # The vocabulary of expressions.

    @property
    def roles(self) -> Collection[str]:
        return (*self.blueprint.roles, "admin")

    def entities(self) -> Collection[str]:
        return self._entities

    def field(self, entity: str, name: str) -> FieldInfo | None:
        found = self._entities[entity].fields.get(name) if entity in self._entities else None
        if found is None or (entity == "User" and name in USER_FIELDS):
            return None
        return info_of(found)

    def field_names(self, entity: str) -> Sequence[str]:
        return tuple(self._entities[entity].fields) if entity in self._entities else ()

    def references(self, child: str, parent: str) -> list[str]:
        fields = self._entities[child].fields.values() if child in self._entities else ()
        found = [field.name for field in fields if field.target == parent]
        return found or (["owner"] if parent == "User" else [])

    # Looking things up, for the runtime as well.

    def place(self, entity: str, path: str) -> Place:
        """The field that a path leads to. Raises ValueError with words for the writer."""
        hops: list[Field] = []
        names = path.split(".")
        for at, name in enumerate(names):
            field = self._entities[entity].fields.get(name) or SYSTEM_FIELDS.get(name)
            if field is None:
                raise ValueError(
                    f"`{entity}` has no field `{name}`"
                    + nearest(name, [*self._entities[entity].fields, *SYSTEM_FIELDS])
                )
            if at == len(names) - 1:
                return Place(entity, field, tuple(hops))
            if field.kind != "reference" or field.target not in self._entities:
                raise ValueError(f"`{name}` is not a reference, so `{path}` leads nowhere")
            if field.many:
                raise ValueError(f"`{name}` holds many, so `{path}` has no single value; count or sum them instead")
            hops.append(field)
            entity = field.target
        raise AssertionError

    def by(self, block: DataBlock) -> str:
        """The field a block is arranged by: the one it names, else the first that fits; "" when there is none."""
        source = block.source
        if source.by or not block.needs_by or source.entity not in self._entities:
            return source.by
        for kind in block.needs_by:
            for field in self._entities[source.entity].fields.values():
                if field.kind == kind and not field.many and field.target != "User":
                    return field.name
        return "created" if "date" in block.needs_by else ""

    def children(self, entity: str) -> Iterator[tuple[str, Field]]:
        """Entities that refer to this one, each with its reference field; parts first."""
        found = [
            (name, field)
            for name, other in self._entities.items()
            for field in other.fields.values()
            if field.target == entity and not field.computed
        ]
        yield from sorted(found, key=lambda pair: not pair[1].part)

    def parent(self, entity: str) -> Field | None:
        """The `part` reference of an entity, or None."""
        return next((field for field in self._entities[entity].fields.values() if field.part), None)

    def owners(self, entity: str) -> list[str]:
        """The fields that say whose a record is: those marked `owner`, else the system's own."""
        return [field.name for field in self._entities[entity].fields.values() if field.is_owner] or ["owner"]

    def target_of(self, text: str, page: Page | None = None) -> str | None:
        """Where a button leads: an address inside the app (`/book`), a web address, `#block`, or None when nowhere."""
        if WEB.match(text):
            return text
        low = text.strip().lower()
        for other in self.blueprint.page_list:
            if other.name.lower() == low or other.slug == low:
                return "/" if other is self.blueprint.page_list[0] else f"/{other.slug}"
        if low in SYSTEM_PAGES:
            return SYSTEM_PAGES[low]
        for other in (page, *self.blueprint.page_list) if page else self.blueprint.page_list:
            for block in other.blocks:
                if anchor_words(block).lower() == low and low:
                    there = "" if other is page else f"/{other.slug}"
                    return f"{there}#{anchor(block)}"
        return None

    # Going through the document.

    def fault(
        self, way: tuple[Any, ...], message: str, suggestion: str = "", text: str = "", at_key: bool = False
    ) -> None:
        self.faults.append(Fault(way, message, suggestion, text, at_key))

    def _bind(
        self,
        way: tuple[Any, ...],
        node: Node,
        scope: Scope,
        expects: FieldInfo | None,
        at_key: bool = False,
        condition: bool = False,
    ) -> Bound | None:
        key = (node, scope.entity, scope.this, scope.access, expects, condition)
        if key in self._bounds:
            return self._bounds[key]
        try:
            bound = bind_condition(node, scope) if condition else bind(node, scope, expects)
            self._bounds[key] = bound
            return bound
        except ExpressionError:
            found = condition_faults(node, scope) if condition else faults(node, scope, expects)
            for error in found:
                hint = f"did you mean `{error.suggestion}`?" if error.suggestion else ""
                self.fault(way, error.message, hint, at_key=at_key)
            return None

    def _expression(
        self,
        way: tuple[Any, ...],
        expression: Expression | None,
        scope: Scope,
        *,
        condition: bool = True,
        expects: FieldInfo | None = None,
        at_key: bool = False,
    ) -> None:
        if expression is not None:
            expression.bound = self._bind(way, expression.node, scope, expects, at_key, condition)

    def _entity(self, way: tuple[Any, ...], name: str, at_key: bool = False) -> bool:
        if name in self._entities:
            return True
        self.fault(way, f"there is no entity `{name}`", nearest(name, list(self._entities)).lstrip("; "), name, at_key)
        return False

    def _path(self, way: tuple[Any, ...], entity: str, path: str) -> Place | None:
        try:
            return self.place(entity, path)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            self.fault(way, message, hint, path)
            return None

    def _who(
        self, way: tuple[Any, ...], who: Expression | None, entity: str | None = None, at_key: bool = False
    ) -> None:
        self._expression(way, who, Scope.visitor(self, entity), at_key=at_key)

    def _data(self) -> None:
        blueprint = self.blueprint
        for at, role in enumerate(blueprint.roles):
            if blueprint.roles.index(role) != at:
                self.fault(("roles", at), f"the role `{role}` stands there twice")
        if blueprint.signup:
            for word in re.split(r"\s+or\s+|[,\s]+", blueprint.signup):
                if word not in ("user", "invite", *blueprint.roles):
                    self.fault(
                        ("signup",),
                        f"`{word}` is neither a role nor `user` nor `invite`",
                        nearest(word, [*blueprint.roles, "user", "invite"]).lstrip("; "),
                        word,
                    )
        for name, entity in blueprint.data.items():
            way = ("data", name)
            if not entity.fields and name != "User":
                self.fault(way, f"`{name}` has no fields", "write at least one, such as `name: text!`", at_key=True)
            for field in entity.fields.values():
                self._field((*way, field.name), name, entity, field)
            for at, unique in enumerate(entity.unique):
                place = self._path((*way, "unique", at), name, unique)
                if place and (place.field.computed or place.field.many or place.field.kind == "marks" or place.hops):
                    self.fault(
                        (*way, "unique", at), f"`{unique}` cannot be unique: only fields that hold one value can"
                    )
            for words, rule in entity.rules.items():
                self._expression((*way, "rules", words), rule, Scope.record(self, name))
            for key, action in zip(entity.actions, entity.action_list, strict=True):
                self._action((*way, "actions", key), name, action)
            if len({action.slug for action in entity.action_list}) < len(entity.action_list):
                self.fault((*way, "actions"), f"two actions of `{name}` have the same name", "rename one", at_key=True)
            parts = [field.name for field in entity.fields.values() if field.part]
            if len(parts) > 1:
                self.fault(
                    (*way, parts[1]),
                    f"`{name}` is a part of two things ({' and '.join(parts)})",
                    "it can be a part of one",
                )
            self._part_circle(way, name)

    def _part_circle(self, way: tuple[Any, ...], name: str) -> None:
        seen, at = [name], name
        while (
            up := next((field for field in self._entities[at].fields.values() if field.part), None)
        ) and up.target in self._entities:
            if up.target == name:
                self.fault(way, f"`{name}` would be a part of itself ({' of '.join([*seen, name])})", at_key=True)
                return
            if up.target in seen:
                return
            seen.append(up.target)
            at = up.target

    def _field(self, way: tuple[Any, ...], name: str, entity: Entity, field: Field) -> None:
        if name == "User" and field.name in USER_FIELDS:
            self.fault(way, f"every person has `{field.name}` already", "leave it out", at_key=True)
        if field.name == "owner" and (field.target != "User" or field.many):
            self.fault(
                way,
                "a field called `owner` refers to a person",
                "write `owner: User`, or call it something else",
                at_key=True,
            )
        if field.target and not self._entity(way, field.target):
            return
        if field.expression is None:
            return
        if field.kind in ("marks", "serial", "file", "image"):
            self.fault(way, f"`{field.kind}` takes no value behind `=`")
            return
        bound = self._bind(way, field.expression, Scope.record(self, name), info_of(field, bare=True))
        if bound is None:
            return
        (self.computed if field.computed else self.defaults)[name, field.name] = bound
        if field.computed and (field.required or field.unique or field.owner or field.part or field.many):
            self.fault(
                way,
                f"`{field.name}` is computed, so nothing more can be said of it",
                f"write `{field.target or field.kind} = ...`",
            )

    def _action(self, way: tuple[Any, ...], name: str, action: Action) -> None:
        self._who(way, action.who, name, at_key=True)
        self._steps(way, action.steps, name, asks=True)

    def _steps(
        self,
        way: tuple[Any, ...],
        steps: Sequence[Step],
        entity: str | None,
        *,
        asks: bool = False,
        this: str | None = None,
    ) -> None:
        """Bind steps that run on a record of entity (None: on no record)."""
        scope = Scope(self, entity, this)
        made: str | None = None
        for at, step in enumerate(steps):
            here = (*way, at)
            match step:
                case If():
                    self._expression(here, step.condition, scope)
                case Create():
                    if self._entity(here, step.entity):
                        made = step.entity
                case Set():
                    place = self._target(here, step.path, entity, made)
                    if place is not None:
                        if (
                            place.field.computed
                            or place.field.kind in ("marks", "serial")
                            or place.field.name in ("id", "created", "updated")
                        ):
                            self.fault(here, f"`{step.path}` cannot be set", "the app works it out itself", step.path)
                        self._expression(
                            here, step.value, scope, condition=False, expects=info_of(place.field, bare=True)
                        )
                case Ask():
                    if not asks:
                        self.fault(here, "`ask` needs a person", "it stands in actions, not in automations")
                    place = self._target(here, step.path, entity, made)
                    if place is not None and not place.field.seeded:
                        self.fault(here, f"`{step.path}` cannot be asked for", "the app works it out itself", step.path)
                case Email() | Notify():
                    self._recipient(here, step, entity, made)
                    self._template(here, step.text, entity)
                case Delete() if entity is None:
                    self.fault(here, "there is no record here to delete")
                case Confirm() if not asks:
                    self.fault(here, "`confirm` needs a person", "it stands in actions, not in automations")

    def _target(self, way: tuple[Any, ...], path: str, entity: str | None, made: str | None) -> Place | None:
        """What a step sets: a field of the record, through a reference, of the record made, or of the records below."""
        first, _, rest = path.partition(".")
        if first in self._entities:
            if not rest:
                self.fault(way, f"`{path}` is an entity, not a field", f"write `{path}.field`", path)
                return None
            if first != made and entity is not None and not self.references(first, entity):
                self.fault(way, f"`{first}` does not refer to `{entity}`", f"write `create {first}` before it", path)
                return None
            return self._path(way, first, rest)
        if entity is None:
            self.fault(way, f"there is no record here that has `{path}`", "", path)
            return None
        return self._path(way, entity, path)

    def _recipient(self, way: tuple[Any, ...], step: Email | Notify, entity: str | None, made: str | None) -> None:
        who = step.who
        if who in (*self.roles, "user", "me"):
            return
        first, _, rest = who.partition(".")
        if first in self._entities:
            if not rest and first != "User":
                self.fault(
                    way, f"`{who}` is an entity, not people", f"write the field with their address: `{who}.email`", who
                )
                return
            place = self._path(way, first, rest or "email")
        elif entity is None:
            self.fault(way, f"`{who}` is nobody here", nearest(who, list(self.roles)).lstrip("; "), who)
            return
        else:
            place = self._path(way, entity, who)
        if place is None:
            return
        person = place.field.target == "User" or place.entity == "User" or place.field.kind == "marks"
        address = isinstance(step, Email) and place.field.kind in ("email", "text")
        if not person and not address:
            wanted = "a person or an email address" if isinstance(step, Email) else "a person"
            self.fault(way, f"`{who}` is not {wanted}", "name a role, `owner`, or a field that refers to User", who)

    def _template(self, way: tuple[Any, ...], text: str, entity: str | None) -> None:
        for name in TEMPLATE.findall(text):
            if entity is None:
                self.fault(way, f"there is no record here that has `{name}`", "", name)
            else:
                self._path(way, entity, name.strip())

    def _access(self) -> None:
        for name, access in self.blueprint.access.items():
            way = ("access", name)
            if name != "default" and not self._entity(way, name, at_key=True):
                continue
            entity = None if name == "default" else name
            for operation in (*OPERATIONS, "write"):
                who = getattr(access, operation)
                if entity is None and who is not None:
                    # `own` in the default stands for every entity; it is bound for each of them.
                    for each in self._entities:
                        self._who((*way, operation), who, each)
                        break
                else:
                    self._who((*way, operation), who, entity)
            for field, entry in access.fields.items():
                if entity is None:
                    self.fault(
                        (*way, field),
                        f"`{field}` is not known here",
                        "the default has read, create, update, delete and write",
                        at_key=True,
                    )
                    continue
                known = [*self._entities[entity].fields, "owner"]
                if field not in known:
                    self.fault(
                        (*way, field),
                        f"`{entity}` has no field `{field}`",
                        nearest(field, [*known, *OPERATIONS, "write"]).lstrip("; "),
                        field,
                        True,
                    )
                    continue
                self._who((*way, field, "read"), entry.read, entity)
                self._who((*way, field, "write"), entry.write, entity)

    def _pages(self) -> None:
        names: dict[str, str] = {}
        for page in self.blueprint.page_list:
            way = ("pages", page.key)
            self._who(way, page.who, at_key=True)
            words = page.name.split()
            if words[0].lower() == "each" and not page.each:
                wanted = words[1] if len(words) > 1 else ""
                self.fault(
                    way,
                    f"there is no entity `{wanted}`",
                    nearest(wanted, list(self._entities)).lstrip("; "),
                    page.key,
                    True,
                )
            if page.name.lower() in names:
                self.fault(way, f"there are two pages called `{page.name}`", "rename one", at_key=True)
            names[page.name.lower()] = page.key
            for at, block in enumerate(page.blocks):
                self._block((*way, at), block, page)

    def _block(self, way: tuple[Any, ...], block: Block, page: Page) -> None:
        this = page.each or None
        if block.shown is not None:
            self._expression((*way, "if"), block.shown, Scope(self, this, None, True))
        if isinstance(block, DataBlock):
            self._data_block(way, block, page)
            return
        match block:
            case Search():
                known = [at for at, source in enumerate(block.of) if self._entity((*way, block.kind), source.entity)]
                if known:
                    first = block.of[known[0]].entity
                    self._options(way, block, first, this, ("show", "filter"))
                    self._expression((*way, "where"), block.where, Scope.record(self, first, this))
            case Stats():
                for words, expression in block.of.items():
                    self._expression((*way, block.kind, words), expression, Scope.page(self, this), condition=False)
            case Chart():
                self._chart(way, block, this)
            case ButtonBlock():
                self._button((*way, block.kind), block.of, page)
            case Links():
                for words, to in block.of.items():
                    if self.target_of(to, page) is None and "." not in to:
                        self._nowhere((*way, block.kind, words), to)
            case Custom():
                for at, name in enumerate(block.data):
                    self._entity((*way, "data", at), name)
        button = getattr(block, "button", None)
        if isinstance(button, Button):
            self._button((*way, "button"), button, page)

    def _options(self, way: tuple[Any, ...], block: Block, entity: str, this: str | None, names: Sequence[str]) -> None:
        for option in names:
            for at, path in enumerate(getattr(block, option, ())):
                found = self._path((*way, option, at), entity, getattr(path, "path", path))
                if found and option == "filter" and found.field.kind in ("long", "file", "image", "json"):
                    self.fault(
                        (*way, option, at),
                        f"one cannot filter by `{path}`",
                        "filter by choices, references, dates, numbers or yes/no",
                    )

    def _data_block(self, way: tuple[Any, ...], block: DataBlock, page: Page) -> None:
        source, this = block.source, page.each or None
        if not self._entity((*way, block.kind), source.entity):
            return
        entity = source.entity
        if block.needs_by:
            by = self.by(block)
            if not by and block.kind not in ("progress", "map", "rating", "timeline"):
                self.fault(
                    (*way, block.kind),
                    f"a {block.kind} needs a field: `{entity} by ...`",
                    f"`{entity}` has no {' or '.join(block.needs_by[:3])} field",
                )
            elif source.by:
                place = self._path((*way, block.kind), entity, by)
                if place and place.field.kind not in block.needs_by:
                    self.fault(
                        (*way, block.kind),
                        f"a {block.kind} cannot go by `{by}`: it is {a(place.field.kind)}",
                        f"name {a(' or '.join(block.needs_by[:3]))} field",
                        by,
                    )
        elif source.by:
            self._path((*way, block.kind), entity, source.by)
        self._options(way, block, entity, this, ("show", "filter", "sort", "edit", "total", "ask"))
        for at, path in enumerate(getattr(block, "edit", ())):
            field = self._entities[entity].fields.get(path)
            if field is None or not field.typed_in:
                self.fault((*way, "edit", at), f"`{path}` cannot be edited", "name fields of the entity itself")
        for option in ("until", "per", "inside", "capacity"):
            path = getattr(block, option, None)
            if isinstance(path, str) and path:
                self._path((*way, "in" if option == "inside" else option), entity, path)
        target = getattr(block, "target", None)
        if isinstance(target, str):
            self._path((*way, "target"), entity, target)
        self._expression((*way, "where"), block.where, Scope.record(self, entity, this))
        if isinstance(block, (Form, Wizard)):
            for at, path in enumerate(block.show):
                field = self._entities[entity].fields.get(path)
                if field is None or not field.typed_in:
                    self.fault(
                        (*way, "show", at), f"a form cannot ask for `{path}`", "name fields that a person types in"
                    )
            self._presets(way, block, entity, this)
        if isinstance(block, Wizard):
            for words, paths in block.steps.items():
                for at, path in enumerate(paths):
                    self._path((*way, "steps", words, at), entity, path)

    def _presets(self, way: tuple[Any, ...], block: Form | Wizard, entity: str, this: str | None) -> None:
        for at, step in enumerate(block.set):
            here = (*way, "set", at)
            if not isinstance(step, Set):
                self.fault(here, f"`{step}` is not a value", "write `field = value`")
                continue
            place = self._path(here, entity, step.path)
            if place is not None:
                if place.hops or not place.field.typed_in:
                    self.fault(
                        here, f"`{step.path}` cannot be set by a form", "name a field of the entity itself", step.path
                    )
                self._expression(
                    here, step.value, Scope.page(self, this), condition=False, expects=info_of(place.field, bare=True)
                )

    def _chart(self, way: tuple[Any, ...], block: Chart, this: str | None) -> None:
        drawing = block.of
        if isinstance(drawing.what, str):
            if not self._entity((*way, block.kind), drawing.what):
                return
            entity = drawing.what
        else:
            node: Any = drawing.what.node
            entity = getattr(node, "entity", "")
            if not entity:
                self.fault(
                    (*way, block.kind),
                    f"`{drawing.what}` is neither an entity nor a count or sum",
                    "write `bar sum(Order.total) by month(created)`",
                )
                return
            if not self._entity((*way, block.kind), entity):
                return
            self._expression((*way, block.kind), drawing.what, Scope.page(self, this), condition=False)
        self._expression((*way, block.kind), drawing.by, Scope.record(self, entity, this), condition=False)
        self._expression((*way, "where"), block.where, Scope.record(self, entity, this))
        if block.series:
            self._path((*way, "series"), entity, block.series)
        self._options(way, block, entity, this, ("filter",))

    def _button(self, way: tuple[Any, ...], button: Button, page: Page) -> None:
        if self.target_of(button.to, page) is None:
            self._nowhere(way, button.to)

    def _nowhere(self, way: tuple[Any, ...], to: str) -> None:
        pages = [page.name for page in self.blueprint.page_list if not page.each]
        self.fault(
            way, f"there is no page `{to}`", nearest(to, pages).lstrip("; ") or f"the pages are {', '.join(pages)}", to
        )

    def _seed(self) -> None:
        firsts: dict[str, set[str]] = {}
        for name, rows in self.blueprint.seed.items():
            columns = seed_columns(self._entities[name]) if name in self._entities else []
            title = self._entities[name].title_field if name in self._entities else ""
            at = [field.name for field in columns].index(title) if title in [field.name for field in columns] else 0
            firsts[name] = {row.cells[at].casefold() for row in rows if len(row.cells) > at} | {
                row.cells[0].casefold() for row in rows
            }
        for name, rows in self.blueprint.seed.items():
            if not self._entity(("seed", name), name, at_key=True):
                continue
            columns = seed_columns(self._entities[name])
            for at, row in enumerate(rows):
                way = ("seed", name, at)
                if len(row.cells) > len(columns):
                    names = " | ".join(field.name for field in columns)
                    self.fault(
                        way,
                        f"this row has {len(row.cells)} values, `{name}` has {len(columns)} fields that are typed in",
                        names,
                    )
                    continue
                for field, cell in zip(columns, row.cells, strict=False):
                    if cell:
                        self._cell(way, field, cell, firsts)

    def _cell(self, way: tuple[Any, ...], field: Field, cell: str, firsts: dict[str, set[str]]) -> None:
        for part in split_many(field, cell):
            if field.kind == "reference":
                if field.target == "User":
                    people = firsts.get("User", set())
                    if "@" not in part and part not in (*self.roles, "me") and part.casefold() not in people:
                        self.fault(way, f"`{part}` is nobody: `{field.name}` takes an email or a role", "", part)
                elif part.casefold() not in firsts.get(field.target, set()) and not part.isdigit():
                    known = sorted(firsts.get(field.target, set()))
                    self.fault(
                        way,
                        f"`{part}` is not among the rows of `{field.target}`",
                        nearest(part, known).lstrip("; "),
                        part,
                    )
                continue
            if field.kind in ("date", "datetime") and RELATIVE.fullmatch(part):
                continue
            if field.kind in ("image", "file"):
                continue
            try:
                field.type.read(part, field)
            except ValueError as error:
                self.fault(way, f"`{part[:60]}` does not fit `{field.name}`: it {error}", "", part[:60])

    def _automations(self) -> None:
        for trigger, steps in self.blueprint.automations.items():
            way = ("automations", str(trigger))
            entity = trigger.entity or None
            if entity and not self._entity(way, entity, at_key=True):
                continue
            if entity:
                self._trigger(way, trigger, entity)
            self._steps(way, steps, entity)

    def _trigger(self, way: tuple[Any, ...], trigger: Trigger, entity: str) -> None:
        if trigger.field:
            place = self._path(way, entity, trigger.field)
            if place and trigger.kind != "changes" and place.field.kind not in ("date", "datetime"):
                self.fault(
                    way, f"`{trigger.field}` is not a date", "name a date or datetime field", trigger.field, True
                )
        self._expression(way, trigger.condition, Scope.record(self, entity), at_key=True)


def info_of(field: Field, bare: bool = False) -> FieldInfo:
    """What expressions must know of a field. With bare, only its type: for the value that is put into it."""
    return FieldInfo(
        field.kind,
        field.many,
        field.target or None,
        field.choices,
        None if bare else field.expression if field.computed else None,
        field.required,
    )


def seed_columns(entity: Entity) -> list[Field]:
    """The fields that a row of a seed gives, in order."""
    return [field for field in entity.fields.values() if field.seeded]


def split_many(field: Field, cell: str) -> list[str]:
    """The values in one place of a row: several are divided by commas where the field holds many."""
    if not field.many:
        return [cell]
    return [part.strip() for part in cell.split(",") if part.strip()]


def anchor_words(block: Block) -> str:
    """The words by which a block on a page is called."""
    main = getattr(block, "of", "")
    return (
        block.title
        or (main if isinstance(main, str) and block.group == "content" else "")
        or (label(main.entity) if hasattr(main, "entity") else "")
        or label(block.kind)
    )


def anchor(block: Block) -> str:
    """The block's name in an address, behind `#`."""
    from .names import slug

    return slug(anchor_words(block))[:60]


def nearest(name: str, known: Sequence[str]) -> str:
    """Words that offer the known name most like this one, or nothing."""
    found = process.extractOne(name.lower(), {option: option.lower() for option in known}, score_cutoff=55)
    return f"; did you mean `{found[2]}`?" if found else ""


def a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"
