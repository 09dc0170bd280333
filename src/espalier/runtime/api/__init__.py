"""The JSON API: every entity under /api, with the same access as the pages, and its OpenAPI description.

Programs sign in at /api/login and send the key they get as `Authorization: Bearer KEY`; a page of the app may use the
visitor's own session with the header `X-CSRF-Token`.
"""

from ..routes import route
from . import entities, keys, page

ROUTES = [
    route("GET", "/api", page.show),
    route("GET", "/api/openapi.json", page.describe),
    route("POST", "/api/login", keys.login, open=True),
    route("POST", "/api/logout", keys.logout),
    route("GET", "/api/me", keys.me),
    route("GET", "/api/{entity}", entities.index),
    route("POST", "/api/{entity}", entities.create),
    route("GET", "/api/{entity}/{id:int}", entities.show),
    route("PATCH", "/api/{entity}/{id:int}", entities.update),
    route("DELETE", "/api/{entity}/{id:int}", entities.delete),
    route("PUT", "/api/{entity}/{id:int}/marks/{field}", entities.mark),
    route("DELETE", "/api/{entity}/{id:int}/marks/{field}", entities.unmark),
    route("POST", "/api/{entity}/{id:int}/actions/{action}", entities.act),
]
