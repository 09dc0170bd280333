"""The blueprint as a typed document: the single source for reading, printing, the JSON Schema, the card and the grammar.

What the keys hold is here; what the names in them mean (does this entity exist, is this a number) is meaning.py's; how
text becomes this is reader.py's, and the way back printer.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from . import field as fields_of
from .blocks import KINDS, Block
from .colors import hex_of
from .condition import Expression, Who
from .names import SLUGS_OF_THE_PLATFORM, check_entity, check_field, check_role, label, slug
from .spelled import Spelled, kind_of
from .steps import Step, Steps, Trigger

MOST_ENTITIES = 60
MOST_FIELDS = 60
MOST_PAGES = 60
MOST_BLOCKS = 40
MOST_ROWS = 200
MOST_ROLES = 20
MOST_AUTOMATIONS = 60
OPERATIONS = ("read", "create", "update", "delete")
STYLES = ("friendly", "minimal", "bold", "elegant", "playful", "corporate", "editorial", "retro")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _check(rule: Any) -> Any:
    def check(value: str) -> str:
        try:
            rule(value)
        except ValueError as error:
            raise PydanticCustomError("spelling", "{message}", {"message": str(error)}) from error
        return value

    return AfterValidator(check)


Color = Annotated[
    str,
    _check(hex_of),
    WithJsonSchema({"type": "string", "description": "a CSS colour name or a hex code such as #0f766e"}),
]
EntityName = Annotated[str, _check(check_entity)]
FieldName = Annotated[str, _check(check_field)]
RoleName = Annotated[str, _check(check_role)]
AppName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(max_length=400)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Theme(Model):
    """Colours and style; everything has a default."""

    primary: Color = "teal"
    background: Color = "white"
    accent: Color | None = None
    style: Literal["friendly", "minimal", "bold", "elegant", "playful", "corporate", "editorial", "retro"] = "friendly"
    mode: Literal["light", "dark"] | None = Field(None, description="from the background when absent")
    layout: Literal["top", "side"] | None = Field(None, description="chosen from the pages when absent")


@dataclass(frozen=True)
class Named:
    """`Label (who)`: a page's or an action's key, taken apart."""

    label: str
    who: Who | None

    @classmethod
    def parse(cls, key: str) -> Self:
        match = re.fullmatch(r"(.*?)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*", key, re.DOTALL)
        if not match or not match[1]:
            return cls(key.strip(), None)
        return cls(match[1].strip(), Who.parse(match[2]))


def _keys(value: Any) -> Any:
    """Keys in canonical spelling: `Approve (manager, owner)` as `Approve (manager or owner)`."""
    if not isinstance(value, dict):
        return value
    said = {}
    for key, item in value.items():
        try:
            named = Named.parse(key)
        except ValueError as error:
            raise PydanticCustomError(
                "spelling", "`{key}`: {message}", {"key": key, "message": str(error), "key_of": key}
            ) from error
        said[f"{named.label} ({named.who})" if named.who else named.label] = item
    return said


Actions = Annotated[dict[Label, Steps], BeforeValidator(_keys), Field(max_length=30)]


@dataclass(frozen=True)
class Action:
    """A button on a record: its label, who may press it, and what it does."""

    label: str
    who: Who | None
    steps: tuple[Step, ...]

    @property
    def slug(self) -> str:
        return slug(self.label)


def _flattened(schema: dict[str, Any]) -> dict[str, Any]:
    """`fields` is no key of the document: what it holds stands beside the other keys."""
    fields = schema["properties"].pop("fields")
    return {**schema, "additionalProperties": fields["additionalProperties"], "required": []}


class Entity(Model):
    """The fields of an entity with its rules and actions. In YAML they share one mapping; reserved names keep them apart."""

    fields: dict[FieldName, fields_of.Field]
    unique: list[str] = []
    rules: Annotated[dict[Label, Expression], Field(max_length=30)] = {}
    actions: Actions = {}

    PARTS: ClassVar[tuple[str, ...]] = ("unique", "rules", "actions")

    @model_validator(mode="before")
    @classmethod
    def _take_apart(cls, value: Any) -> Any:
        if not isinstance(value, dict) or ("fields" in value and isinstance(value["fields"], dict)):
            if not isinstance(value, dict):
                raise PydanticCustomError("shape", "must be `field: type` lines, not {kind}", {"kind": kind_of(value)})
            return value
        return {
            "fields": {name: said for name, said in value.items() if name not in cls.PARTS},
            **{name: value[name] for name in cls.PARTS if name in value and value[name] not in ("", None)},
        }

    @model_validator(mode="after")
    def _name_fields(self) -> Self:
        if len(self.fields) > MOST_FIELDS:
            raise PydanticCustomError(
                "bound", "has {n} fields; at most {most} fit", {"n": len(self.fields), "most": MOST_FIELDS}
            )
        names = frozenset(self.fields) | {"id", "created", "updated", "owner"}
        for name, field in list(self.fields.items()):
            self.fields[name] = field.named(name, names)
        return self

    @model_serializer
    def _put_together(self) -> dict[str, Any]:
        said: dict[str, Any] = {name: fields_of.spell(field) for name, field in self.fields.items()}
        if self.unique:
            said["unique"] = self.unique
        if self.rules:
            said["rules"] = {words: str(rule) for words, rule in self.rules.items()}
        if self.actions:
            said["actions"] = {
                key: str(steps[0]) if len(steps) == 1 else [str(step) for step in steps]
                for key, steps in self.actions.items()
            }
        return said

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _flattened(handler.resolve_ref_schema(handler(core)))

    @cached_property
    def action_list(self) -> tuple[Action, ...]:
        return tuple(
            Action(named.label, named.who, tuple(steps))
            for key, steps in self.actions.items()
            for named in [Named.parse(key)]
        )

    @cached_property
    def title_field(self) -> str:
        """The field by which a record is called: the first line of text, else the first thing typed in."""
        for kinds in (
            ("text", "serial"),
            ("reference",),
            ("long", "email", "url", "phone", "location", "choice", "date", "datetime", "int"),
        ):
            for name, field in self.fields.items():
                if field.kind in kinds and not field.many and not field.part and not field.is_owner:
                    return name
        return "id"


class FieldAccess(Model):
    """Who may see and who may set one field; `salary: hr` says both."""

    read: Who | None = None
    write: Who | None = None

    @model_validator(mode="before")
    @classmethod
    def _both(cls, value: Any) -> Any:
        return {"read": value, "write": value} if isinstance(value, str) else value

    @model_serializer
    def _short(self) -> Any:
        if self.read is not None and self.read == self.write:
            return str(self.read)
        return {part: str(who) for part in ("read", "write") if (who := getattr(self, part)) is not None}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(core))]}


class Access(Model):
    """Who may do what with an entity; `write` covers the three that are not given."""

    read: Who | None = None
    create: Who | None = None
    update: Who | None = None
    delete: Who | None = None
    write: Who | None = None
    fields: dict[str, FieldAccess] = {}

    @model_validator(mode="before")
    @classmethod
    def _take_apart(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise PydanticCustomError(
                "shape",
                "must say who: `{example}`, not {kind}",
                {"example": "{read: anyone, write: own}", "kind": kind_of(value)},
            )
        words = {*OPERATIONS, "write"}
        return {
            **{name: who for name, who in value.items() if name in words},
            "fields": {
                **value.get("fields", {}),
                **{name: who for name, who in value.items() if name not in words and name != "fields"},
            },
        }

    @model_serializer
    def _put_together(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            name: str(who) for name in (*OPERATIONS, "write") if (who := getattr(self, name)) is not None
        }
        for name, entry in self.fields.items():
            said[name] = entry.model_dump()
        return said

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _flattened(handler.resolve_ref_schema(handler(core)))

    def rule(self, operation: str) -> Who | None:
        own = getattr(self, operation)
        return own if own is not None or operation == "read" else self.write


CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row(Spelled):
    """A row of a seed: `Bath | 30 | 45`."""

    cells: tuple[str, ...]

    describes: ClassVar[str] = "values in the order of the fields, divided by ` | `"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        cells = [cell.strip().replace("\\|", "|") for cell in (CELLS.split(text) if "\\" in text else text.split("|"))]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        return cls(tuple(cells))

    def __str__(self) -> str:
        said = " | ".join(cell.replace("|", "\\|") for cell in self.cells)
        return re.sub(r"\|  (?=\|)", "| ", said).strip()


def _kind_of_block(value: Any) -> str | None:
    if isinstance(value, Block):
        return value.kind
    if isinstance(value, dict):
        return next((key for key in value if key in KINDS), None)
    return None


def _block_schema() -> Any:
    return Union[tuple(Annotated[kind, Tag(name)] for name, kind in sorted(KINDS.items()))]  # noqa: UP007 - made from the list


def _spell_block(block: Block) -> dict[str, Any]:
    said = block.model_dump(by_alias=True, exclude_defaults=True)
    said = {key: value for key, value in said.items() if value not in ({}, [])}
    main = next(name for name, info in type(block).model_fields.items() if info.alias == block.kind)
    # The kind comes first, whether or not it holds anything.
    return {block.kind: said.pop(block.kind, "" if isinstance(getattr(block, main), str) else None), **said}


if TYPE_CHECKING:
    AnyBlock = Block
else:
    AnyBlock = Annotated[
        _block_schema(),
        Discriminator(
            _kind_of_block,
            custom_error_type="block",
            custom_error_message="is not a block",
        ),
        PlainSerializer(_spell_block),
    ]


@dataclass(frozen=True)
class Page:
    """A page: its name, who may open it, the entity it is for (`Each Dog`), and its blocks."""

    key: str
    name: str
    who: Who | None
    each: str
    blocks: tuple[Block, ...]
    slug: str


def _blocks(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _flat_who(value: Any) -> Any:
    return " or ".join(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value


class Blueprint(Model):
    """One app. Read with reader.read, print with printer.print_blueprint; both ways give the same document."""

    app: AppName
    about: Sentence = ""
    theme: Theme = Theme()
    roles: Annotated[list[RoleName], Field(max_length=MOST_ROLES)] = []
    signup: Annotated[str, BeforeValidator(_flat_who), Field(description="user, invite, or roles joined with `or`")] = (
        ""
    )
    data: Annotated[dict[EntityName, Entity], Field(max_length=MOST_ENTITIES)] = {}
    access: dict[str, Access] = {}
    pages: Annotated[
        dict[Label, Annotated[list[AnyBlock], BeforeValidator(_blocks), Field(max_length=MOST_BLOCKS)]],
        BeforeValidator(_keys),
        Field(min_length=1, max_length=MOST_PAGES),
    ]
    seed: dict[str, Annotated[list[Row], Field(max_length=MOST_ROWS)]] = {}
    automations: Annotated[dict[Trigger, Steps], Field(max_length=MOST_AUTOMATIONS)] = {}

    @model_serializer
    def _in_order(self) -> dict[str, Any]:
        """The document as plain dicts, lists and strings, defaults left out, keys in their fixed order."""
        said: dict[str, Any] = {"app": self.app}
        if self.about:
            said["about"] = self.about
        theme = self.theme.model_dump(exclude_unset=True)
        if theme:
            said["theme"] = theme
        if self.roles:
            said["roles"] = list(self.roles)
        if self.signup:
            said["signup"] = self.signup
        if self.data:
            said["data"] = {name: entity.model_dump() for name, entity in self.data.items()}
        if self.access:
            said["access"] = {name: access.model_dump() for name, access in self.access.items()}
        said["pages"] = {key: [_spell_block(block) for block in blocks] for key, blocks in self.pages.items()}
        if self.seed:
            said["seed"] = {name: [str(row) for row in rows] for name, rows in self.seed.items()}
        if self.automations:
            said["automations"] = {
                str(trigger): str(steps[0]) if len(steps) == 1 else [str(step) for step in steps]
                for trigger, steps in self.automations.items()
            }
        return said

    @cached_property
    def page_list(self) -> tuple[Page, ...]:
        """The pages in order, each with an address of its own."""
        pages: list[Page] = []
        taken = set(SLUGS_OF_THE_PLATFORM)
        for key, blocks in self.pages.items():
            named = Named.parse(key)
            words = named.label.split()
            each = (
                words[1] if len(words) == 2 and words[0].lower() == "each" and words[1] in {*self.data, "User"} else ""
            )
            address = slug(named.label)
            while address in taken:
                address += "-page"
            taken.add(address)
            pages.append(Page(key, named.label, named.who, each, tuple(blocks), address))
        return tuple(pages)

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """All entities with User among them, which exists in every app."""
        user = self.data.get("User")
        own = {name: replace(field, name=name) for name, field in USER_FIELDS.items()}
        if user:
            own |= {name: field for name, field in user.fields.items() if name not in own}
            full = user.model_copy(update={"fields": own})
        else:
            full = Entity(fields=own)
        return {**{name: entity for name, entity in self.data.items() if name != "User"}, "User": full}

    @cached_property
    def meaning(self) -> Any:
        """What the names mean: see meaning.Meaning. Raises BlueprintError when they mean nothing."""
        from .meaning import Meaning

        return Meaning(self)


# What every person has. The role is a word among the app's roles, admin and nothing.
USER_FIELDS: dict[str, fields_of.Field] = {
    "name": fields_of.Field("text", required=True),
    "email": fields_of.Field("email", required=True, unique=True),
    "role": fields_of.Field("text"),
    "avatar": fields_of.Field("image"),
}

__all__ = ["KINDS", "Access", "Action", "Blueprint", "Entity", "FieldAccess", "Model", "Page", "Row", "Theme", "label"]
