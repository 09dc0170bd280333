"""People: accounts and the ways into one (sign-up, log-in, reset, invitation, the first admin), sessions, roles,
notifications, and the limits that keep guessing slow. Reads and writes the credential, token, attempt and notification
tables; what a person may do with records is access.py's matter."""

from . import account, invite, login, notifications, reset, signup, welcome

ROUTES = [
    *login.ROUTES,
    *signup.ROUTES,
    *reset.ROUTES,
    *invite.ROUTES,
    *welcome.ROUTES,
    *account.ROUTES,
    *notifications.ROUTES,
]
