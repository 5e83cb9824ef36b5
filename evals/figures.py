"""What a kept run comes to: rates with what they prove, slices, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from evals.bounds import upper_bound
from evals.case import Verdict
from evals.kept import OUTCOMES, Head, KeptCase

EDGES_MS = (50, 100, 200, 500, 1000, 2000, 5000)


class Rate(NamedTuple):
    """A share of errors and the share that is excluded at 95 %."""

    name: str
    wrong: int
    of: int

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.wrong / self.of if self.of else None

    @property
    def bound(self) -> float:
        """The exact one-sided upper bound (Clopper-Pearson)."""
        return upper_bound(self.wrong, self.of)


class Slice(NamedTuple):
    """The cases with one tag in common."""

    name: str
    right: int
    wrong: int
    abstained: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.right + self.wrong + self.abstained


class Times(NamedTuple):
    """How long the answers took, in milliseconds."""

    median: float
    p95: float
    longest: float
    bins: tuple[tuple[str, int], ...]
    """How many took so long."""


def rates(head: Head) -> tuple[Rate, ...]:
    """Of what was answered, of all, and of independent questions where that differs."""
    found = (
        Rate("错 / 已答", head.wrong, head.answered),
        Rate("错 / 全部", head.wrong, head.total),
    )
    if head.units == head.total:
        return found
    return (*found, Rate("错 / 独立题", head.units_wrong, head.units))


_SPLITS = {"dev": "开发集", "sealed": "保留集"}
SLICES: Mapping[str, Callable[[KeptCase], Sequence[str]]] = {
    "业务域": lambda case: (case.domain,),
    "问法": lambda case: (case.shape,),
    "用途": lambda case: (_SPLITS[case.split],),
    "期望结局": lambda case: (OUTCOMES[case.wanted],),
    "用户": lambda case: (case.user or "默认用户",),
    "需求": lambda case: case.requirement,
}


def slices(cases: Iterable[KeptCase], by: str) -> tuple[Slice, ...]:
    """The cases by a tag, those with the most errors first."""
    counted: dict[str, Counter[Verdict]] = {}
    for case in cases:
        for name in SLICES[by](case):
            counted.setdefault(name, Counter())[case.verdict] += 1
    found = [Slice(n, c["right"], c["wrong"], c["abstained"]) for n, c in counted.items()]
    return tuple(sorted(found, key=lambda s: (-s.wrong, -s.abstained, -s.total, s.name)))


def times(cases: Sequence[KeptCase]) -> Times:
    """Median, p95, longest, and how they are spread."""
    spent = sorted(case.milliseconds for case in cases) or [0.0]
    return Times(_at(spent, 0.5), _at(spent, 0.95), spent[-1], _bins(spent))


def _at(spent: Sequence[float], share: float) -> float:
    return spent[min(len(spent) - 1, int(share * len(spent)))]


def _bins(spent: Sequence[float]) -> tuple[tuple[str, int], ...]:
    """Left-closed, the last one open; empty ones at the end are left out."""
    lows = (0, *EDGES_MS)
    counts = [
        sum(low <= ms < high for ms in spent)
        for low, high in zip(lows, (*EDGES_MS, float("inf")), strict=True)
    ]
    last = max(n for n, count in enumerate(counts) if count)
    names = [f"{low}–{high}" for low, high in zip(lows, EDGES_MS, strict=False)]
    return tuple(zip((*names, f"{EDGES_MS[-1]}以上"), counts, strict=True))[: last + 1]
