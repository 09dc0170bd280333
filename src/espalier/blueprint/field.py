"""One field of an entity, as it is written: `text! unique`, `int 1..5 = 3`, `Open | Closed = Open`, `Customer! owner`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Self

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .expression import ExpressionError, Node, is_constant, parse, to_text
from .expression.nodes import Path
from .fields import ALIASES, SHAPED, TYPES, FieldType
from .names import label
from .spelled import Spelled, kind_of

MARKS_OF_A_FIELD = ("unique", "owner", "part")
MANY = ("reference", "choice", "image", "file")
LONGEST_CHOICE = 60
MOST_CHOICES = 60
PLAIN = re.compile(r"([a-z]+)!?(?: unique)?")


@dataclass(frozen=True)
class Field(Spelled):
    """A field's type and what is said of it. Compare with ==; print with str."""

    kind: str  # a name in fields.TYPES
    name: str = ""  # given by the entity it stands in
    many: bool = False
    required: bool = False
    target: str = ""  # the entity that a reference names
    choices: tuple[str, ...] = ()
    parameter: str | None = None
    unique: bool = False
    owner: bool = False
    part: bool = False
    expression: Node | None = None  # what stands behind `=`
    computed: bool = False  # worked out from other fields, so that nobody types it in; known once the entity is

    describes: ClassVar[str] = "TYPE[!] [parameter] [unique] [owner] [part] [= expression]"

    @property
    def type(self) -> FieldType:
        return TYPES[self.kind]

    @property
    def label(self) -> str:
        return label(self.name)

    def named(self, name: str, fields: frozenset[str]) -> Field:
        """This field under its name in an entity that has these fields: now it is clear what stands behind `=`."""
        if self.expression is None:
            return _with_name(self, name)
        computed = not is_constant(self.expression, fields)
        if isinstance(self.expression, Path) and self.expression.names[-1] in self.choices:
            computed = False
        return replace(self, name=name, computed=computed)

    @property
    def default(self) -> Node | None:
        return None if self.computed else self.expression

    @property
    def is_me(self) -> bool:
        """Is it an owner who is whoever makes the record (`= me`)? Nobody types that in, nor writes in another's name."""
        return self.is_owner and isinstance(self.expression, Path) and self.expression.names == ("me",)

    @property
    def seeded(self) -> bool:
        """Does a seed row give its value?"""
        return not self.computed and self.kind not in ("marks", "serial")

    @property
    def typed_in(self) -> bool:
        """Does a person give its value?"""
        return self.seeded and not self.is_me

    @property
    def is_owner(self) -> bool:
        return self.owner or (self.name == "owner" and self.target == "User" and not self.many)

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        if (plain := PLAIN.fullmatch(text)) and plain[1] in TYPES and plain[1] not in SHAPED:
            # `text!`, `money`: most fields, and they mean the same in every blueprint.
            return cls._plain(text)
        return cls._parse(text, context)

    @classmethod
    @lru_cache(maxsize=1024)
    def _plain(cls, text: str) -> Self:
        return cls._parse(text, None)

    @classmethod
    def _parse(cls, text: str, context: Any) -> Self:
        choices: frozenset[str] = getattr(context, "choices", frozenset())
        entities: frozenset[str] = getattr(context, "entities", frozenset())
        written, _, behind = text.partition(" = ") if " = " in text else text.partition("=")
        written, behind = written.strip(), behind.strip()
        if not written:
            raise ValueError("the type is missing: write one such as `text`")
        expression = None
        if behind:
            expression = read_expression(behind, choices)
        elif text.rstrip().endswith("="):
            raise ValueError("there is nothing behind `=`")
        many = written.startswith("[") and written.rstrip("! ").endswith("]")
        if many:
            # `[Company]!` is as natural as `[Company!]`.
            demanded = written.endswith("!")
            written = written.rstrip("! ")[1:-1].strip() + ("!" if demanded else "")
        if "|" in written:
            field = cls._choice(written)
        else:
            field = cls._typed(written, entities)
        if many:
            if field.kind not in MANY:
                raise ValueError(f"`[{written}]` cannot be: only references, choices, images and files can be many")
            field = replace(field, many=True)
        return field if expression is None else replace(field, expression=expression)

    @classmethod
    def _choice(cls, text: str) -> Self:
        required = text.endswith("!")
        choices = [" ".join(choice.split()).strip("\"'") for choice in text.removesuffix("!").split("|")]
        if choices and choices[-1].endswith("!"):
            choices[-1], required = choices[-1].removesuffix("!").strip(), True
        if "" in choices:
            raise ValueError("a choice between two `|` is empty")
        for choice in choices:
            if len(choice) > LONGEST_CHOICE:
                raise ValueError(f"the choice `{choice[:30]}...` is too long: at most {LONGEST_CHOICE} letters")
            if choices.count(choice) > 1:
                raise ValueError(f"the choice `{choice}` stands there twice")
            if '"' in choice or any(ord(letter) < 32 for letter in choice):
                raise ValueError(f"the choice `{choice}` holds a character that cannot be written in a condition")
        if len(choices) > MOST_CHOICES:
            raise ValueError(
                f"{len(choices)} choices are too many (at most {MOST_CHOICES}): make it an entity of its own"
            )
        return cls("choice", choices=tuple(choices), required=required)

    @classmethod
    def _typed(cls, text: str, entities: frozenset[str]) -> Self:
        name, *rest = re.sub(r"\s*!", "! ", text).split()
        required = name.endswith("!")
        name = name.rstrip("!")
        if "(" in name:  # `int(1..5)`, `varchar(80)`
            name, _, inner = name.partition("(")
            rest = [part for part in [inner.rstrip(")").rstrip("!")] if not part.isdigit()] + rest
        if name.startswith("[") or name.endswith("]"):
            raise ValueError(f"`{text}`: write many as `[{name.strip('[]')}]`")
        field = cls._named(name, entities)
        parameter, marks = None, set()
        for word in rest:
            if word in ("!", "required"):
                required = True
            elif word in MARKS_OF_A_FIELD:
                marks.add(word)
            elif word == "optional":
                pass
            elif parameter is None:
                field.type.check_parameter(word)
                parameter = word
            else:
                raise ValueError(
                    f"`{word}` is not understood: behind a type stand `unique`, `owner`, `part` or `= value`"
                )
        if "owner" in marks and field.target != "User":
            raise ValueError("`owner` belongs to a reference to a person: `student: User! owner`")
        if "part" in marks and (field.kind != "reference" or field.target == "User"):
            raise ValueError("`part` belongs to a reference to what it is a part of: `invoice: Invoice! part`")
        if field.kind == "marks" and (required or marks or parameter):
            raise ValueError("`marks` stands alone")
        return replace(
            field,
            required=required or "part" in marks,
            parameter=parameter,
            unique="unique" in marks,
            owner="owner" in marks,
            part="part" in marks,
        )

    @classmethod
    def _named(cls, name: str, entities: frozenset[str]) -> Self:
        if name in TYPES and name not in SHAPED:
            return cls(name)
        if name in entities or name == "User":
            return cls("reference", target=name)
        low = name.lower()
        if low in TYPES and low not in SHAPED:
            return cls(low)
        same = {entity.lower(): entity for entity in entities | {"User"}}
        if low in same:
            return cls("reference", target=same[low])
        if low in ALIASES and name[:1].islower():
            return cls(ALIASES[low])
        # An entity that is not there: the binder says so, with the nearest name; a small word is a type nobody knows.
        if name.isidentifier() and not name[0].islower():
            return cls("reference", target=name)
        raise ValueError(
            f"`{name}` is not a type{nearest(name, [n for n in TYPES if n not in SHAPED] + sorted(entities))}"
        )

    def __str__(self) -> str:
        if self.kind == "choice":
            said = " | ".join(self.choices)
        else:
            said = self.target or self.kind
        if (self.required and not self.part) or self.part:
            said += "!"
        if self.many:
            said = f"[{said}]"
        for word in (self.parameter, *(mark for mark in MARKS_OF_A_FIELD if getattr(self, mark))):
            said += f" {word}" if word else ""
        return said if self.expression is None else f"{said} = {to_text(self.expression)}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        def unpack(value: Any) -> Any:
            # `[Entity]` is a YAML list of one; `[A, B | C]` is a slip of the same kind.
            if isinstance(value, list):
                if value and all(isinstance(item, str) for item in value):
                    return f"[{' | '.join(value)}]" if len(value) > 1 else f"[{value[0]}]"
                raise PydanticCustomError("shape", "must be a type such as `text`, or `[Entity]` for many", {})
            if isinstance(value, dict):
                raise PydanticCustomError(
                    "shape", "must be a type such as `text! unique`, not {kind}", {"kind": kind_of(value)}
                )
            return value

        return core_schema.no_info_before_validator_function(
            unpack,
            super().__get_pydantic_core_schema__(source, handler),
            serialization=core_schema.plain_serializer_function_ser_schema(spell),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"description": cls.describes, "anyOf": [
            {"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1},
        ]}  # fmt: skip


@lru_cache(maxsize=8192)
def _with_name(field: Field, name: str) -> Field:
    return replace(field, name=name)


def spell(field: Field) -> Any:
    """The YAML value of a field: a string, or a list of one for `[Entity]`."""
    text = str(field)
    if field.many and text.endswith("]"):
        return [text[1:-1]]
    return text


def read_expression(text: str, choices: frozenset[str]) -> Node:
    try:
        return parse(text, choices)
    except ExpressionError as error:
        raise ValueError(str(error)) from error


def nearest(name: str, known: list[str]) -> str:
    """Words that offer the known name most like this one, or nothing."""
    from rapidfuzz import process

    found = process.extractOne(name.lower(), {option: option.lower() for option in known}, score_cutoff=55)
    return f"; did you mean `{found[2]}`?" if found else ""
