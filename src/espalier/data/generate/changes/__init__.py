"""Changes to an app that somebody may ask for: what is asked, in many words, and the app after it. One file a subject.

Every function takes a `Case` and gives a `Change`, or None where it does not fit. They are used twice: as edits of a finished
app, and to ask for more in the prompt of a pair that exists.
"""

from __future__ import annotations

from .base import Case, Change
from .choices import CHANGES as CHOICES
from .entities import CHANGES as ENTITIES
from .fields import CHANGES as FIELDS
from .happenings import CHANGES as HAPPENINGS
from .looks import CHANGES as LOOKS
from .pages import CHANGES as PAGES
from .rights import CHANGES as RIGHTS

# A function and how often it is tried, against the others.
ALL = (*FIELDS, *CHOICES, *LOOKS, *RIGHTS, *PAGES, *ENTITIES, *HAPPENINGS)

__all__ = ["ALL", "Case", "Change"]
