"""What keeps forms that strangers may send from being flooded: a trap for programs, and a limit for each address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..people.limits import Limit, spend

if TYPE_CHECKING:
    from ..visit import Visit

TRAP = "contact-me-by"  # no field can be called so
SENT = Limit("form address", 20)


def trapped(visit: Visit) -> bool:
    """Did a program fill in what no person sees? It is told that all went well."""
    return visit.visitor.id is None and bool(visit.form.get(TRAP).strip())


def may_send(visit: Visit) -> None:
    """Count a form of somebody without an account. Raises TooMany when there were too many from their address."""
    if visit.visitor.id is None:
        spend(visit.app, (SENT, visit.client))
