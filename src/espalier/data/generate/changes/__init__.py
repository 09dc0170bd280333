"""Changes to an app that somebody may ask for: what is asked, in many words, and the app after it. One file a subject.

Every function takes a `Case` and gives a `Change`, or None where it does not fit. They are used twice: as edits of a finished
app, and to ask for more in the prompt of a pair that exists.
"""

from __future__ import annotations

from .arranging import CHANGES as ARRANGING
from .base import Case, Change
from .blocks import CHANGES as BLOCKS
from .choices import CHANGES as CHOICES
from .contents import CHANGES as CONTENTS
from .entities import CHANGES as ENTITIES
from .fields import CHANGES as FIELDS
from .happenings import CHANGES as HAPPENINGS
from .looks import CHANGES as LOOKS
from .pages import CHANGES as PAGES
from .rewording import CHANGES as REWORDING
from .rights import CHANGES as RIGHTS

# A function and how often it is tried, against the others.
ALL = (*FIELDS, *CHOICES, *LOOKS, *RIGHTS, *PAGES, *BLOCKS, *ARRANGING, *CONTENTS, *ENTITIES, *HAPPENINGS, *REWORDING)

__all__ = ["ALL", "Case", "Change"]
