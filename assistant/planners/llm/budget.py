"""What one question may spend on a model, and what it has spent."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from assistant.planners.llm.failure import ModelError
from semantic_layer.engines import CancelToken


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits set by the operator."""

    seconds: float = 20.0
    calls: int = 6
    tokens: int = 30_000


@dataclass(slots=True)
class Budget:
    """Time, calls and tokens of one question; spending more is a ModelError."""

    allowance: Allowance
    cancel: CancelToken | None = None
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def deadline(self) -> float:
        """The moment of the monotonic clock by which all must be done."""
        return self.started + self.allowance.seconds

    @property
    def left_s(self) -> float:
        """Seconds until then."""
        return self.deadline - time.monotonic()

    @property
    def spent_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.started

    def begin_call(self) -> None:
        """Counts a call, or says that there may be none."""
        self.check()
        if self.calls >= self.allowance.calls:
            raise ModelError("spent", f"{self.calls}次调用")
        if self.tokens_in + self.tokens_out >= self.allowance.tokens:
            raise ModelError("spent", f"{self.tokens_in + self.tokens_out}个字")
        self.calls += 1

    def forgive_call(self) -> None:
        """A request that the server refused to look at was none."""
        self.calls -= 1

    def check(self) -> None:
        """Says so when cancelled or out of time."""
        if self.cancel is not None and self.cancel.is_cancelled:
            raise ModelError("cancelled")
        if self.left_s <= 0:
            raise ModelError("slow", f"{self.allowance.seconds:g}秒")

    def add_tokens(self, asked: object, told: object) -> None:
        """What a call took, as the server says; what is no count is none."""
        self.tokens_in += _count(asked)
        self.tokens_out += _count(told)


def _count(said: object) -> int:
    return max(0, said) if isinstance(said, int) else 0
