"""One word, one thing, across kinds: segments, members and the words of grammar."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from metrics.lint.names import key_of, names_of_dimensions, names_of_metrics, words_of_values
from metrics.lint.rights import reaches
from semantic_layer.model import Aggregate, Dimension, Manifest, Metric
from semantic_layer.resolve.closure import leaves

GRAMMAR = frozenset(
    (
        "今年 去年 前年 本年 上年 明年 今天 昨天 前天 本月 上月 下月 本季 上季 本周 上周 "
        "年初 年末 月初 月末 季初 季末 年底 月底 期初 期末 "
        "按日 按天 按周 按旬 按月 按季 按半年 按年 每日 每天 每周 每月 每季 每年 逐日 逐月 逐年 "
        "当日 当月 当年 日均 月均 年均 户均 笔均 人均 同比 环比 累计 合计 总计 占比 排名 趋势 "
        "最高 最低 最多 最少 前十 最近 近期 全行 各 每 按 年 季 月 旬 周 日 天 时 和 的 比"
    ).split()
)
"""Times, comparisons and joining words: a member called like one is never heard as itself."""


def segment_as_other_name(manifest: Manifest) -> Iterator[Finding]:
    """A segment shares no word with a metric, a dimension, a member or another segment."""
    known = dict(_named_otherwise(manifest))
    for segment in manifest.segments.values():
        for word in (segment.label, *segment.synonyms):
            other = known.get(key_of(word))
            if other is not None:
                yield Finding(
                    "M224",
                    segment.at,
                    f"人群“{segment.label}”的叫法“{word}”又是{other}。",
                    "请给其中一个换个叫法,例如人群叫“…客户”、指标叫“…客户数”。",
                )
            known[key_of(word)] = f"人群“{segment.label}”的叫法"


def _named_otherwise(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for word, dimension in words_of_values(manifest):
        yield key_of(word), f"“{dimension.label}”的取值"
    for name in names_of_dimensions(manifest):
        yield key_of(name.word), f"维度“{name.label}”的叫法"
    for name in names_of_metrics(manifest):
        yield key_of(name.word), f"指标“{name.label}”的叫法"


def metric_as_member_name(manifest: Manifest) -> Iterator[Finding]:
    """A metric is called like a member only where the member would narrow that metric."""
    members: dict[str, list[Dimension]] = {}
    for word, dimension in words_of_values(manifest):
        members.setdefault(key_of(word), []).append(dimension)
    for name in names_of_metrics(manifest):
        for dimension in members.get(key_of(name.word), ()):
            if not _applies(manifest, dimension, manifest.metrics[name.owner]):
                yield Finding(
                    "M225",
                    name.at,
                    f"指标“{name.label}”的叫法“{name.word}”又是“{dimension.label}”的一个取值。",
                    "请换个叫法;指标按不了这个维度看,说这个词的人要的是另一个意思。",
                )


def member_as_metric_synonym(manifest: Manifest) -> Iterator[Finding]:
    """A member narrows metrics and names none, unless the metric's label says it too."""
    members = {key_of(word): dimension for word, dimension in words_of_values(manifest)}
    for metric in manifest.metrics.values():
        for word in metric.synonyms:
            dimension = members.get(key_of(word))
            if dimension is None or key_of(word) in key_of(metric.label):
                continue
            if _applies(manifest, dimension, metric):
                yield Finding(
                    "M234",
                    metric.at,
                    f"指标“{metric.label}”的别名“{word}”是“{dimension.label}”的一个取值。",
                    "请从 synonyms 里去掉:取值用来筛选,多个指标都能按它看,说它时要问清看哪个指标。",
                )


def _applies(manifest: Manifest, dimension: Dimension, metric: Metric) -> bool:
    datasets = {
        leaf.definition.dataset
        for leaf in leaves(manifest, metric.name)
        if isinstance(leaf.definition, Aggregate)
    }
    return all(reaches(manifest, manifest.datasets[d], dimension.name) for d in datasets)


def member_as_grammar(manifest: Manifest) -> Iterator[Finding]:
    """A member that is called 按月 or 今年 is heard as grammar: it needs another name."""
    for word, dimension in words_of_values(manifest):
        if key_of(word) in GRAMMAR:
            yield Finding(
                "M226",
                dimension.field.at,
                f"“{dimension.label}”的取值“{word}”与问句里的时间词、语法词同字,问到时认不出来。",
                f"请在 values 里给它一个 label,例如 {{value: {word}, label: …}}。",
            )
