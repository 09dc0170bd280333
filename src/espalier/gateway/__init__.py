"""The gateway: routes, fallback, budgets, limits, cost and telemetry before every model; an OpenAI-compatible server over it.

Knows nothing of apps, builds and people beyond the names that it is given for them.
"""

from .errors import NoSuchModel, OverBudget, TooFast
from .gateway import Gateway, ignore
from .server import app

__all__ = ["Gateway", "NoSuchModel", "OverBudget", "TooFast", "app", "ignore"]
