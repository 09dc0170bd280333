"""Templates: one Jinja environment for all apps of the process, and the two ways to use it.

A template lies beside the Python that renders it and is named by its way from runtime/ (`people/login.html`); what all
share (`base.html`, `ui.html`) comes from look/templates. Escaping is always on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from .visit import Visit

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """The environment; whoever has filters or globals for all templates adds them here."""
    made = Environment(
        autoescape=True,
        loader=ChoiceLoader([FileSystemLoader(HERE / "look" / "templates"), FileSystemLoader(HERE)]),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    try:
        from .look import templating
    except ImportError:
        return made
    templating.prepare(made)
    return made


def fragment(visit: Visit, template: str, /, **context: Any) -> Markup:
    """A part of a page. The template gets `visit`, and what is given; a full page also gets `app`, see `render`."""
    return Markup(environment().get_template(template).render(visit=visit, **context))


def render(visit: Visit, template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page. `app` in its template is the look's Shell, `visit` the visit."""
    made = environment().get_template(template).render(visit=visit, app=visit.app.shell(visit), **context)
    return HTMLResponse(made, status_code=status)
