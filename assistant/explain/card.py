"""The 口径 card: what a number means, in words and as formula, with owner and version."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.explain.formula_sql import formula_sql
from assistant.explain.formula_words import formula_words
from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio

_AGG_WORDS = {
    "sum": "合计",
    "count": "计数",
    "distinct": "去重计数",
    "avg": "平均",
    "median": "中位数",
    "quantile": "分位数",
    "min": "最小值",
    "max": "最大值",
}
_STATUS_WORDS = {
    "draft": "草稿",
    "in_review": "评审中",
    "certified": "已认证",
    "deprecated": "已弃用",
}
_UNIT_WORDS = {"CNY": "元", "percent": "%", "permyriad": "‱", "times": "倍"}


@dataclass(frozen=True, slots=True)
class DefinitionCard:
    """One governed definition behind an answer."""

    id: str
    label: str
    version: int
    status: str
    owner: str
    formula: str
    description: str
    synonyms: tuple[str, ...]
    unit: str
    domain: str
    certified_by: str | None
    certified_on: str | None
    reconciled: bool
    """已核对: tied out with an external source."""
    sql: str = ""
    """The formula as SQL, before period and groups."""

    def to_dict(self) -> dict[str, object]:
        """An element of `definitions` in the answer."""
        return {
            "id": self.id,
            "label": self.label,
            "version": self.version,
            "status": self.status,
            "status_label": _STATUS_WORDS.get(self.status, self.status),
            "owner": self.owner,
            "formula": self.formula,
            "sql": self.sql,
            "description": self.description,
            "synonyms": list(self.synonyms),
            "unit": self.unit,
            "domain": self.domain,
            "certified_by": self.certified_by,
            "certified_on": self.certified_on,
            "reconciled": self.reconciled,
        }


def definition_card(metric: Metric, manifest: Manifest) -> DefinitionCard:
    """The card of one metric."""
    return DefinitionCard(
        id=metric.name,
        label=metric.label,
        version=metric.version,
        status=metric.status,
        owner=metric.owner,
        formula=formula_text(metric, manifest),
        description=_filled(metric.description, manifest),
        synonyms=metric.synonyms,
        unit=_UNIT_WORDS.get(metric.unit, metric.unit),
        domain=metric.domain,
        certified_by=metric.certified.by if metric.certified else None,
        certified_on=metric.certified.date if metric.certified else None,
        reconciled=metric.tie_out is not None,
        sql=formula_sql(metric.name, manifest),
    )


def formula_text(metric: Metric, manifest: Manifest) -> str:
    """The formula in words: 不良贷款余额 ÷ 个人贷款余额."""
    definition = metric.definition
    if isinstance(definition, Ratio):
        of, to = (_labelled(part, manifest) for part in (definition.of, definition.to))
        return f"{_grouped(of)} ÷ {_grouped(to)}"
    if isinstance(definition, Derived):
        return _labelled(definition.expr, manifest)
    return _aggregate_text(definition, manifest)


def _aggregate_text(definition: Aggregate, manifest: Manifest) -> str:
    dataset = manifest.datasets[definition.dataset]
    parts = [f"“{dataset.label}”{_counted(definition, manifest)}"]
    if definition.filter:
        words = formula_words(definition.filter, definition.dataset, manifest)
        parts.append(f"条件:{words or '见说明'}")
    if definition.semi_additive:
        moment = "最后" if definition.semi_additive.take == "last" else "最初"
        parts.append(f"时点数,取期间{moment}一个快照")
    if definition.average_over:
        parts.append("按日历天数加权平均")
    if definition.then_avg:
        parts.append("每日分别计算后取日均")
    return ";".join(parts)


def _counted(definition: Aggregate, manifest: Manifest) -> str:
    """What is added up or counted: 的月末AUM合计, 的客户号去重计数, 行数计数."""
    if definition.expr is None:
        return f"行数{_AGG_WORDS[definition.agg]}"
    words = formula_words(definition.expr, definition.dataset, manifest)
    said = f"({words})" if words and re.search("[+−×÷]", words) else words or ""
    return f"的{said}{_AGG_WORDS[definition.agg]}"


def _labelled(expression: str, manifest: Manifest) -> str:
    def label(match: re.Match[str]) -> str:
        metric = manifest.metrics.get(match.group())
        return metric.label if metric else match.group()

    named = re.sub(r"[A-Za-z_][A-Za-z0-9_]*", label, expression)
    for sign, shown in ((" * ", " × "), (" / ", " ÷ "), (" - ", " − ")):
        named = named.replace(sign, shown)
    return named


def _grouped(part: str) -> str:
    return f"({part})" if re.search(r" [+−×÷] ", part) else part


def _filled(text: str, manifest: Manifest) -> str:
    for parameter in manifest.parameters.values():
        for key in (parameter.name, parameter.label):
            text = text.replace("{" + key + "}", f"{parameter.value}")
    return text
