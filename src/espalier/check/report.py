"""What a check says: findings make a result, results make a report, a report makes one score in [0, 1].

The score is what works, times what was asked for, times every gate:

    score = gates x works x asked

works: 1, less a twentieth of what is left for every unit of weight that a check lost; checks of requirements apart. It does
not matter how many other checks passed, so nothing can be bought back by adding what is sure to pass. asked: the weighted mean
of the shares of the rubric's requirements, whose number the app cannot change; 1 when nothing was asked. A rubric that was only
drawn from a prompt may have been misheard: it counts as if one more requirement were met, so that a single one does not decide.
A gate is a check without which the rest is worth nothing (does it start, is there anything on its pages): its share multiplies
the whole. Nothing here knows what is checked; the checks are in the folders beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import prod
from typing import Any, Literal, Self

GROUPS = ("static", "use", "asked", "browser", "look")
State = Literal["passed", "failed", "not applicable"]
ENOUGH = {
    "look": 0.8
}  # share from which a check of the group has passed: looks are measured, not right or wrong; else all
KEPT = 0.95  # of the score, for each unit of weight that is lost
MOST_MET = 12  # findings of one check that can stand against those not met
MOST_FINDINGS = 20  # shown of one check; the share counts all


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    met: is it as it should be; why: what is wrong, in words for a person, empty when met; where: the way to it, such as
    `data > Booking > starts` or `/book as client`; suggestion: what to write instead; share: for findings that are met in
    part, else 1 when met and 0 when not.
    """

    met: bool
    where: str = ""
    why: str = ""
    suggestion: str = ""
    part: float | None = None

    @property
    def share(self) -> float:
        return float(self.met) if self.part is None else self.part

    def __str__(self) -> str:
        said = f"{self.where}: {self.why}" if self.where else self.why
        return f"{said} ({self.suggestion})" if self.suggestion else said


def fine(where: str = "") -> Finding:
    """Something that is as it should be."""
    return Finding(True, where)


def wrong(where: str, why: str, suggestion: str = "") -> Finding:
    """Something that is not."""
    return Finding(False, where, why, suggestion)


@dataclass(frozen=True)
class Result:
    """What one check found. share is None when there was nothing to look at."""

    name: str
    group: str
    says: str  # what holds when the check passes, in a sentence
    weight: float = 1
    gate: bool = False
    share: float | None = None
    looked_at: int = 0
    findings: tuple[Finding, ...] = ()  # those not met
    seconds: float = 0

    @property
    def state(self) -> State:
        if self.share is None:
            return "not applicable"
        return "passed" if self.share >= ENOUGH.get(self.group, 1) else "failed"

    @classmethod
    def of(
        cls,
        name: str,
        group: str,
        says: str,
        findings: Iterable[Finding],
        *,
        weight: float = 1,
        gate: bool = False,
        strict: bool = False,
        seconds: float = 0,
    ) -> Self:
        """The result of findings: the mean of their shares, in which no more than a dozen that are met count against those
        that are not. strict: every finding that is not met halves the share, however many are met."""
        all_of = list(findings)
        missed = [finding for finding in all_of if finding.share < 1]
        share: float | None = None
        if all_of:
            share = prod(0.5 + finding.share / 2 for finding in missed) if strict else _mean(missed, len(all_of))
        return cls(name, group, says, weight, gate, share, len(all_of), tuple(missed[:MOST_FINDINGS]), seconds)


def _mean(missed: Sequence[Finding], looked_at: int) -> float:
    if not missed:
        return 1.0
    met = min(looked_at - len(missed), MOST_MET)
    return (met + sum(finding.share for finding in missed)) / (met + len(missed))


@dataclass(frozen=True)
class Report:
    """All results of one app.

    problems: why it could not be read or started; the score is 0 then. unfinished: words that say what stopped the check
    before its end (out of time, out of memory); what was not looked at counts as not met. doubt: the weight of the benefit of
    the doubt in what was asked, for a rubric that was drawn from a prompt.
    """

    results: tuple[Result, ...] = ()
    problems: tuple[str, ...] = ()
    unfinished: str = ""
    app: str = ""
    seconds: float = 0
    notes: dict[str, Any] = field(default_factory=dict)  # figures that are no check: counts, times, screenshots
    doubt: float = 0

    @property
    def works(self) -> float:
        """What is left of 1 after what each check lost."""
        return float(KEPT**self.lost)

    @property
    def lost(self) -> float:
        """The weight that checks of how it works lost: a check of weight 3 with half a share lost 1.5."""
        return sum(
            result.weight * (1 - result.share)
            for result in self.results
            if result.share is not None and result.group != "asked" and not result.gate
        )

    @property
    def asked(self) -> float:
        """The weighted share of what was asked for; 1 when nothing was asked."""
        return _weighted((result for result in self.results if result.group == "asked" and not result.gate), self.doubt)

    @property
    def gates(self) -> float:
        """The product of the gates' shares."""
        return prod(result.share for result in self.results if result.gate and result.share is not None)

    @property
    def score(self) -> float:
        """One number in [0, 1]; 0 for what cannot be read, started or checked to the end."""
        if self.problems or self.unfinished or not self.results:
            return 0.0
        return self.gates * self.works * self.asked

    def __getitem__(self, name: str) -> Result:
        """The result of a check by its name. Raises KeyError."""
        for result in self.results:
            if result.name == name:
                return result
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return any(result.name == name for result in self.results)

    @property
    def failed(self) -> list[Result]:
        return [result for result in self.results if result.state == "failed"]

    @property
    def fine(self) -> bool:
        """Was all looked at, and did nothing fail?"""
        return not (self.problems or self.unfinished or self.failed)

    def group(self, name: str) -> list[Result]:
        return [result for result in self.results if result.group == name]

    def share(self, group: str) -> float | None:
        """The weighted share of one group, its gates apart; None when nothing of it applied."""
        counted = [result for result in self.group(group) if not result.gate and result.share is not None]
        return _weighted(counted) if counted else None

    def with_results(self, results: Iterable[Result]) -> Report:
        return replace(self, results=(*self.results, *results))

    def as_json(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and texts."""
        return {
            "app": self.app,
            "score": round(self.score, 4),
            "works": round(self.works, 4),
            "asked": round(self.asked, 4),
            "gates": round(self.gates, 4),
            "seconds": round(self.seconds, 4),
            "problems": list(self.problems),
            "unfinished": self.unfinished,
            "doubt": self.doubt,
            "results": [
                {"name": result.name, "group": result.group, "state": result.state, **_plain(result)}
                for result in self.results
            ],
            "notes": self.notes,
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        """The report that `as_json` wrote."""
        results = [
            Result(
                **{key: value for key, value in one.items() if key not in ("state", "findings")},
                findings=tuple(Finding(**finding) for finding in one["findings"]),
            )
            for one in said["results"]
        ]
        plain = {key: said[key] for key in ("unfinished", "app", "seconds", "doubt", "notes")}
        return cls(tuple(results), tuple(said["problems"]), **plain)

    def json(self) -> str:
        return json.dumps(self.as_json(), ensure_ascii=False, indent=2)


def _plain(result: Result) -> dict[str, Any]:
    said = asdict(result)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items() if key != "state"}


def _weighted(results: Iterable[Result], met: float = 0) -> float:
    """The mean of the shares by weight, with so much weight that is met besides; 1 when there is nothing."""
    counted = [result for result in results if result.share is not None]
    total = sum(result.weight for result in counted) + met
    return (sum(result.weight * (result.share or 0) for result in counted) + met) / total if total else 1.0
