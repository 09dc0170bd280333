"""An app in memory and a person who uses it without a browser: pages, forms as they stand on the page, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.people import accounts
from espalier.runtime.records import Records
from espalier.runtime.visit import Form, Upload, Visit

NOW = datetime(2026, 11, 22, 12, 0)


def make(text: str, **more: Any) -> App:
    return App(read(text), clock=lambda: NOW, **more)


def person(app: App, name: str, role: str | None = None) -> Visitor:
    """Somebody with an account."""
    with app.database.write() as connection:
        id = accounts.create(app, connection, name=name, email=f"{name.lower()}@example.com", role=role, password=None)
    return Visitor(id, name, f"{name.lower()}@example.com", role)


@dataclass
class Sheet:
    """A form on a page: where it goes, and its inputs as they stand."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Sheet] = []
        self.by_id: dict[str, Sheet] = {}
        self.open: Sheet | None = None
        self.select: tuple[Sheet, str] | None = None
        self.area: tuple[Sheet, str] | None = None
        self.first: str | None = None
        self.chosen = False
        self.button = False
        self.skip = 0

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.open = Sheet(said.get("action", ""), said.get("method", "get"))
            self.forms.append(self.open)
            if said.get("id"):
                self.by_id[said["id"]] = self.open
        sheet = self.by_id.get(said["form"]) if "form" in said else self.open
        if sheet is None:
            return
        name = said.get("name", "")
        if name and tag in ("input", "select", "textarea"):
            sheet.names.append(name)
        if tag == "input" and name:
            kind = said.get("type", "text")
            if kind in ("checkbox", "radio"):
                sheet.options.setdefault(name, []).append(said.get("value", "on"))
                if "checked" in said:
                    sheet.values.setdefault(name, []).append(said.get("value", "on"))
            elif kind != "file":
                sheet.values.setdefault(name, []).append(said.get("value") or "")
        elif tag == "select" and name:
            self.select, self.first, self.chosen = (sheet, name), None, False
            self.many = "multiple" in said
        elif tag == "option" and self.select:
            sheet, name = self.select
            value = said.get("value", "")
            sheet.options.setdefault(name, []).append(value)
            if self.first is None:
                self.first = value
            if "selected" in said:
                sheet.values.setdefault(name, []).append(value)
                self.chosen = True
        elif tag == "textarea" and name:
            self.area = (sheet, name)
            sheet.values.setdefault(name, []).append("")
        elif tag == "button":
            self.button = True

    def handle_data(self, data):
        if self.area:
            sheet, name = self.area
            sheet.values[name][-1] += data
        elif self.button and self.open is not None:
            self.open.buttons.append(data.strip())

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select" and self.select:
            sheet, name = self.select
            if not self.chosen and not self.many and self.first is not None:
                sheet.values.setdefault(name, []).append(self.first)
            self.select = None
        elif tag == "textarea" and self.area:
            sheet, name = self.area
            sheet.values[name][-1] = sheet.values[name][-1].removeprefix("\n")
            self.area = None
        elif tag == "button":
            self.button = False


class User:
    """A person in front of an app, without scripts."""

    def __init__(self, app: App, visitor: Visitor | None = None) -> None:
        self.app = app
        self.visitor = visitor or Visitor()
        self.status = 0
        self.text = ""
        self.headers: Any = {}
        self.url = "/"
        self.cookies: dict[str, str] = {}

    @property
    def records(self) -> Records:
        return Records(self.app, self.visitor)

    def get(self, url: str, follow: bool = True, **headers: str) -> User:
        return self._ask("GET", url, None, follow, headers)

    def post(self, url: str, values: Any, follow: bool = True, csrf: bool = True, **headers: str) -> User:
        given = Form.of(values)
        if csrf:
            token = Visit(self.app, visitor=self.visitor).csrf
            given = Form(
                [*((name, value) for name in given for value in given.all(name)), ("csrf", token)],
                [(name, upload) for name in given for upload in given.files(name)],
            )
        return self._ask("POST", url, given, follow, headers)

    def _ask(self, method: str, url: str, form: Any, follow: bool, headers: dict[str, str]) -> User:
        path, _, query = url.partition("#")[0].partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        visit = Visit(
            self.app,
            method,
            path,
            query=query,
            form=form,
            visitor=self.visitor,
            headers=sent,
            client="127.0.0.1",
            cookies=self.cookies,
        )
        response = self.app.respond(visit)
        for said in response.headers.getlist("set-cookie"):
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        self.status, self.headers, self.url = response.status_code, response.headers, url
        self.body = response.body
        self.text = response.body.decode("utf-8", "replace")
        if follow and self.status in (302, 303):
            return self.get(response.headers["location"], **headers)
        return self

    @property
    def forms(self) -> list[Sheet]:
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def form(self, holds: str) -> Sheet:
        """The form that has an input of this name, or a button of this label."""
        return next(sheet for sheet in self.forms if holds in sheet.names or holds in sheet.buttons)

    def fill(self, holds: str, follow: bool = True, **values: Any) -> User:
        """Fill in the form that has an input (or button) of this name and send it, with all that stands in it."""
        sheet = self.form(holds)
        sent: dict[str, Any] = {name: list(texts) for name, texts in sheet.values.items() if name != "csrf"}
        for name, value in values.items():
            sent[name] = value if isinstance(value, list | Upload) else [str(value)]
        assert sheet.method.lower() == "post", sheet
        return self.post(sheet.action or self.url, sent, follow)
