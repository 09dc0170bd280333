"""The OpenAPI 3.1 description of an app's API, as far as one visitor may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.field import Field
from espalier.blueprint.fields import read_range
from espalier.blueprint.meaning import SYSTEM_FIELDS
from espalier.blueprint.names import label, plural, words

from . import values
from .entities import LARGEST_PAGE

if TYPE_CHECKING:
    from ..visit import Visit

REFERENCE = {"type": "integer", "minimum": 1}
SHAPES: dict[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "percent": {"type": "number"},
    "rating": {"type": "number", "minimum": 1, "maximum": 5},
    "money": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string"},
    "time": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "json": {},
    "marks": {"type": "integer", "minimum": 0},
    "reference": REFERENCE,
}


def describe(visit: Visit) -> dict[str, Any]:
    """The description as a dict that json.dumps takes."""
    blueprint, records = visit.app.blueprint, visit.records
    paths: dict[str, Any] = {
        "/api/login": {
            "post": _operation(
                "Sign in",
                "login",
                body={"$ref": "#/components/schemas/Login"},
                answers={"200": _json("A key", {"type": "object"})},
                refusals=(400, 422, 429),
            )
        },
        "/api/me": {
            "get": _operation("Who am I", "me", answers={"200": _json("Me", {"type": "object"})}, refusals=(403,))
        },
    }
    schemas: dict[str, Any] = {
        "Login": _object({"email": {"type": "string"}, "password": {"type": "string"}}, ["email", "password"]),
        "Error": _object(
            {"error": {"type": "string"}, "status": {"type": "integer"}, "errors": {"type": "object"}},
            ["error", "status"],
        ),
    }
    for entity in blueprint.entities:
        if not records.can("read", entity) and not records.can("create", entity):
            continue
        schemas[entity] = _read_schema(visit, entity)
        schemas[f"{entity}Values"] = _write_schema(visit, entity)
        paths |= _paths(visit, entity)
    return {
        "openapi": "3.1.0",
        "info": {"title": blueprint.app, "description": blueprint.about, "version": "1"},
        "servers": [{"url": visit.root or "/"}],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _paths(visit: Visit, entity: str) -> dict[str, Any]:
    records = visit.records
    many, one = words(plural(entity)), words(entity)
    record = {"$ref": f"#/components/schemas/{entity}"}
    body = {"$ref": f"#/components/schemas/{entity}Values"}
    whole: dict[str, Any] = {}
    single: dict[str, Any] = {}
    if records.can("read", entity):
        page = _object(
            {
                "items": {"type": "array", "items": record},
                "total": {"type": "integer"},
                "limit": {"type": "integer"},
                "offset": {"type": "integer"},
            },
            ["items", "total", "limit", "offset"],
        )
        whole["get"] = _operation(
            f"List {many}",
            f"list{entity}",
            answers={"200": _json(f"A page of {many}", page)},
            refusals=(404, 422),
            parameters=_filters(visit, entity),
        )
        single["get"] = _operation(
            f"Show one {one}", f"get{entity}", answers={"200": _json(label(entity), record)}, refusals=(404,)
        )
    if records.can("create", entity):
        whole["post"] = _operation(
            f"Add a {one}",
            f"create{entity}",
            body=body,
            answers={"201": _json(f"The new {one}", record)},
            refusals=(400, 403, 422),
        )
    if records.can("update", entity):
        single["patch"] = _operation(
            f"Change a {one}",
            f"update{entity}",
            body=body,
            answers={"200": _json(f"The changed {one}", record)},
            refusals=(400, 403, 404, 409, 422),
        )
    if records.can("delete", entity):
        single["delete"] = _operation(
            f"Delete a {one}", f"delete{entity}", answers={"204": {"description": "Deleted"}}, refusals=(403, 404, 422)
        )
    said: dict[str, Any] = {}
    if whole:
        said[f"/api/{entity}"] = whole
    if single:
        said[f"/api/{entity}/{{id}}"] = single | {"parameters": [_id()]}
    fields = records.entity(entity).fields
    for name in records.readable_fields(entity):
        if fields[name].kind == "marks":
            ways = {
                method: _operation(
                    f"{verb} my mark under {words(name)}",
                    f"{method}{entity}{name}",
                    answers={"200": _json("Whether it is marked", {"type": "object"})},
                    refusals=(403, 404),
                )
                for method, verb in (("put", "Put"), ("delete", "Take away"))
            }
            said[f"/api/{entity}/{{id}}/marks/{name}"] = ways | {"parameters": [_id()]}
    for action in records.entity(entity).action_list:
        asked = {"type": "object"}
        answers = {
            "200": _json(f"The {one} afterwards", record),
            "204": {"description": "Done; the record is out of sight"},
        }
        said[f"/api/{entity}/{{id}}/actions/{action.slug}"] = {
            "post": _operation(
                action.label,
                f"act{entity}{action.slug}",
                body=asked,
                answers=answers,
                refusals=(400, 403, 404, 409, 422),
                demanded=False,
            ),
            "parameters": [_id()],
        }
    return said


def _filters(visit: Visit, entity: str) -> list[dict[str, Any]]:
    fields = visit.records.entity(entity).fields
    order = {"type": "string", "description": "a field, or -field for the largest first"}
    said = [
        _query("search", {"type": "string", "maxLength": 200}),
        _query("sort", order),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}),
        _query("offset", {"type": "integer", "minimum": 0, "maximum": 10**9}),
    ]
    for name in visit.records.readable_fields(entity):
        if fields[name].kind == "choice" and not fields[name].many:
            said.append(_query(name, {"type": "string", "enum": list(fields[name].choices)}))
        elif fields[name].kind == "reference":
            said.append(_query(name, REFERENCE))
    return said


def _read_schema(visit: Visit, entity: str) -> dict[str, Any]:
    fields = visit.records.entity(entity).fields
    properties: dict[str, Any] = {"id": {"type": "integer"}}
    for name in values.shown(visit.records, entity):
        properties[name] = _nullable(_shape(fields.get(name) or SYSTEM_FIELDS[name]))
    if any(fields[name].kind == "marks" for name in properties if name in fields):
        properties["marked"] = {"type": "array", "items": {"type": "string"}}
    return {**_object(properties, ["id"]), "additionalProperties": False}


def _write_schema(visit: Visit, entity: str) -> dict[str, Any]:
    fields = visit.records.entity(entity).fields
    operations = [operation for operation in ("create", "update") if visit.records.can(operation, entity)]
    names = dict.fromkeys(name for operation in operations for name in visit.records.writable_fields(entity, operation))
    return _object({name: _nullable(_shape(fields[name])) for name in names}, [])


def _shape(field: Field) -> dict[str, Any]:
    if field.kind == "choice":
        said: dict[str, Any] = {"type": "string", "enum": list(field.choices)}
    else:
        said = dict(SHAPES.get(field.kind, {"type": "string"}))
    if field.kind in ("int", "number", "money", "percent") and field.parameter:
        bounds = read_range(field.parameter)
        said |= {
            name: value for name, value in (("minimum", bounds.low), ("maximum", bounds.high)) if value is not None
        }
    if field.kind == "reference":
        said["description"] = f"the id of a {words(field.target)}"
    return {"type": "array", "items": said} if field.many and field.kind != "tags" else said


def _nullable(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "null"}]} if shape else {}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "object", "properties": properties}
    return said | {"required": required} if required else said


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _id() -> dict[str, Any]:
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 10**17},
    }


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


REFUSALS = {
    400: "The request cannot be read",
    403: "Not for this person",
    404: "Not there, or not for this person",
    409: "Somebody else changed it in between",
    422: "Values that do not fit, by field",
    429: "Too many tries",
}


def _operation(
    summary: str,
    name: str,
    *,
    answers: dict[str, Any],
    refusals: tuple[int, ...],
    body: dict[str, Any] | None = None,
    parameters: list[dict[str, Any]] | None = None,
    demanded: bool = True,
) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    said: dict[str, Any] = {
        "summary": summary,
        "operationId": name,
        "responses": answers | {str(code): _json(REFUSALS[code], error) for code in refusals},
    }
    if parameters:
        said["parameters"] = parameters
    if body is not None:
        said["requestBody"] = {"required": demanded, "content": {"application/json": {"schema": body}}}
    return said
