"""The app's name, words, look and roles."""

from __future__ import annotations

import re

from ..meaning import Meaning
from ..names import snake
from ..schema import MOST_ROLES, STYLES
from .base import Base, can_be_role
from .faults import Wrong
from .near import near
from .ways import at, put


class OfHead(Base):
    """Repairs of the head."""

    def _app(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        name = self.tree.get("app")
        self.tree["app"] = (name.strip()[:80].strip() if isinstance(name, str) else "") or "My app"
        self.say("shortened the app's name")
        return True

    def _about(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        about = self.tree.get("about")
        if isinstance(about, str) and len(about) > 400:
            self.tree["about"] = about[:397].rsplit(" ", 1)[0] + "..."
            self.say("shortened the description")
            return True
        return self._out(("about",), wrong.message)

    def _theme(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        value = at(self.tree, wrong.way)
        if wrong.way[1:] == ("style",) and isinstance(value, str) and (style := near(value, STYLES, 60)):
            put(self.tree, wrong.way, style)
            self.say(f"theme: wrote the style `{style}` for `{value}`")
            return True
        return self._hint(wrong) or self._out(wrong.way, wrong.message)

    def _roles(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        roles = self.tree.get("roles")
        if not isinstance(roles, list):
            return self._out(("roles",), wrong.message)
        kept: list[str] = []
        for role in roles:
            name = snake(role) if isinstance(role, str) else ""
            if can_be_role(name) and name not in kept:
                kept.append(name)
        if kept[:MOST_ROLES] == roles:
            return self._out(wrong.way, wrong.message)
        self.tree["roles"] = kept[:MOST_ROLES]
        self.say("put the roles right")
        return True

    def _signup(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        words = re.split(r"\s+or\s+|[,\s]+", str(self.tree.get("signup")))
        known = [*self._known_roles, "user", "invite"]
        kept = [meant for word in words if (meant := near(word, known))]
        text = " or ".join(dict.fromkeys(kept))
        if not text or text == self.tree.get("signup"):
            return self._out(("signup",), wrong.message)
        self.tree["signup"] = text
        self.say(f"signup: wrote `{text}`")
        return True
