"""The pages of records: one in full, new, edited, deleted, its actions and marks; and what blocks on pages are sent.

Which blocks an `Each X` page has is the blueprint's; drawing them is blocks/'s, what may be done records/'s.
"""

from ..csv_files import ROUTES as CSV
from ..routes import route
from . import deeds, edit, page

ROUTES = [
    route("POST", "/", page.post_home),
    route("POST", "/{slug}", page.post_slug),
    route("GET", "/{entity}/new", edit.new),
    route("POST", "/{entity}/new", edit.create),
    route("GET", "/{entity}/{id:int}", page.show),
    route("POST", "/{entity}/{id:int}", page.post_record),
    route("GET", "/{entity}/{id:int}/edit", edit.edit),
    route("POST", "/{entity}/{id:int}/edit", edit.update),
    route("GET", "/{entity}/{id:int}/delete", deeds.ask_to_delete),
    route("POST", "/{entity}/{id:int}/delete", deeds.delete),
    route("GET", "/{entity}/{id:int}/do/{action}", deeds.ask),
    route("POST", "/{entity}/{id:int}/do/{action}", deeds.do),
    route("POST", "/{entity}/{id:int}/mark/{field}", deeds.mark),
    *CSV,
]
