"""The figures of a run as HTML: everything that comes from suites or data is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from evals.beside import Rows
from evals.figures import Rate, Slice, Times
from evals.kept import OUTCOMES, Head, KeptCase

VERDICTS = (("right", "对"), ("wrong", "错"), ("abstained", "弃答"))
_LAYERS = {
    "leak": "泄漏", "outcome": "结局", "slots": "查询要素", "rows": "数字", "headline": "结论句",
    "same": "同一意思",
}  # fmt: skip
_LAYER = re.compile(rf"(^|;)({'|'.join(_LAYERS)}): ")


def moment(head: Head) -> str:
    """When it began, by the clock of this machine."""
    return f"{head.at.astimezone():%Y-%m-%d %H:%M}"


def counts_html(head: Head) -> str:
    """Right, wrong, abstained: as numbers and as one bar."""
    counts = {"right": head.right, "wrong": head.wrong, "abstained": head.abstained}
    cells = "".join(
        f'<div class="{verdict}"><span>{name}</span><b>{counts[verdict]:,}</b>'
        f"<small>{_percent(counts[verdict], head.total)}</small></div>"
        for verdict, name in VERDICTS
    )
    bar = "".join(
        f'<i class="{verdict}" style="flex-grow:{counts[verdict]}" title="{name}"></i>'
        for verdict, name in VERDICTS
        if counts[verdict]
    )
    return f'<div class="ws-counts">{cells}</div><div class="ws-verdicts">{bar}</div>'


def rates_html(rates: Iterable[Rate]) -> str:
    """What the counts prove, one sentence each."""
    lines = "".join(f"<dt>{escape(rate.name)}</dt><dd>{_rate(rate)}</dd>" for rate in rates)
    return f'<dl class="ws-facts ws-rates">{lines}</dl>'


def _rate(rate: Rate) -> str:
    if rate.share is None:
        return "—"
    return (
        f"<b>{rate.share:.2%}</b>({rate.wrong:,}/{rate.of:,}),95% 置信上界 <b>{rate.bound:.2%}</b>"
    )


def _percent(count: int, of: int) -> str:
    return f"{count / of:.1%}" if of else "—"


def slices_html(name: str, found: Sequence[Slice]) -> str:
    """A row for each tag."""
    lines = "".join(
        f"<tr><td>{escape(one.name)}</td>{_number(one.total)}{_number(one.right)}"
        f"{_number(one.wrong, 'bad')}{_number(one.abstained)}"
        f'<td class="num">{_percent(one.right, one.total)}</td>'
        f'<td class="ws-share">{_verdict_bar(one)}</td></tr>'
        for one in found
    )
    heads = "".join(f'<th class="num">{h}</th>' for h in ("题数", "对", "错", "弃答", "对的比例"))
    head = f"<tr><th>{escape(name)}</th>{heads}<th></th></tr>"
    return f'<div class="ws-table"><table><thead>{head}</thead><tbody>{lines}</tbody></table></div>'


def _number(count: int, mood: str = "") -> str:
    kind = f"num {mood}" if mood and count else "num"
    return f'<td class="{kind}">{count:,}</td>'


def _verdict_bar(one: Slice) -> str:
    counts = (("right", one.right), ("wrong", one.wrong), ("abstained", one.abstained))
    parts = "".join(f'<i class="{v}" style="flex-grow:{n}"></i>' for v, n in counts if n)
    return f'<div class="ws-verdicts">{parts}</div>'


def times_html(found: Times) -> str:
    """Median, p95, longest; then how many took how long."""
    facts = (("中位数", found.median), ("p95", found.p95), ("最慢", found.longest))
    cells = "".join(
        f"<div><span>{n}</span><b>{ms:,.0f}</b><small>毫秒</small></div>" for n, ms in facts
    )
    most = max(count for _, count in found.bins)
    bars = "".join(
        f"<dt>{name}</dt><dd>{_bar(count, most)}{count:,}题</dd>" for name, count in found.bins
    )
    return f'<div class="ws-counts">{cells}</div><dl class="ws-bins">{bars}</dl>'


def _bar(count: int, most: int) -> str:
    return f'<i style="width:{count / most:.1%}"></i>' if count else ""


def reason_text(case: KeptCase) -> str:
    """Why it is not right, with the layers in Chinese."""
    return _LAYER.sub(lambda found: f"{found[1]}{_LAYERS[found[2]]}:", case.reason)


def outcome_text(outcome: str, codes: Iterable[str]) -> str:
    """给出答案, 拒答(permission)."""
    shown = "、".join(code for code in codes if code and code != "answered")
    name = OUTCOMES.get(outcome, outcome)
    return f"{name}({shown})" if shown else name


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """Names and texts beneath each other."""
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text
    )
    return f'<dl class="ws-facts">{lines}</dl>'


def rows_html(rows: Rows | None, other: Rows | None) -> str:
    """The rows; cells that the other table does not have in that column are marked."""
    if rows is None:
        return '<p class="ws-note">没有数字</p>'
    known = _cells_by_column(other)
    heads = "".join(
        f'<th class="{"num" if _is_numeric(rows, at) else ""}">{escape(name)}</th>'
        for at, name in enumerate(rows.columns)
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td class="{_kind(cell, name, known)}">{escape(cell)}</td>'
            for cell, name in zip(row, rows.columns, strict=False)
        )
        + "</tr>"
        for row in rows.rows
    )
    more = rows.total - len(rows.rows)
    note = (
        f'<p class="ws-note">共{rows.total:,}行,这里是前{len(rows.rows)}行</p>' if more > 0 else ""
    )
    if not rows.rows:
        note = '<p class="ws-note">0行</p>'
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="ws-table ws-beside">{table}</div>{note}'


def in_order_of(rows: Rows, other: Rows | None) -> Rows:
    """The rows as the other table orders their names, so that equal ones stand side by side."""
    shared = [name for name in rows.columns if other and name in other.columns]
    if other is None or not shared:
        return rows
    places = {_names(row, other.columns, shared): at for at, row in enumerate(other.rows)}
    ordered = sorted(
        rows.rows, key=lambda row: places.get(_names(row, rows.columns, shared), len(places))
    )
    return Rows(rows.columns, tuple(ordered), rows.total)


def _names(row: Sequence[str], columns: Sequence[str], shared: Sequence[str]) -> tuple[str, ...]:
    found = dict(zip(columns, row, strict=False))
    return tuple(found[name] for name in shared if not _is_number(found[name]))


def _cells_by_column(rows: Rows | None) -> dict[str, set[str]]:
    if rows is None:
        return {}
    return {name: {row[at] for row in rows.rows} for at, name in enumerate(rows.columns)}


def _kind(cell: str, name: str, known: dict[str, set[str]]) -> str:
    differs = name in known and not _is_known(cell, known[name])
    return " ".join(["num"] * _is_number(cell) + ["differs"] * differs)


def _is_known(cell: str, cells: set[str]) -> bool:
    """A number is the same whether it is written 1203 or 1203.0."""
    if cell in cells:
        return True
    try:
        number = float(cell)
        return any(
            abs(number - float(c)) <= 1e-9 * max(1.0, abs(number)) for c in cells if _is_number(c)
        )
    except ValueError:
        return False


def _is_numeric(rows: Rows, at: int) -> bool:
    return bool(rows.rows) and all(_is_number(row[at]) for row in rows.rows)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
