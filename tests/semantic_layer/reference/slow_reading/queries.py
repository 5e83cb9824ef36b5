"""Random questions over a random bank, every slot that the compiler supports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from slow_reading.predicates import conditions_of, sets_of
from slow_reading.world import World

from semantic_layer.query import (
    Absolute,
    And,
    Arithmetic,
    Between,
    BucketGroup,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Edge,
    EventCondition,
    Everything,
    Focus,
    Having,
    InvalidQueryError,
    Latest,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Number,
    Or,
    Order,
    Part,
    Period,
    Predicate,
    Relative,
    Rolling,
    Scope,
    Set,
    SetGroup,
    Share,
    Shifted,
    Span,
    TimeGroup,
    TopMembership,
)

DIMENSIONS = (
    "branch", "branch", "outlet", "region", "gender", "age", "age_band", "vip", "tier", "kind", "risk", "size",
    "trade_org.branch", "own_org.outlet", "client.gender", "home_org.branch",
)  # fmt: skip
DIMENSIONS_OF = {
    "sales": ("branch", "branch", "outlet", "region", "gender", "age", "age_band", "vip", "tier", "kind", "risk",
              "size", "trade_org.branch", "client.gender", "home_org.branch"),
    "stocks": ("branch", "branch", "outlet", "region", "gender", "age_band", "vip", "tier", "kind", "risk",
               "own_org.branch", "client.gender"),
    "mixed": ("branch", "branch", "outlet", "region", "gender", "age_band", "vip", "tier", "kind", "risk"),
    "daily": ("branch", "outlet", "region", "kind", "day_org.branch"),
    "clients": ("gender", "age_band", "vip", "tier", "branch"),
}  # fmt: skip
METRICS_OF = {
    "sales": ("amount", "some_amount", "count", "some_count", "qty_count", "qty_sum", "buyers", "avg_amount",
              "min_amount", "max_amount", "median_amount", "q_amount", "paid_amount", "doubled", "dau", "daily_sum",
              "rate", "per_buyer", "margin", "net", "of_rates"),
    "stocks": ("balance", "some_balance", "holders", "accounts", "top_balance", "mean_balance", "known_balance",
               "first_balance", "avg_balance", "fresh", "active", "both_balance", "per_holder", "active_rate",
               "net_balance"),
    "mixed": ("mixed", "gap", "amount", "balance", "buyers", "holders", "some_amount", "fresh", "avg_amount"),
    "daily": ("day_balance", "both_balance"),
    "clients": ("credit", "clients", "amount", "balance"),
}  # fmt: skip
THEMES = (
    "sales",
    "sales",
    "sales",
    "stocks",
    "stocks",
    "stocks",
    "mixed",
    "mixed",
    "daily",
    "clients",
    "any",
)
ADDITIVE = (
    "amount",
    "some_amount",
    "count",
    "buyers",
    "balance",
    "holders",
    "net",
    "gap",
    "fresh",
    "credit",
    "day_balance",
)
GRAINS = ("date", "week", "xun", "month", "month", "month", "quarter", "half", "year")
SPANS: tuple[Span, ...] = (
    Relative("month", -1), Relative("month", -1), Relative("month"), Relative("month", -1, 3),
    Relative("month", 0, 2), Relative("quarter", -1), Relative("quarter"), Relative("year"),
    Relative("year", to_date=True), Relative("year", -1), Relative("day", -1),
    Relative("day", 0, 7, anchor="data"), Relative("day", 0, 30, anchor="data"), Relative("week", -1),
    Relative("week", 0, 3), Relative("xun", -2, 2), Relative("half", -1), Latest(), Latest("month"),
    Latest("quarter"), Edge(Relative("month", -1)), Edge(Relative("quarter", -1)),
    Edge(Relative("year"), "opening"), Edge(Relative("month", -1), "opening"), Everything(),
    Relative("year", 0, within=(Part("month", 10),)), Relative("year", 0, within=(Part("quarter", 1, 3),)),
    Relative("year", 0, within=(Part("month", 10), Part("xun", 2))), Relative("month", -1, within=(Part("day", -1),)),
    Between(Relative("month", -2)), Between(Relative("year"), Relative("month", -1)),
    Shifted(Relative("month"), "year", -1), Shifted(Relative("month"), "month", -1),
    Shifted(Relative("month"), "year", -1, "full"), Shifted(Relative("year", to_date=True), "year", -1),
    Absolute(date(2026, 8, 1), date(2026, 10, 31)), Absolute(date(2026, 10, 31), date(2026, 10, 31)),
    Absolute(date(2026, 10, 15), date(2026, 11, 14)), Absolute(date(2026, 2, 28), date(2026, 2, 28)),
    Absolute(date(2026, 9, 1), date(2026, 9, 30)), Absolute(date(2025, 7, 1), date(2025, 12, 31)),
)  # fmt: skip
BRIEF: tuple[Span, ...] = (
    Relative("month", -1), Relative("month"), Relative("day", 0, 7, anchor="data"), Relative("xun", -2, 2),
    Relative("week", 0, 3), Relative("day", -1), Latest(), Absolute(date(2026, 10, 15), date(2026, 11, 14)),
    Shifted(Relative("month"), "month", -1), Relative("month", 0, 2),
)  # fmt: skip
"""Beside days and weeks: a long list of days says no more than a short one."""
WINDOWS = (
    Cumulative(), Cumulative("never"), Cumulative("month"), Cumulative("quarter"), Rolling("day", 7),
    Rolling("trading_day", 5),
    Rolling("day", 30), Rolling("week", 2), Rolling("month", 2), Rolling("month", 3), Rolling("quarter", 2),
)  # fmt: skip
CONDITIONS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("branch", ("甲", "乙", "未知")), ("branch", ("甲", "丙")), ("region", ("北", "南")),
    ("outlet", ("网点o0", "网点o1")), ("gender", ("男", "女", "未知")), ("vip", (True, False)), ("vip", ("是",)),
    ("age", (20, 30, 45)), ("age_band", ("20以下", "30(含)—60")), ("tier", ("金", "钻石")), ("kind", ("A", "B", "未知")),
    ("risk", ("高", "低")), ("size", ("大",)),
)  # fmt: skip
MEMBERS = {
    "branch": ("甲", "乙"),
    "outlet": ("网点o0", "网点o1"),
    "gender": ("男", "女"),
    "kind": ("A",),
    "tier": ("金", "银"),
}
LIMITS: tuple[dict[str, Any], ...] = (
    {"count": 1}, {"count": 2}, {"count": 3}, {"count": 1, "offset": 1}, {"count": 1, "offset": 2},
    {"percent": 30}, {"percent": 50}, {"percent": 34}, {"count": 1, "others": True}, {"count": 2, "others": True},
    {"percent": 50, "others": True}, {"count": 1, "partition_by": (0,)}, {"count": 2, "partition_by": (1,)},
    {"count": 1, "partition_by": (0,), "others": True}, {"count": 1, "partition_by": (1,), "others": True},
)  # fmt: skip


def random_query(random: Random, world: World) -> MetricQuery:
    """A question that can be written down; it may still have no answer."""
    while True:
        try:
            return _query(random, world)
        except InvalidQueryError:
            continue


def _query(random: Random, world: World) -> MetricQuery:
    theme = random.choice(THEMES)
    measures, groups = _measures(random, world, theme), _groups(random, world, theme)
    flows = theme == "sales"
    compare = _compare(random, flows)
    more: dict[str, Any] = {}
    if random.random() < 0.25:
        more["order"] = tuple(
            _order(random, measures, groups, compare) for _ in range(random.choice([1, 1, 2]))
        )
    if random.random() < 0.25 and groups:
        more["limit"] = Limit(**random.choice(LIMITS))
    if random.random() < 0.12:
        value = random.choice([0, 1, 20, 0.5, "average", "average"])
        column = ColumnRef(random.randrange(len(measures)))
        if compare and value != "average" and random.random() < 0.5:
            column = _ref(random, measures, compare)
        more["having"] = (
            Having(column, random.choice(["gt", "ge", "lt", "le", "eq", "ne"]), value),
        )
    if random.random() < 0.12 and all(getattr(m, "metric", "") in ADDITIVE for m in measures):
        more["share"] = _share(random, groups)
    if random.random() < 0.15 and flows:
        more["window"] = random.choice(WINDOWS)
    first = (
        groups[0].dimension.rpartition(".")[2]
        if groups and isinstance(groups[0], DimensionGroup)
        else ""
    )
    if random.random() < 0.08 and first in MEMBERS:
        more["focus"] = Focus(groups[0].dimension, random.choice(MEMBERS[first]))
    if random.random() < 0.05:
        more["totals"] = False
    if random.random() < 0.1 and len(groups) > 1:
        more["subtotals"] = random.choice([(0,), (0,), (0,), (1,), (0, 1)])
    scope = _scope(random, world, theme, groups)
    if "share" in more and random.random() < 0.5:
        more["share"] = _of_more(random, scope.where) or more["share"]
    return MetricQuery(
        tuple(measures),
        tuple(groups),
        scope,
        compare=compare,
        **more,
    )


def _apart(random: Random, world: World, theme: str) -> Any:
    """A group that is no dimension."""
    if random.random() < 0.35:
        sets = [_set(random, world) for _ in range(random.choice([1, 1, 2]))]
        sets = [replace(s, entity="client", label=f"{at}号客群") for at, s in enumerate(sets)]
        return SetGroup(tuple(sets), random.random() < 0.5)
    of = random.choice(
        ["amount", "balance", "count", "rate", "credit", "age", "holders", "per_buyer"]
    )
    edges = ({"edges": (1, 20)}, {"edges": (0, 25, 55)}, {"width": 10}, {"count": 2}, {"count": 3})
    entity = "client" if of == "age" or random.random() < 0.85 else "branch"
    return BucketGroup(of, entity, **random.choice(edges))  # type: ignore[arg-type]


def _measures(random: Random, world: World, theme: str) -> list[Any]:
    names = random.sample(
        METRICS_OF.get(theme) or list(world.manifest.metrics), random.choice([1, 1, 1, 2, 2])
    )
    per = random.choice([None] * 12 + ["day", "month", "trading_day", "quarter"])
    if any(n in ("avg_balance", "dau", "daily_sum", "active_rate") for n in names):
        per = None
    found: list[Any] = [MetricRef(name, per=per) for name in names]
    if per is None and random.random() < 0.08:
        over = random.choice(
            ["date", "date", "month"] if theme == "sales" else ["month", "month", "quarter"]
        )
        found[0] = replace(
            found[0], stat=random.choice(["max", "max", "min", "median", "mean"]), stat_over=over
        )
    if random.random() < 0.08:
        right = random.choice(
            [Number(2), *found, MetricRef("count" if theme == "sales" else "balance", per=per)]
        )
        found.append(Arithmetic(random.choice(["+", "-", "*", "/"]), found[0], right))
    return found


def _groups(random: Random, world: World, theme: str) -> list[Any]:
    found: list[Any] = [
        DimensionGroup(d)
        for d in dict.fromkeys(
            random.sample(DIMENSIONS_OF.get(theme, DIMENSIONS), random.choice([0, 1, 1, 1, 2]))
        )
    ]
    if random.random() < 0.07 and theme != "daily":
        for _ in range(random.choice([1, 1, 1, 2])):
            found.insert(random.randint(0, len(found)), _apart(random, world, theme))
    if random.random() < 0.3:
        for _ in range(random.choice([1, 1, 1, 1, 1, 1, 2])):
            found.insert(random.randint(0, len(found)), TimeGroup(random.choice(GRAINS)))  # type: ignore[arg-type]
    return found


def _compare(random: Random, flows: bool) -> tuple[Comparison, ...]:
    bases = ["yoy", "yoy", "mom", "mom", "previous", "range", "average"]
    bases = random.sample(
        bases if flows else [*bases, "opening", "ytd_open"], random.choice([0, 0, 0, 1, 2])
    )
    found = []
    for base in dict.fromkeys(bases):
        shows = tuple(
            random.sample(["value", "diff", "rate", "pp", "rank"], random.choice([1, 2, 3]))
        )
        span = random.choice(SPANS) if base == "range" else None
        align = random.choice([None, None, None, "full", "elapsed"])
        found.append(Comparison(base, shows, align, span))  # type: ignore[arg-type]
    return tuple(found)


def _ref(random: Random, measures: list[Any], compare: tuple[Comparison, ...]) -> ColumnRef:
    at = random.randrange(len(measures))
    if compare and random.random() < 0.5:
        return ColumnRef(at, random.choice(["value", "diff", "rate"]), random.choice(compare).base)
    return ColumnRef(at)


def _order(
    random: Random, measures: list[Any], groups: list[Any], compare: tuple[Comparison, ...]
) -> Order:
    ref = _ref(random, measures, compare)
    if groups and random.random() < 0.2:
        ref = ColumnRef(group=random.randrange(len(groups)))
    return Order(ref, random.random() < 0.5, random.random() < 0.2)


def _share(random: Random, groups: list[Any]) -> Share:
    dimensions = [g.dimension for g in groups if isinstance(g, DimensionGroup)]
    of = random.choice(["total", "total", "parent", "unfiltered"])
    if of == "total" or not dimensions:
        return Share("total")
    return Share(of, random.choice(dimensions))  # type: ignore[arg-type]


def _of_more(random: Random, where: Predicate | None) -> Share | None:
    """The share of what there would be without a part of the filter, or without any."""
    chosen = next(sets_of(where), None)
    if chosen is not None and random.random() < 0.7:
        return Share("unfiltered", entity=chosen.entity)
    names = sorted({c.dimension for c in conditions_of(where)})
    return Share("unfiltered", random.choice([*names, None])) if names else None


def _scope(random: Random, world: World, theme: str, groups: list[Any]) -> Scope:
    where = predicate(random, 2, theme) if random.random() < 0.45 else None
    if where is not None and random.random() < 0.25:
        where = random.choice([And, Or])((where, _membership(random, world)))
    elif random.random() < 0.08:
        where = _membership(random, world)
    if random.random() < 0.12:
        return Scope(None, where)
    fine = any(isinstance(g, TimeGroup) and g.grain in ("date", "week", "xun") for g in groups)
    known = BRIEF if fine and random.random() < 0.9 else SPANS
    if fine:
        known = tuple(span for span in known if not isinstance(span, Everything))
    spans = random.sample(known, random.choice([1, 1, 1, 1, 1, 1, 2]))
    days = random.choice([None] * 9 + ["workday"]) if theme == "sales" else None
    roles = {"sales": ["付款日", "时刻"], "stocks": ["到期日"]}.get(theme, [None])
    role = random.choice([None] * 12 + roles)
    return Scope(Period(tuple(spans), days, role), where)  # type: ignore[arg-type]


def predicate(random: Random, depth: int, theme: str) -> Predicate:
    """Conditions on dimensions, joined and negated."""
    kind = random.choice(["leaf", "leaf", "leaf", "and", "or", "not"]) if depth else "leaf"
    if kind == "leaf":
        return _condition(random, theme)
    if kind == "not":
        return Not(predicate(random, depth - 1, theme))
    children = tuple(predicate(random, depth - 1, theme) for _ in range(2))
    return And(children) if kind == "and" else Or(children)


def _condition(random: Random, theme: str) -> Condition:
    known = [n for n, _ in CONDITIONS if n in DIMENSIONS_OF.get(theme, DIMENSIONS)]
    name = random.choice(known)
    values = random.choice([v for n, v in CONDITIONS if n == name])
    if random.random() < 0.1:
        return Condition(name, random.choice(["is_null", "not_null"]))  # type: ignore[arg-type]
    if name == "age" and random.random() < 0.6:
        return Condition(
            name, random.choice(["gt", "ge", "lt", "le"]), (random.choice((20, 30, 60)),)
        )  # type: ignore[arg-type]
    if name == "outlet" and random.random() < 0.5:
        op, value = random.choice(
            [("prefix", "网"), ("suffix", "o1"), ("contains", "o0"), ("not_contains", "o1")]
        )
        return Condition(name, op, (value,))  # type: ignore[arg-type]
    chosen = tuple(random.sample(list(values), random.randint(1, len(values))))
    return Condition(name, random.choice(["in", "in", "not_in"]), chosen)  # type: ignore[arg-type]


def _membership(random: Random, world: World) -> Predicate:
    found = Membership(_set(random, world))
    return Not(found) if random.random() < 0.15 else found


def _set(random: Random, world: World) -> Set:
    metric = random.choice(
        ["amount", "count", "balance", "rate", "holders", "avg_amount", "credit", "per_buyer"]
    )
    period = random.choice(
        [None, None, Period((Relative("month", -1),)), Period((Relative("year", to_date=True),))]
    )
    op = random.choice(["gt", "ge", "lt", "le", "eq", "ne"])
    leaf: Predicate = MetricCondition(metric, op, random.choice([0, 1, 20, 40]), period)  # type: ignore[arg-type]
    kind = random.random()
    if kind < 0.25:
        inner = random.choice([None, None, Condition("kind", "in", ("A",))])
        leaf = EventCondition(random.choice(["amount", "count", "some_count"]), random.random() < 0.6,
                              random.choice([1, 1, 2]), period, where=inner)  # fmt: skip
        if random.random() < 0.25:
            leaf = replace(
                leaf,
                after=random.choice(["count", "some_count"]),
                after_days=random.choice([1, 30, 90]),
            )
    elif kind < 0.4:
        leaf = TopMembership(
            metric, random.choice([1, 2]), descending=random.random() < 0.6, period=period
        )
    elif kind < 0.5:
        leaf = ChangeCondition(
            metric, random.choice(["mom", "yoy"]), "diff", op, random.choice([0, 5]), period
        )  # type: ignore[arg-type]
    if isinstance(leaf, MetricCondition | EventCondition) and random.random() < 0.15:
        run = {
            "in_a_row": random.choice([2, 2, 3]),
            "row_unit": random.choice(["month", "month", "quarter"]),
        }
        if not (isinstance(leaf, EventCondition) and leaf.after):
            leaf = replace(leaf, **run)  # type: ignore[arg-type]
    if random.random() < 0.3:
        extra = random.choice(
            [
                Condition("gender", "in", ("男",)),
                Condition("age", "ge", (30,)),
                Condition("tier", "is_null"),
            ]
        )
        leaf = random.choice([And, Or])((leaf, random.choice([extra, Not(extra)])))
    return Set(random.choice(["client", "client", "client", "branch"]), leaf)


def random_set(random: Random, world: World, entity: str) -> Set:
    """Whoever belongs, of one kind."""
    return replace(_set(random, world), entity=entity)
