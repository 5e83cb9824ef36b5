"""The chat page: draws answers, computes none."""
