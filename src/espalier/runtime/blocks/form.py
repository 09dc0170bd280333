"""A form that makes a record and stays on its page."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from espalier.blueprint.field import Field
from espalier.blueprint.names import label

from ..errors import Forbidden
from ..forms import RecordForm
from ..forms.strangers import may_send, trapped
from ..records.record import Record
from ..render import fragment
from .actions import dialog
from .frame import DataFrame, ties

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..visit import Visit

DONE = "Thank you. It is saved."


def render(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Markup:
    """The form; the words after saving; nothing for people who may not send it."""
    form = Form(block, visit, page, this)
    if not form.open:
        if visit.visitor.id is None:
            return fragment(visit, "blocks/form_closed.html", form=form)
        return Markup()
    return fragment(visit, "blocks/form.html", form=form)


def submit(block: Any, visit: Visit, page: Page, this: Record | None = None) -> Response | None:
    """Save what was sent; None when something does not fit, and the page is drawn again with the slips."""
    form = Form(block, visit, page, this)
    if not form.open:
        raise Forbidden()
    if trapped(visit):
        return RedirectResponse(form.done_url, 303)
    may_send(visit)
    sent = form.form.read()
    if sent.save() is None:
        form.display.given[form.key] = sent
        return None
    return RedirectResponse(form.done_url, 303)


class Form(DataFrame):
    """What the template draws. Blocks for which a form stands in (wizard, booking) have fewer options."""

    @cached_property
    def form(self) -> RecordForm:
        given = self.display.given.get(self.key)
        if isinstance(given, RecordForm):
            return given
        return RecordForm(
            self.visit, self.entity, self.names or None, preset=self.preset, start=self.start, key=self.key, lines=True
        )

    @property
    def names(self) -> list[str]:
        steps = getattr(self.block, "steps", None) or {}
        named = [str(path) for paths in steps.values() for path in paths] or [str(path) for path in self.block.show]
        if self.block.source.by and named and self.block.source.by not in named:
            named.append(self.block.source.by)
        return named

    @cached_property
    def preset(self) -> dict[str, Any]:
        """Values that nobody is asked for: what the block sets, and the record of the page that the new one belongs to."""
        preset: dict[str, Any] = dict(self.records.preset(self.entity, getattr(self.block, "set", ()), self.this))
        tie = self._tie
        if (
            tie is not None
            and tie.name not in preset
            and self.this is not None
            and tie.name not in map(str, self.block.show)
        ):
            preset[tie.name] = [self.this.id] if tie.many else self.this.id
        return preset

    @property
    def _tie(self) -> Field | None:
        """The field by which a new record belongs to the page's; None when there is none, or more than one could be meant."""
        if self.this is None:
            return None
        names = ties(self.visit.app.blueprint, self.entity, self.this.entity)
        fields = self.spec.fields
        parts = [name for name in names if fields[name].part]
        chosen = parts or [name for name in names if not fields[name].many] or names
        return fields[chosen[0]] if len(chosen) == 1 and fields[chosen[0]].typed_in else None

    @property
    def start(self) -> dict[str, str]:
        tie = self._tie
        return {tie.name: str(self.this.id)} if tie is not None and self.this is not None else {}

    @property
    def open(self) -> bool:
        return self.entity != "User" and self.records.can("create", self.entity)

    @property
    def heading(self) -> str:
        # The first block of a page stands below the page's own name, which says it.
        return self.block.title or ("" if self.at == 0 else f"New {self.display.singular(self.entity)}")

    @property
    def button(self) -> str:
        return getattr(self.block, "button", "") or "Send"

    @property
    def done(self) -> str:
        """The words after saving, on the page that follows it; "" before."""
        return (getattr(self.block, "done", "") or DONE) if self.visit.query.get(f"{self.key}-done") else ""

    @property
    def done_url(self) -> str:
        return f"{self.page_url}?{self.key}-done=1#{self.anchor}"

    @property
    def trap(self) -> bool:
        return self.visit.visitor.id is None

    @property
    def dialog(self) -> Markup:
        return dialog(self.visit)

    @property
    def noun(self) -> str:
        return label(self.entity)
