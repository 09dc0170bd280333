"""The gateway: routes, fallback, budgets, limits, cost and telemetry before every model; an OpenAI-compatible server over it.

Knows nothing of apps, builds and people beyond the names that it is given for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import NoSuchModel, OverBudget, TooFast
    from .gateway import Gateway, ignore
    from .server import app

__all__ = ["Gateway", "NoSuchModel", "OverBudget", "TooFast", "app", "ignore"]

_WHERE = {
    "NoSuchModel": "errors",
    "OverBudget": "errors",
    "TooFast": "errors",
    "Gateway": "gateway",
    "ignore": "gateway",
    "app": "server",
}


def __getattr__(name: str) -> Any:
    """Loaded when it is used: the command line names this room at every start."""
    if name not in _WHERE:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
