"""The API's own page: for people a readable reference, for programs its OpenAPI description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from ..render import render
from .description import describe as description_of

if TYPE_CHECKING:
    from ..visit import Visit


def describe(visit: Visit) -> Response:
    return JSONResponse(description_of(visit))


def show(visit: Visit) -> Response:
    if "text/html" not in visit.headers.get("accept", "text/html"):
        return RedirectResponse(visit.url("/api/openapi.json"), 303)
    said = description_of(visit)
    return render(
        visit,
        "api/page.html",
        title="API",
        groups=_groups(said),
        schemas=said["components"]["schemas"],
        base=visit.absolute("/api"),
    )


def _groups(said: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by entity, each with method, path, summary and the fields that it takes."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, ways in said["paths"].items():
        word = path.split("/")[2]
        name = word if word in said["components"]["schemas"] else "Signing in"
        for method, operation in ways.items():
            if method != "parameters":
                asked = (
                    operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                )
                schema = said["components"]["schemas"].get(asked.get("$ref", "").rpartition("/")[2], {})
                groups.setdefault(name, []).append(
                    {
                        "method": method.upper(),
                        "path": path,
                        "summary": operation["summary"],
                        "takes": [
                            *schema.get("properties", {}),
                            *(one["name"] for one in operation.get("parameters", ())),
                        ],
                    }
                )
    return groups
