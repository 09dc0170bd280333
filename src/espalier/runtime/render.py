"""Templates: one environment for all apps of the process, and the two ways to use it.

A template lies beside the Python that renders it and is named by its way from runtime/ (`people/login.html`); what all
share (`base.html`, `ui.html`, `forms.html`) comes from the look. Escaping is always on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from jinja2 import Environment

    from .look.shell import Shell
    from .visit import Visit

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """The environment of the whole process; whoever has a filter or a global for their templates adds it here."""
    from .look.environment import environment as of_the_look

    return of_the_look(HERE)


def shell_of(visit: Visit) -> Shell:
    """The look's Shell for this visit, made once."""
    if visit.shell is None:
        visit.shell = visit.app.shell(visit)
    return visit.shell


def fragment(visit: Visit, template: str, /, **context: Any) -> Markup:
    """A part of a page. The template has `app` (the look's Shell), `visit`, and what is given."""
    made = environment().get_template(template).render(visit=visit, app=shell_of(visit), **context)
    return Markup(made)  # noqa: S704 - escaped by the environment


def render(visit: Visit, template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page: the same context, `status` too; `base.html` takes `title`, `description` and `blocks` from it."""
    return HTMLResponse(fragment(visit, template, status=status, **context), status_code=status)
