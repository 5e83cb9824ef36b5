"""Time expressions of a question as symbolic spans."""

from assistant.language.time.token import GrainToken, TimeKind, TimeOption, TimeToken

__all__ = ["GrainToken", "TimeKind", "TimeOption", "TimeToken"]
