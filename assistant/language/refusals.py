"""What is refused on sight: attacks, personal data, things that are not our business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from semantic_layer.problem import Problem, ProblemCode

MESSAGES: Mapping[str, str] = {
    "prompt_injection": "不能改变系统的规则,请直接问经营数据。",
    "unsafe_request": "只回答问题,不执行语句,也不修改数据。",
    "permission": "“{word}”不能查看:只能按您自己的权限回答经营指标。",
    "sensitive_field": "“{word}”属于客户敏感信息,不提供明细;可以查看人数、分布和汇总。",
    "individual_data": "不提供单个客户或人员的明细(“{word}”);可以查看人数、分布和汇总。",
    "out_of_scope": "这个问题(“{word}”)与本系统的数据无关,请问登记过的经营指标。",
}
WITHOUT_METRIC_ONLY = frozenset({"out_of_scope"})


def refusal(text: str, *, names_metric: bool) -> Problem | None:
    """Why a normalised question is refused whatever else it says."""
    for code, pattern in _patterns():
        if names_metric and code in WITHOUT_METRIC_ONLY:
            continue
        match = pattern.search(text)
        if match:
            word = match.group()
            return Problem(code, MESSAGES[code].format(word=word), subject=word)
    return None


def beyond_us(text: str) -> Problem | None:
    """What several words together ask for and nobody could read."""
    for capability, pattern in _table("capabilities.yaml"):
        if match := pattern.search(text):
            message = f"暂不支持{capability}(“{match.group()}”)。"
            return Problem("unsupported", message, subject=capability)
    return None


def _patterns() -> tuple[tuple[ProblemCode, re.Pattern[str]], ...]:
    return cast("tuple[tuple[ProblemCode, re.Pattern[str]], ...]", _table("refusals.yaml"))


@cache
def _table(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    path = Path(__file__).parent / "words" / name
    table: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        (key, re.compile(pattern)) for key, patterns in table.items() for pattern in patterns
    )
