"""What all admin pages share: who may see them, and the tabs between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Forbidden
from ..render import render

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit

TABS = (
    ("Overview", "/admin"),
    ("People", "/admin/people"),
    ("Outbox", "/admin/outbox"),
    ("Settings", "/admin/settings"),
)


def admins_only(visit: Visit) -> None:
    """Raises Forbidden, which sends strangers to the log-in."""
    if not visit.visitor.is_admin:
        raise Forbidden


def show(visit: Visit, template: str, current: str, *, status: int = 200, **context: Any) -> Response:
    """An admin page; current is the path of its tab."""
    tabs = [{"title": title, "url": visit.url(path), "current": path == current} for title, path in TABS]
    return render(visit, f"admin/{template}.html", status=status, tabs=tabs, **context)
