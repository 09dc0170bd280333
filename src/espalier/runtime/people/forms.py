"""The small forms of the account pages: a heading, some fields, a button, a few links below. One template draws them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..render import render

if TYPE_CHECKING:
    from starlette.responses import Response

    from espalier.blueprint.field import Field as DataField

    from ..visit import Visit


@dataclass(frozen=True)
class Input:
    """One field of a form. type is that of the HTML input, or `textarea`, `select`, `choices`, `check`, `hidden`."""

    name: str
    label: str
    type: str = "text"
    value: str = ""
    required: bool = True
    hint: str = ""
    autocomplete: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """A link below a form."""

    words: str
    url: str


def show(
    visit: Visit,
    title: str,
    inputs: Sequence[Input],
    *,
    button: str,
    action: str | None = None,
    text: str = "",
    errors: Mapping[str, str] | None = None,
    ways: Sequence[Way] = (),
    status: int = 200,
) -> Response:
    """The page of a form. errors go with their fields; "" stands above all."""
    return render(
        visit,
        "people/form.html",
        status=status,
        title=title,
        text=text,
        inputs=inputs,
        button=button,
        action=action or visit.url(visit.path),
        errors=dict(errors or {}),
        ways=ways,
    )


def notice(visit: Visit, title: str, text: str, *, button: Way | None = None, status: int = 200) -> Response:
    """A page that only says something."""
    return render(visit, "people/notice.html", status=status, title=title, text=text, button=button)


EMAIL = Input("email", "Email", "email", autocomplete="username", more={"maxlength": 200})
NEW_PASSWORD = Input(
    "password",
    "Password",
    "password",
    hint="At least 8 characters.",
    autocomplete="new-password",
    more={"minlength": 8, "maxlength": 200},
)
NAME = Input("name", "Your name", autocomplete="name", more={"maxlength": 120})

_TYPES = {
    "email": "email",
    "phone": "tel",
    "url": "url",
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
    "color": "color",
}


def input_of(data_field: DataField, value: str = "") -> Input:
    """The input for a further field of User, with the text it holds."""
    name, label, required = data_field.name, data_field.label, data_field.required
    if data_field.kind == "choice" and not data_field.many:
        return Input(
            name, label, "select", value, required, options=tuple((choice, choice) for choice in data_field.choices)
        )
    if data_field.kind == "bool":
        return Input(name, label, "check", value, False)
    if data_field.kind in ("long", "json"):
        return Input(name, label, "textarea", value, required)
    hint = "Several, divided by commas." if data_field.many or data_field.kind == "tags" else ""
    return Input(name, label, _TYPES.get(data_field.kind, "text"), value, required, hint)
