"""The admin's first page: what is in the app, and what waits; and what is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import func, select

from espalier.blueprint.names import label, plural
from espalier.config import PREFIX, Settings

from ..routes import route
from ..storage.system import credential, outbox
from . import frame

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit


def show(visit: Visit) -> Response:
    frame.admins_only(visit)
    app = visit.app
    with app.database.read() as connection:
        entities = [
            {
                "name": plural(label(entity)),
                "count": connection.execute(select(func.count()).select_from(app.database.tables[entity])).scalar_one(),
                "url": visit.url(f"/admin/data/{slug}"),
            }
            for entity, slug in app.entity_slugs.items()
            if entity != "User"
        ]
        people = connection.execute(select(func.count()).select_from(credential)).scalar_one()
        waiting = connection.execute(
            select(func.count()).select_from(outbox).where(outbox.c.sent.is_(None))
        ).scalar_one()
    return frame.show(
        visit,
        "overview",
        "/admin",
        title="Admin",
        entities=entities,
        people=people,
        waiting=waiting,
        problems=app.problems,
    )


def settings(visit: Visit) -> Response:
    """Every setting as it is; secrets are only said to be there."""
    frame.admins_only(visit)
    said = []
    for name, field in Settings.model_fields.items():
        value = getattr(visit.app.settings, name)
        if isinstance(value, SecretStr):
            value = "given" if value.get_secret_value() else "not given"
        said.append({"name": name, "value": str(value), "words": field.description, "variable": PREFIX + name.upper()})
    return frame.show(visit, "settings", "/admin/settings", title="Settings", settings=said)


ROUTES = [route("GET", "/admin", show), route("GET", "/admin/settings", settings)]
