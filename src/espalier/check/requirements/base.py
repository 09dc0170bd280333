"""What every kind of requirement has, and the rubric that holds them.

A requirement is decidable from an app and tolerant of naming. Its kind's file holds everything about it: what it says, whether
an app meets it, and which requirements of its kind an app fulfils (`facts`, for rubrics by construction). How a prompt is
heard is ../draw.py's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, model_serializer

from ..report import Finding, Result, fine, wrong
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

KINDS: dict[str, type[Requirement]] = {}


def read(said: Any) -> Any:
    """A requirement from its plain form, `{"kind": "entity", ...}`. Raises ValueError."""
    if isinstance(said, Requirement):
        return said
    if not isinstance(said, dict):
        raise ValueError("a requirement is an object with a kind")
    kind = KINDS.get(str(said.get("kind")))
    if kind is None:
        raise ValueError(f"{said.get('kind')!r} is no kind of requirement: {', '.join(sorted(KINDS))}")
    return kind.model_validate({key: value for key, value in said.items() if key != "kind"})


AnyRequirement = Annotated[SerializeAsAny["Requirement"], BeforeValidator(read)]


class Requirement(BaseModel):
    """One thing that was asked for. alternatives (`or` in JSON): what is just as good."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: ClassVar[str] = ""
    weight: float = Field(1, gt=0, le=10)
    alternatives: tuple[AnyRequirement, ...] = Field((), alias="or", max_length=8)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        if cls.kind:
            KINDS[cls.kind] = cls

    @model_serializer(mode="wrap")
    def _spell(self, handler: Any) -> dict[str, Any]:
        said: dict[str, Any] = {"kind": self.kind}
        plain = handler(self)
        for name, info in type(self).model_fields.items():
            if getattr(self, name) != info.default and plain.get(info.alias or name, plain.get(name)) is not None:
                said[info.alias or name] = plain.get(info.alias or name, plain.get(name))
        return said

    def phrase(self) -> str:
        """What is asked for, as an English sentence without its full stop."""
        raise NotImplementedError

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        """Is it there, alternatives apart? Without a subject only what stands in the blueprint is looked at."""
        raise NotImplementedError

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Requirement]:
        """The requirements of this kind that the app fulfils."""
        return iter(())

    def meet(self, subject: Subject) -> Finding:
        """Is it there, or something just as good?"""
        return self._meet(Outline.of(subject.blueprint), subject)

    def met_by(self, outline: Outline) -> bool:
        """Whether the blueprint alone says that it is there."""
        return self._meet(outline, None).met

    def _meet(self, outline: Outline, subject: Subject | None) -> Finding:
        own = self.look(outline, subject)
        if own.met:
            return own
        found = [other._meet(outline, subject) for other in self.alternatives]
        if any(other.met for other in found):
            return fine(own.where)
        best = max((other.share for other in found), default=0.0)
        return own if best <= own.share else Finding(False, own.where, own.why, own.suggestion, part=best)


class Rubric(BaseModel):
    """What was asked, whole. source: `given`, `drawn` from a prompt, or `built` with one. notes: what should be known of
    how it came about."""

    model_config = ConfigDict(extra="forbid")

    requirements: list[AnyRequirement] = []
    source: str = "given"
    notes: list[str] = []

    def results(self, subject: Subject) -> list[Result]:
        """One result for each requirement, in the group `asked`; named by its kind and its number."""
        found: list[Result] = []
        for at, requirement in enumerate(self.requirements, 1):
            start = time.perf_counter()
            finding = self._finding(requirement, subject)
            found.append(
                Result.of(
                    f"{requirement.kind}_{at}",
                    "asked",
                    requirement.phrase() + ".",
                    [finding],
                    weight=requirement.weight,
                    seconds=time.perf_counter() - start,
                )
            )
        return found

    @staticmethod
    def _finding(requirement: Requirement, subject: Subject) -> Finding:
        from ..subject import OutOfTime

        try:
            return requirement.meet(subject)
        except OutOfTime:
            raise
        except Exception as error:
            return wrong(requirement.kind, f"the check stumbled: {type(error).__name__}: {str(error)[:300]}")

    @classmethod
    def from_eval(cls, checks: list[dict[str, Any]]) -> Rubric:
        """A rubric from the checks of an evaluation file in the earlier (v0) form, see given.py. Raises ValueError."""
        from .given import requirement_of

        return cls(requirements=[requirement_of(check) for check in checks])
