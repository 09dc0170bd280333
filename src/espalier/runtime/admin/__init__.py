"""The admin's pages, which every app has by itself: the data, the people, the outbox, what is set.

Everything here is for admins only. Data is read through Records like everywhere; people through people/accounts.py.
"""

from __future__ import annotations

from . import data, outbox, overview, people

ROUTES = [*overview.ROUTES, *data.ROUTES, *people.ROUTES, *outbox.ROUTES]
