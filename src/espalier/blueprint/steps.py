"""Steps: what an action, an automation or a form does, one after the other. `[if status = Draft, status = Sent, email owner "Sent"]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from .condition import Expression
from .spelled import Spelled

PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
QUOTED = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\"'].*)", re.DOTALL)
ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")


class Step(Spelled):
    """One step. Reading dispatches on its first word; each kind below prints itself."""

    describes: ClassVar[str] = (
        'if CONDITION | ask FIELD | FIELD = VALUE | create ENTITY | delete | email WHO "text" | notify WHO "text" | webhook URL'
    )

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Any:
        text = text.strip().rstrip(";").strip()
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        if word == "set" and "=" in rest:
            text, word = rest, rest.partition(" ")[0]
        # A field may be called like a step (`email = ...`); an equals sign right behind the word decides.
        if not rest.startswith("="):
            match word.lower():
                case "if" | "when" | "only":
                    return If(Expression.parse(rest.removeprefix("if "), context))
                case "ask" | "asks":
                    return Ask(_path(rest, "the field to ask for: `ask reason`"))
                case "create" | "add":
                    return Create(_name(rest, "the entity to create: `create Loan`"))
                case "delete":
                    return Delete()
                case "confirm":
                    return Confirm(_words(rest, 'the question: `confirm "Really?"`'))
                case "email" | "notify":
                    who, _, said = rest.partition(" ")
                    kind = Email if word.lower() == "email" else Notify
                    said = _words(said, f'the words: `{word.lower()} owner "It is ready"`')
                    return kind(_path(who, f'whom: `{word.lower()} owner "..."`'), said)
                case "webhook":
                    if not ADDRESS.fullmatch(rest.strip("\"'")):
                        raise ValueError("`webhook` is followed by a web address such as https://example.com/hook")
                    return Webhook(rest.strip("\"'"))
        match = re.match(rf"({PATH.pattern})\s*(=|:=|\+=|-=)\s*(?!=)(.+)", text, re.DOTALL)
        if match:
            target, sign, value = match.groups()
            if sign in ("+=", "-="):
                value = f"{target} {sign[0]} {value}"
            return Set(target, Expression.parse(value, context))
        raise ValueError(
            f"`{text[:60]}` is not a step: write `if`, `ask`, `FIELD = VALUE`, `create`, `delete`, `email`, `notify` or `webhook`"
        )


@dataclass(frozen=True)
class If(Step):
    """Go on only while the condition holds; a button is shown only while it holds."""

    condition: Expression

    def __str__(self) -> str:
        return f"if {self.condition}"


@dataclass(frozen=True)
class Ask(Step):
    """Ask the person for a field: of this record, or of the one just created (`Loan.due`)."""

    path: str

    def __str__(self) -> str:
        return f"ask {self.path}"


@dataclass(frozen=True)
class Confirm(Step):
    """Ask the person to confirm."""

    text: str

    def __str__(self) -> str:
        return f"confirm {_quote(self.text)}"


@dataclass(frozen=True)
class Set(Step):
    """Set a field: of this record, through a reference, or of records of another entity that belong to this one."""

    path: str
    value: Expression

    def __str__(self) -> str:
        return f"{self.path} = {self.value}"


@dataclass(frozen=True)
class Create(Step):
    """Make a record of another entity, tied to this one by its reference."""

    entity: str

    def __str__(self) -> str:
        return f"create {self.entity}"


@dataclass(frozen=True)
class Delete(Step):
    """Delete this record."""

    def __str__(self) -> str:
        return "delete"


@dataclass(frozen=True)
class Email(Step):
    """Send an email: to a person or an address reached by a path, to a role, or to all records of an entity."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"email {self.who} {_quote(self.text)}"


@dataclass(frozen=True)
class Notify(Step):
    """Show a notification in the app."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"notify {self.who} {_quote(self.text)}"


@dataclass(frozen=True)
class Webhook(Step):
    """Send the record as JSON to an address."""

    url: str

    def __str__(self) -> str:
        return f"webhook {self.url}"


def _path(text: str, wanted: str) -> str:
    if not PATH.fullmatch(text):
        raise ValueError(f"`{text[:40]}` is not {wanted}" if text else f"missing is {wanted}")
    return text


def _name(text: str, wanted: str) -> str:
    if not text.isidentifier():
        raise ValueError(f"`{text[:40]}` is not {wanted}" if text else f"missing is {wanted}")
    return text


def _words(text: str, wanted: str) -> str:
    text = text.strip()
    match = QUOTED.fullmatch(text)
    if not match:
        raise ValueError(f"missing are {wanted}" if not text else f"`{text[:40]}` does not end its quotes")
    if text[0] in "\"'":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    if not text.strip():
        raise ValueError(f"missing are {wanted}")
    return text


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_or_more(value: Any) -> Any:
    """A single step may stand without a list; several may be divided by `;`."""
    if isinstance(value, str):
        return [part for part in re.split(r"\s*;\s*(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", value) if part]
    return value


def alone_or_list(value: list[Any]) -> Any:
    """One stands alone, several are a list: the canonical form of everything that may be one or more."""
    return str(value[0]) if len(value) == 1 else [str(item) for item in value]


ONE_OR_LIST = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

Steps = Annotated[
    list[Step],
    BeforeValidator(one_or_more),
    PlainSerializer(alone_or_list),
    WithJsonSchema({"description": Step.describes, **ONE_OR_LIST}),
]


@dataclass(frozen=True)
class Button(Spelled):
    """`Label -> Page`: a button that leads to a page or a web address."""

    label: str
    to: str

    describes: ClassVar[str] = "Label -> Page"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        label, arrow, to = re.sub(r"→|=>|-->", "->", text).rpartition("->")
        if not arrow:
            # Only a label: it leads to the page of that name, which the binder checks.
            label = to
        label, to = label.strip().strip("\"'"), to.strip().strip("\"'")
        if not label or not to:
            raise ValueError("write a button as `Label -> Page`")
        return cls(label, to)

    def __str__(self) -> str:
        return f"{self.label} -> {self.to}"


TRIGGER_CHANGE = re.compile(r"(?:when|on|after)\s+(\w+)(?:\s+(?:is|was))?\s+(created|updated|deleted)", re.IGNORECASE)
TRIGGER_FIELD = re.compile(r"(?:when|on)\s+(\w+)\.(\w+)\s+(?:is\s+)?change[sd]?", re.IGNORECASE)
TRIGGER_WHEN = re.compile(r"(?:when|if)\s+(\w+)(?:\s+where|\s+becomes|\.|\s)\s*(.+)", re.IGNORECASE | re.DOTALL)
TRIGGER_TIME = re.compile(
    r"(\d{1,4})\s+(minute|hour|day|week|month)s?\s+(before|after)\s+(\w+)\.(\w+)(?:\s+where\s+(.+))?",
    re.IGNORECASE | re.DOTALL,
)
TRIGGER_TIME_V0 = re.compile(
    r"(before|after)\s+(\w+)\.(\w+)\s+(\d{1,4})\s+(minute|hour|day|week|month)s?", re.IGNORECASE
)
TRIGGER_EVERY = re.compile(
    r"every\s+(hour|day|week|month)(?:\s+for\s+(\w+)(?:\s+where\s+(.+))?)?", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Trigger(Spelled):
    """What starts an automation.

    kind is created, updated, deleted, changes (a field), becomes (the condition turns true), before, after or every.
    """

    kind: str
    entity: str = ""
    field: str = ""  # changes: the field; before and after: the date
    number: int = 0  # before and after: how many units
    unit: str = ""  # minute, hour, day, week, month
    condition: Expression | None = None

    describes: ClassVar[str] = (
        "when Order created | when Order status = Paid | 1 day before Booking.starts | every day for Task where due < today"
    )

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        def condition(words: str | None) -> Expression | None:
            return Expression.parse(words, context) if words else None

        text = " ".join(text.split())
        if match := TRIGGER_CHANGE.fullmatch(text):
            return cls(match[2].lower(), match[1])
        if match := TRIGGER_FIELD.fullmatch(text):
            return cls("changes", match[1], match[2])
        if match := TRIGGER_TIME.fullmatch(text):
            return cls(match[3].lower(), match[4], match[5], int(match[1]), match[2].lower(), condition(match[6]))
        if match := TRIGGER_TIME_V0.fullmatch(text):
            return cls(match[1].lower(), match[2], match[3], int(match[4]), match[5].lower())
        if match := TRIGGER_EVERY.fullmatch(text):
            return cls("every", match[2] or "", unit=match[1].lower(), condition=condition(match[3]))
        if match := TRIGGER_WHEN.fullmatch(text):
            return cls("becomes", match[1], condition=condition(match[2]))
        raise ValueError(
            f"`{text[:60]}` is not a trigger: write `when Order created`, `when Order status = Paid`, `1 day before Booking.starts` or `every day`"
        )

    def __str__(self) -> str:
        match self.kind:
            case "created" | "updated" | "deleted":
                return f"when {self.entity} {self.kind}"
            case "changes":
                return f"when {self.entity}.{self.field} changes"
            case "becomes":
                return f"when {self.entity} {self.condition}"
            case "every":
                said = f"every {self.unit}" + (f" for {self.entity}" if self.entity else "")
            case _:
                many = "" if self.number == 1 else "s"
                said = f"{self.number} {self.unit}{many} {self.kind} {self.entity}.{self.field}"
        return f"{said} where {self.condition}" if self.condition else said
