"""What every kind of requirement has, and the rubric that holds them.

A requirement is decidable from an app and tolerant of naming. Its kind's file holds everything about it: what it says, whether
an app meets it, which requirements of its kind an app fulfils (for rubrics by construction), and how it is heard in a prompt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from ..report import Finding, Result

if TYPE_CHECKING:
    from ..subject import Subject

KINDS: dict[str, type[Requirement]] = {}


class Requirement(BaseModel):
    """One thing that was asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str] = ""
    weight: float = 1

    def meet(self, subject: Subject) -> Finding:
        """Is it there?"""
        raise NotImplementedError


class Rubric(BaseModel):
    """What was asked, whole. source: `given`, `drawn` from a prompt, or `built` with one."""

    requirements: list[Requirement] = []
    source: str = "given"

    def results(self, subject: Subject) -> list[Result]:
        """One result for each requirement."""
        raise NotImplementedError
