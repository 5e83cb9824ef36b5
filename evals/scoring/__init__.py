"""Four layers of truth: outcome, query slots, rows, headline."""

from evals.scoring.score import score

__all__ = ["score"]
