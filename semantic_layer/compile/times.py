"""Which rows lie in the periods of a branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlglot import exp

from semantic_layer.compile.scan import Scan
from semantic_layer.compile.tokens import all_of, any_of, day
from semantic_layer.plan.nodes import Branch, Window
from semantic_layer.resolve.conditions import column_kind
from semantic_layer.resolve.units import ONE_DAY, Days


def time_terms(branch: Branch, scan: Scan) -> list[exp.Expression]:
    """The conditions on time that every row of the branch fulfils."""
    terms: list[exp.Expression] = []
    if branch.snapshot is not None and scan.dataset.time is not None:
        taken = scan.field((), scan.dataset.time)
        terms.append(within(taken, Days(*branch.snapshot), is_date(scan, scan.dataset.time)))
    if branch.time is None or not branch.windows:
        return terms
    plain = is_date(scan, branch.time)
    if branch.days is not None:
        terms.append(_on_days(scan.field((), branch.time), branch.days, plain))
    else:
        ranges = merged(branch.windows)
        value = scan.field((), branch.time)
        terms.append(_either([in_range(value.copy(), d, scan, branch.time) for d in ranges]))
    if branch.last_known:
        terms.append(_last_known(branch, scan))
    return terms


def _either(ranges: list[exp.Expression]) -> exp.Expression:
    """Single days as one list, everything else as ranges."""
    if len(ranges) > 1 and all(isinstance(r, exp.EQ) for r in ranges):
        return exp.In(this=ranges[0].this, expressions=[r.args["expression"] for r in ranges])
    joined = any_of(ranges)
    assert joined is not None
    return joined


def merged(windows: Iterable[Window]) -> list[Days]:
    """The days of all windows as few ranges."""
    found: list[Days] = []
    for start, end in sorted({(w.start, w.end) for w in windows}):
        if found and start <= found[-1].end + ONE_DAY:
            found[-1] = Days(found[-1].start, max(end, found[-1].end))
        else:
            found.append(Days(start, end))
    return found


def in_range(value: exp.Expression, days: Days, scan: Scan, time: str) -> exp.Expression:
    """Whether the time field of a row lies in the range; the only day with rows by its name.

    The engine knows how many rows a day has, of a range it guesses.
    """
    plain = is_date(scan, time)
    known = known_days(scan, time, days) if plain else ()
    return within(value, Days(known[0], known[0]) if len(known) == 1 else days, plain)


def known_days(scan: Scan, time: str, days: Days) -> tuple[date, ...]:
    """The days of the range that the table has rows of; none where nobody looked."""
    if time != scan.dataset.time:
        return ()
    return scan.snapshot.days_with_rows(scan.dataset.name, days.start, days.end)


def within(value: exp.Expression, days: Days, is_date: bool) -> exp.Expression:
    """Whether a date, or a time of day, lies in the range."""
    if not is_date:
        before = exp.LT(this=value.copy(), expression=day(days.end + ONE_DAY))
        return exp.And(this=exp.GTE(this=value, expression=day(days.start)), expression=before)
    if days.start == days.end:
        return exp.EQ(this=value, expression=day(days.start))
    return exp.Between(this=value, low=day(days.start), high=day(days.end))


def _on_days(value: exp.Expression, days: tuple[date, ...], is_date: bool) -> exp.Expression:
    if not is_date:
        value = exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.DATE))
    if not days:
        return exp.false()
    return exp.In(this=value, expressions=[day(d) for d in days])


def is_date(scan: Scan, name: str) -> bool:
    """Whether the time field holds days, not moments."""
    field = scan.dataset.field(name)
    if field is not None and field.type is not None:
        return field.type == "date"
    if field is not None and field.expr is not None:
        return False
    return column_kind(scan.snapshot, scan.dataset.name, name) == "date"


def _last_known(branch: Branch, scan: Scan) -> exp.Expression:
    """A row counts when it is the last one of its key, judged on the unfiltered table."""
    assert branch.time is not None
    other = Scan(scan.dataset, scan.resolved, scan.snapshot)
    other.aliases[()] = f"{scan.dataset.name}_known"
    later = exp.Select(expressions=[exp.Max(this=other.field((), branch.time))])
    later.set("from_", exp.From(this=other.source()))
    scan.sources |= other.sources
    terms: list[exp.Expression] = [
        exp.EQ(this=other.field((), key), expression=scan.field((), key))
        for key in scan.dataset.key
        if key != branch.time
    ]
    value = scan.field((), branch.time)
    terms.append(_same_window(branch, other.field((), branch.time), value.copy()))
    later.set("where", exp.Where(this=all_of(terms)))
    return exp.EQ(this=value, expression=exp.Subquery(this=later))


def _same_window(branch: Branch, known: exp.Expression, value: exp.Expression) -> exp.Expression:
    """Both dates lie in the same window of the branch."""
    either = any_of(
        exp.And(
            this=within(known.copy(), Days(w.start, w.end), True),
            expression=within(value.copy(), Days(w.start, w.end), True),
        )
        for w in branch.windows
    )
    assert either is not None
    return either
