"""Is the reader right as often as it is sure? Confidence in bands against the share right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evals.bounds import upper_bound
from evals.case import Result

EDGES = (0.0, 0.85, 0.9, 0.95, 1.0)
"""Left-closed bands; what is sure without any doubt (1.0) stands alone."""


class ConfidenceBand(NamedTuple):
    """Answers of about the same confidence."""

    least: float
    below: float | None
    """None: the answers that are wholly sure."""
    answers: int
    right: int
    mean: float
    """What the reader said on average."""

    @property
    def label(self) -> str:
        """Both edges as people read them."""
        return f"{self.least:.2f}—{self.below:.2f}" if self.below is not None else "1.00"


def calibration(results: Sequence[Result]) -> tuple[ConfidenceBand, ...]:
    """The answers with numbers in bands of confidence, the least sure first."""
    told = [
        (r.confidence, r) for r in results if r.outcome == "answer" and r.confidence is not None
    ]
    ends = (*EDGES[1:], None)
    bands = []
    for least, below in zip(EDGES, ends, strict=True):
        here = [(c, r) for c, r in told if c >= least and (below is None or c < below)]
        if here:
            right = sum(r.verdict == "right" for _, r in here)
            mean = sum(c for c, _ in here) / len(here)
            bands.append(ConfidenceBand(least, below, len(here), right, mean))
    return tuple(bands)


def calibration_table(results: Sequence[Result]) -> str:
    """The bands as a table, with the error rate that each of them excludes."""
    bands = calibration(results)
    if not bands:
        return ""
    lines = [
        "## 置信度是否可靠", "", "| 置信度 | 已答 | 对 | 对的比例 | 平均置信度 | 错误率95%上界 |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for band in bands:
        bound = upper_bound(band.answers - band.right, band.answers)
        lines.append(
            f"| {band.label} | {band.answers} | {band.right} | {band.right / band.answers:.2%}"
            f" | {band.mean:.3f} | {bound:.2%} |"
        )
    return "\n".join(lines)
