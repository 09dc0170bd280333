"""A form as it stands on a page: where it goes, its inputs with what stands in them, and what is said at each.

Read from the HTML, as a browser without scripts would. What to fill in is values.py's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .subject import Answer

FILES = "file"
TRAP = "contact-me-by"


@dataclass
class Input:
    """One name in a form. values: what stands in it; options: among what one chooses, None when one types."""

    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] | None = None


@dataclass
class Sheet:
    """A form that is posted. inputs: by name, hidden ones too; said: the words of errors by name, "" for those above it."""

    action: str
    inputs: dict[str, Input]
    said: dict[str, str]
    node: Any

    @property
    def fields(self) -> list[str]:
        """The names of the record's fields that it asks for."""
        asked = self.inputs.get("all-of")
        return asked.values[0].split() if asked is not None and asked.values else []

    def options(self, name: str) -> list[str] | None:
        """The values that an input offers, without the empty one; None when it is typed into, or is not there."""
        found = self.inputs.get(name)
        if found is None or found.options is None:
            return None
        return [one for one in found.options if one]

    def has(self, name: str) -> bool:
        """Can this field be filled in?"""
        return name in self.inputs or f"{name}-kept" in self.inputs

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent: everything that stands in it, with these fields filled in (texts, uploads, or nothing)."""
        sent: dict[str, Any] = {
            name: list(one.values) for name, one in self.inputs.items() if name not in given and name != "csrf"
        }
        for name, values in given.items():
            sent[name] = self.nothing(name) if values == [] else values if isinstance(values, list) else [values]
        return {name: values for name, values in sent.items() if values}

    def nothing(self, name: str) -> list[str]:
        """What a browser sends for an input that is left empty: an empty text; of boxes and files nothing."""
        found = self.inputs.get(name)
        return [""] if found is not None and found.kind not in ("checkbox", "radio", FILES) else []


def sheets(answer: Answer) -> list[Sheet]:
    """The forms of a page that are posted, in order."""
    return [_read(node) for node in _forms(answer)]


def sheet_of_block(answer: Answer, at: int) -> Sheet | None:
    """The form of the page's block of this number."""
    wanted = str(at)
    for node in _forms(answer):
        inner = node.css_first('input[name="to-block"]')
        if inner is not None and inner.attributes.get("value") == wanted and node.css_first('[name="all-of"]'):
            return _read(node)
    return None


def record_sheet(answer: Answer) -> Sheet | None:
    """The form of a page for a new or edited record."""
    for node in _forms(answer):
        if node.css_first('[name="all-of"]') is not None and node.css_first('[name="to-block"]') is None:
            return _read(node)
    return None


def _forms(answer: Answer) -> Iterator[Any]:
    for node in answer.tree.css("form"):
        if (node.attributes.get("method") or "").lower() == "post":
            yield node


def _read(node: Any) -> Sheet:
    inputs: dict[str, Input] = {}
    said: dict[str, str] = {}
    for one in node.css("input, select, textarea"):
        about = one.attributes
        name = about.get("name") or ""
        if not name or name == TRAP or "disabled" in about:
            continue
        if one.tag == "input":
            _input(inputs, name, about)
        elif one.tag == "select":
            _select(inputs, name, one, "multiple" in about)
        else:
            text = one.text(deep=True)
            inputs[name] = Input("long", [text.removeprefix("\n")] if text.strip() else [])
        if name not in said and (words := _words_at(one, node)):
            said[name] = words
    notice = node.css_first(".notice[role=alert]")
    if notice is not None:
        said[""] = notice.text(separator=" ", strip=True)
    return Sheet(node.attributes.get("action") or "", inputs, said, node)


def _input(inputs: dict[str, Input], name: str, about: Mapping[str, str | None]) -> None:
    kind = about.get("type") or "text"
    value = about.get("value") or ""
    if kind in ("checkbox", "radio"):
        found = inputs.setdefault(name, Input(kind, [], []))
        if found.options is None:
            found.options = []
        found.options.append(value or "on")
        if "checked" in about:
            found.values.append(value or "on")
    elif kind == FILES:
        inputs[name] = Input(FILES)
    else:
        inputs.setdefault(name, Input(kind)).values.append(value)


def _select(inputs: dict[str, Input], name: str, node: Any, many: bool) -> None:
    found = Input("select", [], [])
    for option in node.css("option"):
        value = option.attributes.get("value")
        value = option.text(strip=True) if value is None else value
        assert found.options is not None
        found.options.append(value)
        if "selected" in option.attributes:
            found.values.append(value)
    if not found.values and found.options and not many:
        found.values.append(found.options[0])
    inputs[name] = found


def _words_at(node: Any, form: Any) -> str:
    """The words of an error in the field around an input."""
    around = node.parent
    while around is not None and around.tag != "form":
        classes = (around.attributes.get("class") or "").split()
        if "field" in classes or around.tag == "fieldset":
            error = around.css_first(".field-error")
            if error is not None:
                return str(error.text(separator=" ", strip=True))
            if "field-wide" in classes or around.tag == "fieldset":
                break
        around = around.parent
    return ""
