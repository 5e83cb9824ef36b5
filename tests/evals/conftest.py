"""Answers by hand, and the product on the small bank."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from evals.accept import assistant_on
from evals.case import Case, Gold

Answer = dict[str, Any]
MakeAnswer = Callable[..., Answer]

OCTOBER = {
    "role": "current", "start": "2026-10-01", "end": "2026-10-31", "complete": True,
}  # fmt: skip


@pytest.fixture(scope="session")
def bank_assistant(
    demo_small: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The demonstration project on the small bank."""
    state = tmp_path_factory.mktemp("evals") / "state.db"
    with assistant_on(demo_small, state) as assistant:
        yield assistant


@pytest.fixture
def answer() -> MakeAnswer:
    """An answer object: 新增客户数 of two branches in October, changed as the test says."""

    def make(**changes: Any) -> Answer:
        return {
            "outcome": "answer",
            "code": "answered",
            "scope": "全行",
            "reading": "2026年10月 · 按分行 · 新增客户数",
            "query": {
                "measures": [{"kind": "metric", "metric": "new_cust"}],
                "group_by": [{"kind": "dimension", "dimension": "branch"}],
            },
            "periods": [OCTOBER],
            "columns": [
                {"id": "branch", "name": "分行", "kind": "dimension"},
                {"id": "new_cust", "name": "新增客户数", "kind": "metric"},
            ],
            "rows": [["银川分行", 1203], ["固原分行", 187]],
            "row_count": 2,
            "total_rows": 2,
            "truncated": False,
            "totals": {"new_cust": 1390},
            "others": {},
            "headline": "2026年10月全行新增客户数1,390户;2家分行中银川分行最多(1,203户)。",
            "assumptions": [],
            "warnings": [],
            "options": [],
            **changes,
        }

    return make


@pytest.fixture
def case() -> Callable[..., Case]:
    """A case that expects what its arguments say; by default an answer."""

    def make(**changes: Any) -> Case:
        given: dict[str, Any] = {
            "id": "c",
            "ask": "上个月各分行新增客户数",
            "domain": "客户",
            "shape": "分组",
            "outcome": "answer",
            "any_of": (Gold("gold"),) if changes.get("outcome", "answer") == "answer" else (),
        }
        return Case(**{**given, **changes})

    return make
