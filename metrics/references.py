"""Whether every name that definitions use exists, and every formula may be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from metrics.event_references import check_events, event_formulas
from metrics.expressions import Formula, query_fault, read_formula, read_metric_formula
from metrics.finding import Findings
from metrics.nearest import did_you_mean
from metrics.today import with_today
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Derived,
    Field,
    Join,
    Location,
    Manifest,
    Metric,
    Ratio,
)


def check_references(manifest: Manifest, findings: Findings) -> None:
    """Note every reference to something that does not exist."""
    check = _Check(manifest, findings)
    for dataset in manifest.datasets.values():
        check.dataset(dataset)
    check_events(manifest, findings)
    for metric in manifest.metrics.values():
        check.metric(metric)
    check.cycles()
    check.governance()


class _Check:
    """The manifest and the findings, at hand for every rule."""

    def __init__(self, manifest: Manifest, findings: Findings) -> None:
        self.manifest = manifest
        self.findings = findings
        self.parameters = with_today(manifest, date.min).parameters

    def dataset(self, dataset: Dataset) -> None:
        for join in dataset.joins:
            self._join(dataset, join)
        for field in dataset.fields:
            self._field(dataset, field)
        for owner, text, at in event_formulas(dataset):
            self._formula(dataset, text, owner, at)
        if dataset.sql is not None:
            fault = query_fault(dataset.sql)
            self._fault(Formula(fault=fault), f"数据集“{dataset.label}”", dataset.at)
        for hierarchy in dataset.hierarchies:
            for level in hierarchy.levels:
                if dataset.field(level) is None:
                    self._unknown(
                        dataset.at, f"层级“{hierarchy.label}”", "字段", level,
                        [f.name for f in dataset.fields],
                    )  # fmt: skip

    def _join(self, dataset: Dataset, join: Join) -> None:
        owner = f"数据集“{dataset.label}”的关联“{join.name}”"
        target = self.manifest.datasets.get(join.to)
        if target is None:
            self._unknown(join.at, owner, "数据集", join.to, self.manifest.datasets)
            return
        if [j.name for j in dataset.joins].count(join.name) > 1:
            self.findings.add(
                "M101", join.at, f"{owner}重名。", "同一张表连两次时用 as 各起一个角色名。"
            )
        for ours, _ in join.keys:
            self._formula(dataset, ours, owner, join.at)
        self._weight(target, join, owner)
        joined = {theirs for _, theirs in join.keys}
        missing = [k for k in target.key if k not in joined]
        if missing and join.type != "many_to_many" and join.validity is None:
            self.findings.add(
                "M108",
                join.at,
                f"{owner}没有用到“{target.label}”的主键 {'、'.join(missing)},行数会被放大。",
                "请在 keys 里补上,或写明 type: many_to_many。",
            )

    def _weight(self, target: Dataset, join: Join, owner: str) -> None:
        """The share of a pair stands in the table of pairs."""
        if join.weight is None:
            return
        self._formula(target, join.weight, f"{owner}的权重", join.at)
        if join.type != "many_to_many":
            self.findings.add(
                "M112",
                join.at,
                f"{owner}写了 weight,却不是多对多:一行只属于一个,不用分摊。",
                "请写明 type: many_to_many,或去掉 weight。",
            )

    def _field(self, dataset: Dataset, field: Field) -> None:
        owner = f"字段“{field.label}”"
        for text in (field.expr, field.mask):
            if text is not None:
                self._formula(dataset, text, owner, field.at)
        if field.band is not None:
            self._formula(dataset, field.band.of, owner, field.at)
            edges = field.band.edges
            if list(edges) != sorted(set(edges)):
                self.findings.add(
                    "M013", field.at, f"{owner}的分段边界不是从小到大。", "请从小到大写,不重复。"
                )
            if field.band.labels and len(field.band.labels) != len(edges) + 1:
                self.findings.add(
                    "M013",
                    field.at,
                    f"{owner}有 {len(edges)} 个边界,却有 {len(field.band.labels)} 个段名。",
                    f"请写 {len(edges) + 1} 个段名。",
                )

    def metric(self, metric: Metric) -> None:
        owner = f"指标“{metric.label}”"
        match metric.definition:
            case Aggregate():
                for aggregate in (metric.definition, *metric.also):
                    self._aggregate(aggregate, owner, metric.at)
            case Ratio(of, to):
                self._metric_formula(of, owner, metric.at)
                self._metric_formula(to, owner, metric.at)
            case Derived(expr):
                self._metric_formula(expr, owner, metric.at)
        self._changes(metric, owner)
        for unclear in metric.unclear:
            self._dimension(metric.at, owner, unclear.by)
            for other in unclear.instead:
                self._dimension(metric.at, owner, other.by)
                if other.metric is not None:
                    self._named(metric.at, owner, "指标", other.metric, self.manifest.metrics)

    def _changes(self, metric: Metric, owner: str) -> None:
        """The old formula is shown with its thresholds filled in."""
        dataset = (
            self.manifest.datasets.get(metric.definition.dataset)
            if isinstance(metric.definition, Aggregate)
            else None
        )
        for change in metric.changes:
            for key, text in change.was:
                if dataset is not None and key in ("filter", "expr"):
                    self._formula(dataset, text, f"{owner}的原口径", metric.at)

    def _aggregate(self, aggregate: Aggregate, owner: str, at: Location | None) -> None:
        dataset = self.manifest.datasets.get(aggregate.dataset)
        if dataset is None:
            self._unknown(at, owner, "数据集", aggregate.dataset, self.manifest.datasets)
            return
        over = aggregate.semi_additive.over if aggregate.semi_additive else None
        days = aggregate.average_over.days if aggregate.average_over else None
        if days is not None and not days.isidentifier():
            self.findings.add(
                "M105",
                at,
                f"{owner}的 average_over.days 要写字段名,“{days}”不是。",
                '一行一天的日表,先加一个字段 {name: one_day, type: number, expr: "1"},再写它。',
            )
        for text in (aggregate.expr, aggregate.filter, aggregate.time, over, days):
            if text is not None:
                self._formula(dataset, text, owner, at)
        if aggregate.time is None and dataset.time is None:
            self.findings.add(
                "M111",
                at,
                f"{owner}没有时间字段,数据集“{dataset.label}”也没有写 time。",
                "请在数据集写 time: 日期列。",
            )

    def _metric_formula(self, text: str, owner: str, at: Location | None) -> None:
        formula = read_metric_formula(text)
        self._fault(formula, owner, at)
        for use in formula.columns:
            if use.role or use.name not in self.manifest.metrics:
                name = ".".join((*use.role, use.name))
                self._unknown(at, owner, "指标", name, self.manifest.metrics)

    def _formula(self, dataset: Dataset, text: str, owner: str, at: Location | None) -> None:
        formula = read_formula(text, self.parameters)
        self._fault(formula, owner, at)
        for use in formula.columns:
            self._role(dataset, use.role, owner, at)

    def _role(
        self, dataset: Dataset, role: tuple[str, ...], owner: str, at: Location | None
    ) -> None:
        here = dataset
        for name in role:
            join = here.join(name)
            if join is None:
                self._unknown(at, owner, "关联角色", name, [j.name for j in here.joins])
                return
            if join.type == "many_to_many":
                self.findings.add(
                    "M113",
                    at,
                    f"{owner}的公式经过多对多关联 {name},一行对应几个值,定不下来。",
                    "请在公式里只用一行一个值的列;按它分组、筛选不用写进公式。",
                )
                return
            target = self.manifest.datasets.get(join.to)
            if target is None:
                return
            here = target

    def _fault(self, formula: Formula, owner: str, at: Location | None) -> None:
        if formula.fault:
            code, message, fix = formula.fault
            self.findings.add(code, at, f"{owner}:{message}", fix)

    def cycles(self) -> None:
        done: set[str] = set()
        for metric in self.manifest.metrics.values():
            self._follow(metric.name, (), done)

    def _follow(self, name: str, trail: tuple[str, ...], done: set[str]) -> None:
        metric = self.manifest.metrics.get(name)
        if metric is None or name in done:
            return
        if name in trail:
            circle = " → ".join((*trail[trail.index(name) :], name))
            self.findings.add(
                "M107", metric.at, f"指标“{metric.label}”循环引用:{circle}。", "请断开其中一处。"
            )
            done.add(name)
            return
        for part in parts_of(metric):
            self._follow(part, (*trail, name), done)
        done.add(name)

    def governance(self) -> None:
        self._ambiguous()
        self._policies()
        for target in self.manifest.targets:
            if target.metric != "any":
                self._named(target.at, "目标", "指标", target.metric, self.manifest.metrics)
            self._named(target.at, "目标", "数据集", target.source, self.manifest.datasets)
        for rollup in self.manifest.rollups:
            for name in rollup.metrics:
                self._named(
                    rollup.at, f"预汇总“{rollup.name}”", "指标", name, self.manifest.metrics
                )
            for path in rollup.by:
                self._dimension(rollup.at, f"预汇总“{rollup.name}”", path)

    def _ambiguous(self) -> None:
        for word in self.manifest.ambiguous.values():
            owner = f"歧义词“{word.word}”"
            for path in word.candidates:
                if path not in self.manifest.metrics and path not in self.manifest.segments:
                    self._dimension(word.at, owner, path, "指标或维度")
            if word.default is not None and word.default not in word.candidates:
                self._unknown(word.at, owner, "候选", word.default, word.candidates)

    def _policies(self) -> None:
        for policy in self.manifest.policies:
            owner = f"角色“{policy.role}”的行权限" if policy.role else "不限行权限的清单"
            for path, _ in policy.allow:
                self._dimension(policy.at, owner, path)
            for path in policy.mask:
                self._masked(policy.at, owner, path)
            for name in policy.unrestricted:
                self._named(policy.at, owner, "数据集", name, self.manifest.datasets)

    def _masked(self, at: Location | None, owner: str, path: str) -> None:
        dataset, _, field = path.rpartition(".")
        found = self.manifest.datasets.get(dataset)
        if found is None:
            self._unknown(at, owner, "数据集", dataset, self.manifest.datasets)
        elif found.field(field) is None:
            self._unknown(at, owner, "字段", field, [f.name for f in found.fields])

    def _dimension(self, at: Location | None, owner: str, path: str, what: str = "维度") -> None:
        role, _, name = path.rpartition(".")
        if name not in self.manifest.dimensions:
            also = () if what == "维度" else self.manifest.metrics
            self._unknown(at, owner, what, path, (*also, *self.manifest.dimensions))
            return
        roles = {j.name for d in self.manifest.datasets.values() for j in d.joins}
        for part in role.split(".") if role else ():
            if part not in roles:
                self._unknown(at, owner, "关联角色", part, sorted(roles))

    def _named(
        self, at: Location | None, owner: str, what: str, name: str, known: Iterable[str]
    ) -> None:
        if name not in known:
            self._unknown(at, owner, what, name, known)

    def _unknown(
        self, at: Location | None, owner: str, what: str, name: str, known: Iterable[str]
    ) -> None:
        self.findings.add(
            "M104", at, f"{owner}引用的{what} {name} 不存在。", did_you_mean(name, known)
        )


def parts_of(metric: Metric) -> Iterator[str]:
    """Metrics that stand in the formula of a metric."""
    """Metrics that stand in the formula of a metric."""
    match metric.definition:
        case Ratio(of, to):
            formulas: tuple[str, ...] = (of, to)
        case Derived(expr):
            formulas = (expr,)
        case Aggregate():
            formulas = ()
    for text in formulas:
        yield from (use.name for use in read_metric_formula(text).columns)
