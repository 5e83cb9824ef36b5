"""Joins: rows that find nobody, rows that name nobody, rows that find several."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from metrics.live.finding import LiveFinding
from metrics.live.rows import (
    EXAMPLES,
    LiveData,
    called,
    counted,
    is_null,
    listed,
    not_null,
    read,
    whole,
    within,
)
from semantic_layer.compile.scan import Scan
from semantic_layer.model import Dataset, Join, Validity

LEAST_GAP = "0.000001"
"""Weights are written with so many digits."""
SMALLEST_NOTE = 0.0005
"""Shares of rows without a key below this are not worth a word."""


def joins_hold(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Orphans, missing keys and joins that multiply rows."""
    for join in dataset.joins:
        if join.type == "many_to_many":
            yield from _shared_out(dataset, join, data)
            continue
        yield from _found(dataset, join, data)
        yield from _multiplied(dataset, join, data)


def _shared_out(dataset: Dataset, join: Join, data: LiveData) -> Iterator[LiveFinding]:
    """Weights that do not add up to one, where they hold for ever: some of an amount is lost."""
    if join.weight is None or join.validity is not None:
        return
    scan = data.scan(data.snapshot.manifest.datasets[join.to])
    keys = [scan.field((), theirs) for _, theirs in join.keys]
    known = exp.Coalesce(this=scan.expression(join.weight), expressions=[exp.Literal.number(0)])
    total = exp.Sum(this=known)
    off = exp.Abs(this=exp.Sub(this=total, expression=exp.Literal.number(1)))
    named = [called(key, f"k{at}") for at, key in enumerate(keys)]
    groups = read(scan, named, exp.and_(*map(not_null, keys))).group_by(*keys)
    wrong = groups.having(exp.GT(this=off, expression=exp.Literal.number(LEAST_GAP)))
    columns = [exp.column(f"k{at}") for at in range(len(keys))]
    ((found,),) = data.rows(exp.select(counted()).from_(within(wrong.copy(), "wrong")))
    if not found:
        return
    shown_keys = exp.select(*columns).from_(within(wrong, "wrong")).order_by(*columns)
    examples = tuple(listed(row) for row in data.rows(shown_keys.limit(EXAMPLES)))
    message = (
        f"“{dataset.label}”按{join.label or join.name}分摊的权重,有{whole(found):,}个键合计不是1,"
        f"如 {'、'.join(examples)}"
    )
    yield LiveFinding("V204", f"{dataset.name}.{join.name}", message, whole(found), None, examples)


def _found(dataset: Dataset, join: Join, data: LiveData) -> Iterator[LiveFinding]:
    target = data.snapshot.manifest.datasets[join.to]
    scan = data.scan(dataset)
    ours = [scan.expression(mine) for mine, _ in join.keys]
    keys = [called(key, f"k{at}") for at, key in enumerate(ours)]
    columns = [exp.column(f"k{at}", "ours") for at in range(len(keys))]
    theirs = [exp.column(f"t{at}", "theirs") for at in range(len(keys))]
    named = exp.and_(*map(not_null, columns))
    lost: exp.Expr = exp.and_(named, is_null(theirs[0]))
    groups = within(read(scan, [*keys, called(counted(), "n")]).group_by(*ours), "ours")
    on = exp.and_(*(exp.EQ(this=c, expression=t) for c, t in zip(columns, theirs, strict=True)))
    joined = exp.select().from_(groups).join(_members(target, join, data), on=on, join_type="left")
    rows = exp.Sum(this=exp.column("n", "ours"))

    def total(where: exp.Expr) -> exp.Expr:
        return exp.Filter(this=rows.copy(), expression=exp.Where(this=where))

    if join.validity is None and _is_dated(dataset, join, data):
        lost = exp.and_(lost, _within_its_days(target, join, columns[0], data))
    missing: exp.Expr = exp.not_(named)
    if join.validity is not None:
        missing, lost = exp.or_(missing, lost), exp.false()
    asked = [rows.copy(), total(missing), total(lost), counted(lost)]
    ((every, nameless, orphans, keys_lost),) = data.rows(joined.copy().select(*asked))
    subject = f"{dataset.name}.{join.name}"
    role = join.label or target.label
    if orphans:
        examples = data.rows(joined.select(*columns).where(lost).order_by(*columns).limit(EXAMPLES))
        shown = tuple(listed(row) for row in examples)
        share = whole(orphans) / whole(every)
        message = (
            f"“{dataset.label}”按{role}关联“{target.label}”,有{whole(orphans):,}行"
            f"({share:.4%})、{keys_lost:,}个键关联不上,如 {'、'.join(shown)}"
        )
        yield LiveFinding("V201", subject, message, whole(orphans), share, shown)
    share = whole(nameless) / whole(every) if every else 0.0
    if share >= SMALLEST_NOTE:
        message = f"“{dataset.label}”有{share:.2%}的行没有{role}({whole(nameless):,}行)"
        yield LiveFinding("V202", subject, message, whole(nameless), share)


def _is_dated(dataset: Dataset, join: Join, data: LiveData) -> bool:
    """A calendar, which begins and ends somewhere."""
    target = data.snapshot.manifest.datasets[join.to]
    types = data.snapshot.column_types.get(target.table or "", {})
    return len(join.keys) == 1 and types.get(join.keys[0][1], "").upper() == "DATE"


def _within_its_days(target: Dataset, join: Join, value: exp.Expr, data: LiveData) -> exp.Expr:
    scan = data.scan(target)
    key = scan.field((), join.keys[0][1])
    first = read(scan, [exp.Min(this=key.copy())]).subquery()
    last = read(data.scan(target), [exp.Max(this=key.copy())]).subquery()
    return exp.Between(this=value.copy(), low=first, high=last)


def _members(target: Dataset, join: Join, data: LiveData) -> exp.Subquery:
    scan = data.scan(target)
    named = [called(scan.field((), t), f"t{at}") for at, (_, t) in enumerate(join.keys)]
    return within(read(scan, named).distinct(), "theirs")


def _multiplied(dataset: Dataset, join: Join, data: LiveData) -> Iterator[LiveFinding]:
    """Several rows of the target for one of ours: same key, or validities that overlap."""
    target = data.snapshot.manifest.datasets[join.to]
    fields = [theirs for _, theirs in join.keys]
    if join.validity is None and set(target.key) <= set(fields):
        return
    scan = data.scan(target)
    keys = [scan.field((), name) for name in fields]
    known = exp.and_(*map(not_null, keys))
    if join.validity is None:
        groups = read(scan, [*keys, called(counted(), "n")], known).group_by(*keys)
        twice = groups.having(exp.column("n") > 1)
    else:
        twice = _overlaps(scan, keys, join.validity, known)
    ((found,),) = data.rows(exp.select(counted()).from_(within(twice, "twice")))
    if found:
        told = "有效期重叠:前一行还没有失效,后一行已经生效" if join.validity else "键重复"
        message = (
            f"“{dataset.label}”按{join.label or join.name}关联“{target.label}”时"
            f"会遇到{found:,}处{told}"
        )
        yield LiveFinding("V203", f"{dataset.name}.{join.name}", message, whole(found))


def _overlaps(
    scan: Scan, keys: list[exp.Expression], validity: Validity, known: exp.Expr
) -> exp.Select:
    """Rows whose validity reaches into the next one of the same key."""
    starts = scan.field((), validity.from_field)
    ends = scan.field((), validity.to_field)
    following = exp.Window(
        this=exp.Lead(this=starts.copy()),
        partition_by=[key.copy() for key in keys],
        order=exp.Order(expressions=[exp.Ordered(this=starts.copy(), nulls_first=False)]),
    )
    rows = read(scan, [called(ends, "ends"), called(following, "following")], known)
    ends_column, next_column = exp.column("ends"), exp.column("following")
    open_end = exp.and_(is_null(ends_column), not_null(next_column))
    reaching = exp.or_(open_end, ends_column > next_column)
    return exp.select(ends_column.copy()).from_(within(rows, "valid")).where(reaching)
