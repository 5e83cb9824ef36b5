"""The keys of a metric or dimension that the form offers; how each is shown and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from metrics.editing.change import Path
from metrics.editing.values import synonym_changes, synonym_lines, words_of
from metrics.editing.written import Plain

Shape = Literal["line", "text", "words", "choice", "number", "values"]


@dataclass(frozen=True, slots=True)
class FormField:
    """One input of the form."""

    path: tuple[str, ...]
    label: str
    shape: Shape = "line"
    help: str = ""
    options: Mapping[str, str] | None = None
    """Value → what is shown; the empty value takes the key away."""

    @property
    def name(self) -> str:
        """format.scale."""
        return ".".join(self.path)

    def shown(self, entry: Mapping[str, Any]) -> Any:
        """What the input holds for an entry."""
        if self.shape == "values":
            return synonym_lines(entry)
        value: Any = entry
        for key in self.path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if self.shape == "words":
            return "、".join(map(str, [value] if isinstance(value, str) else value or ()))
        return "" if value is None else str(value)

    def read(self, shown: Any) -> Plain | None:
        """What is written for an input; None: no such key."""
        text = str(shown or "").strip()
        if self.shape == "words":
            return words_of(text) or None
        if self.shape == "number":
            return int(text) if text else None
        return " ".join(text.split()) or None

    def changes(
        self, entry: Mapping[str, Any], shown: Any
    ) -> tuple[tuple[Path, Plain | None], ...]:
        """What is to be written where, for what the input holds now."""
        if self.shape == "values":
            return synonym_changes(entry, str(shown or ""))
        return ((self.path, self.read(shown)),)


STYLES = {
    "": "按单位", "currency": "金额", "number": "数", "percent": "百分比",
    "permyriad": "万分数", "times": "倍", "days": "天", "score": "分",
}  # fmt: skip
DIRECTIONS = {"": "不分好坏", "up_is_good": "越高越好", "down_is_good": "越低越好"}
STATUSES = {"draft": "草稿", "in_review": "审核中", "certified": "已认证", "deprecated": "已停用"}
AGGREGATIONS = {
    "sum": "合计", "count": "计数", "distinct": "去重计数", "avg": "平均", "median": "中位数",
    "quantile": "分位数", "max": "最大", "min": "最小",
}  # fmt: skip
WORDS = (
    FormField(("label",), "名称"),
    FormField(("synonyms",), "别名", "words", "问句里说这些词就是指它;用顿号或换行隔开"),
    FormField(("near_misses",), "相近但不同的说法", "words", "问到这些词时先反问,不当作它"),
    FormField(("description",), "口径说明", "text"),
    FormField(("owner",), "归口部门"),
)
DIMENSION = tuple(field for field in WORDS if field.name != "near_misses")
VALUES = FormField(
    ("values",), "取值的别名", "values", "一行一个取值:取值:别名、别名。取值本身在 YAML 里增减"
)
LOOKS = (
    FormField(("unit",), "单位", help="金额写 CNY,比率写 percent,其余写 户、笔、张、件……"),
    FormField(("format", "style"), "样式", "choice", options=STYLES),
    FormField(("format", "scale"), "固定的显示单位", help="例如万元、亿元;不填则按数值大小"),
    FormField(("format", "decimals"), "小数位", "number",
              options={"": "按样式", **{str(n): f"{n}位" for n in range(5)}}),
    FormField(("direction",), "好坏方向", "choice", options=DIRECTIONS),
)  # fmt: skip
RATIO = (FormField(("ratio", "of"), "分子"), FormField(("ratio", "to"), "分母"))
DERIVED = (FormField(("derived",), "指标的算式", "text"),)


def formula_fields(entry: Mapping[str, Any], datasets: Mapping[str, str]) -> tuple[FormField, ...]:
    """The inputs that fit how the metric is computed; `datasets`: name → label."""
    if "ratio" in entry:
        return RATIO
    if "derived" in entry:
        return DERIVED
    chosen = {"": "本文件的数据集", **datasets}
    return (
        FormField(("dataset",), "数据集", "choice", options=chosen),
        FormField(("agg",), "汇总方式", "choice", options=AGGREGATIONS),
        FormField(("expr",), "被汇总的列或表达式"),
        FormField(("filter",), "条件", "text", "口径自带的条件,例如 product_line = '存款'"),
    )


def status_field(entry: Mapping[str, Any]) -> FormField:
    """Nobody certifies here; what is certified may stay so."""
    now = str(entry.get("status") or "draft")
    held = {k: v for k, v in STATUSES.items() if k != "certified" or now == "certified"}
    return FormField(("status",), "状态", "choice", options=held)


Parts = tuple[tuple[str, Sequence[FormField]], ...]


def dimension_fields(entry: Mapping[str, Any]) -> Parts:
    """The form of a dimension; values that come from the data are not declared."""
    values = (("取值", (VALUES,)),) if entry.get("values") else ()
    return (("名称与说明", DIMENSION), *values)


def metric_fields(entry: Mapping[str, Any], datasets: Mapping[str, str]) -> Parts:
    """The form of a metric, part by part."""
    return (
        ("名称与说明", WORDS),
        ("公式", formula_fields(entry, datasets)),
        ("显示", LOOKS),
        ("状态", (status_field(entry),)),
    )
