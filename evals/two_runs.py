"""Two kept runs of one suite, case by case."""

from __future__ import annotations

from dataclasses import dataclass

from evals.baseline import MUST_MATCH, Change
from evals.bounds import mcnemar
from evals.case import Verdict
from evals.kept import Head, KeptCase, KeptRun

MAY_DIFFER = {"planner": "读问题的方式", "catalog": "口径", "suite_hash": "套件文件"}


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """What changed from one run to a later one."""

    newly_wrong: tuple[Change, ...] = ()
    newly_right: tuple[Change, ...] = ()
    others: tuple[Change, ...] = ()
    """Right or wrong before, abstained now."""
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What else differs, so that nobody takes it for progress."""
    refusal: str = ""
    """Why the runs say nothing of each other."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes of verdict."""
        return (*self.newly_wrong, *self.newly_right, *self.others)

    @property
    def chance(self) -> float:
        """The probability that two equally good products differ at least so much."""
        lost = sum(change.before == "right" for change in self.changes)
        won = sum(change.now == "right" for change in self.changes)
        return mcnemar(lost, won)


def comparable(before: Head, now: Head) -> str:
    """Why the two cannot be compared; empty when they can."""
    differing = [
        f"{name}原为 {before.setting.get(key, '无')},现为 {now.setting.get(key, '无')}"
        for key, name in MUST_MATCH.items()
        if key not in MAY_DIFFER and before.setting.get(key) != now.setting.get(key)
    ]
    return f"两次评测不可比:{';'.join(differing)}" if differing else ""


def two_runs(before: KeptRun, now: KeptRun) -> TwoRuns:
    """The later run beside the earlier one; refused when suite, day or data differ."""
    if refusal := comparable(before.head, now.head):
        return TwoRuns(refusal=refusal)
    then, today = _verdicts(before.cases), _verdicts(now.cases)
    changes = [Change(c, then[c], v) for c, v in today.items() if c in then and then[c] != v]
    return TwoRuns(
        newly_wrong=tuple(c for c in changes if c.now == "wrong"),
        newly_right=tuple(c for c in changes if c.now == "right"),
        others=tuple(c for c in changes if c.now == "abstained"),
        new=tuple(case for case in today if case not in then),
        gone=tuple(case for case in then if case not in today),
        notes=tuple(
            f"两次的{name}不同"
            for key, name in MAY_DIFFER.items()
            if before.head.setting.get(key) != now.head.setting.get(key)
        ),
    )


def _verdicts(cases: tuple[KeptCase, ...]) -> dict[str, Verdict]:
    return {case.id: case.verdict for case in cases}
