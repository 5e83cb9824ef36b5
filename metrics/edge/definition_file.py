"""A whole definition file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from metrics.edge.dataset import DatasetEntry
from metrics.edge.governance import (
    AmbiguityEntry,
    DivisorsEntry,
    ParameterEntry,
    PolicyEntry,
    RollupEntry,
    SegmentEntry,
    TargetEntry,
    TestEntry,
)
from metrics.edge.metric import MetricEntry
from metrics.edge.parts import Entry, optional


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


class DefinitionFile(Entry):
    """一个主题的定义文件。"""

    version: Literal[1] = optional(1, "文件格式版本", 1)
    domain: str = optional("", "业务主题,斜杠分层", "零售银行/存款")
    parameters: list[ParameterEntry] = optional([], "有名字的门槛")
    datasets: list[DatasetEntry] = optional([], "数据集:表和它的含义")
    metrics: list[MetricEntry] = optional([], "指标")
    segments: list[SegmentEntry] = optional([], "受管人群")
    ambiguous: list[AmbiguityEntry] = optional([], "有歧义的词")
    policies: list[PolicyEntry] = optional([], "行权限与脱敏")
    targets: Annotated[
        list[TargetEntry],
        BeforeValidator(_listed, json_schema_input_type=TargetEntry | list[TargetEntry]),
    ] = optional([], "目标值在哪里")
    per: DivisorsEntry | None = optional(
        None, "户均除以什么;整个项目写一次", {"customer": "cust_cnt"}
    )
    whole: str | None = optional(None, "不限机构时怎么称呼全部;整个项目写一次,不写是全行", "全公司")
    tests: list[TestEntry] = optional([], "口径的检查")
    rollups: list[RollupEntry] = optional([], "预汇总")
