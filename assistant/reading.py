"""How a question was read: what each word became, what is missing, how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.model_use import ModelUse
from semantic_layer.problem import Problem
from semantic_layer.query import Patch, Query
from semantic_layer.resolved import Assumption
from semantic_layer.result import Notice

Request = Literal[
    "query", "definition", "difference", "owner", "list_metrics", "list_dimensions",
    "freshness", "help", "greeting", "thanks", "about_data",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnedToken:
    """A piece of the question and the slot that owns it."""

    start: int
    end: int
    """Offsets into the original text."""
    text: str
    slot: str
    """`measures`, `period`, `where`, …; `filler`; or `unowned`."""
    meaning: str = ""
    """What it was read as: 指标 新增客户数, 分行=北京分行."""


@dataclass(frozen=True, slots=True)
class ReadingOption:
    """One way out of a doubt: a complete query with a short label."""

    label: str
    query: Query
    word: str = ""
    """The ambiguous word that this settles, and …"""
    choice: str = ""
    """… the id it settles on; remembered for the session."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading: exactly one of query, patch or problem, or an information request."""

    request: Request = "query"
    query: Query | None = None
    patch: Patch | None = None
    problem: Problem | None = None
    options: tuple[ReadingOption, ...] = ()
    """Complete alternatives, when `problem` asks back."""
    suggestions: tuple[str, ...] = ()
    """Nearest answerable questions, when `problem` refuses."""
    subjects: tuple[str, ...] = ()
    """Metric, dimension or segment ids an information request is about."""
    assumptions: tuple[Assumption, ...] = ()
    tokens: tuple[OwnedToken, ...] = ()
    confidence: float = 0.0
    """0–1; 1 when every token is owned by an exact name."""
    chart: str | None = None
    """Wish for a chart type: 折线图 → line."""
    planner: Literal["grammar", "llm"] = "grammar"
    """Who arrived at the query."""
    notices: tuple[Notice, ...] = ()
    """What the asker must know about how it was read."""
    model_use: ModelUse | None = None
    """None: no model was asked."""
