"""An answer as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import Answer
from assistant.explain import cell_text, display_of, total_label
from semantic_layer.result import Cell, Column
from ui.cli.table import Heading, table_text

MAX_LINES = 60
STATUS = {"draft": "草稿", "in_review": "评审中", "certified": "已认证", "deprecated": "已弃用"}


def text_answer(answer: Answer) -> str:
    """Headline, table, reading, definitions, notes and ways to go on."""
    blocks = (
        answer.message, answer.headline, _table(answer), _steps(answer), _notes(answer),
        _ways_on(answer),
    )  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def _table(answer: Answer) -> str:
    if not answer.columns or (len(answer.rows) == 1 and not _is_grouped(answer)):
        return "" if answer.headline else _rows_table(answer)
    return _rows_table(answer)


def _steps(answer: Answer) -> str:
    """Of an analysis: what each query was, and what it said."""
    return "\n".join(
        f"步骤{number}:{step.reading}\n  {step.headline}"
        for number, step in enumerate(answer.steps, start=1)
    )


def _is_grouped(answer: Answer) -> bool:
    return any(c.kind in ("dimension", "time") for c in answer.columns)


def _rows_table(answer: Answer) -> str:
    if not answer.columns:
        return ""
    shown = answer.rows[:MAX_LINES]
    subtotals = [_without_gaps(answer, row) for row in answer.subtotals]
    totals = [_whole_line(answer, name) for name in ("others", "totals")]
    columns = [
        _column_texts(
            column,
            [r[i] for r in shown],
            [*(r[i] for r in subtotals), *(w[i] for w in totals if w is not None)],
        )
        for i, column in enumerate(answer.columns)
    ]
    rows = list(zip(*(texts for _, texts in columns), strict=True))
    text = table_text([heading for heading, _ in columns], rows)
    more = (answer.total_rows or len(answer.rows)) - len(shown)
    return f"{text}\n(另有{more}行未显示)" if more > 0 else text


def _without_gaps(answer: Answer, row: Sequence[Cell]) -> list[Cell]:
    """小计 as a line below the rows: groups that it spans stay empty."""
    return [
        "" if cell is None and column.kind in ("dimension", "time") else cell
        for column, cell in zip(answer.columns, row, strict=True)
    ]


def _whole_line(answer: Answer, name: str) -> Sequence[Cell] | None:
    """合计 or 其他 as a line below the rows."""
    whole = answer.totals if name == "totals" else answer.others
    if not whole or not _is_grouped(answer) or len(answer.rows) < 2:
        return None
    label = total_label(answer.columns) if name == "totals" else "其他"
    first = next(i for i, c in enumerate(answer.columns) if c.kind in ("dimension", "time"))
    return [label if i == first else whole.get(c.id, "") for i, c in enumerate(answer.columns)]


def _column_texts(
    column: Column, rows: Sequence[Cell], wholes: Sequence[Cell]
) -> tuple[Heading, list[str]]:
    """Heading and cells in one unit, chosen by the rows; 合计 follows it."""
    cells = (*rows, *wholes)
    if column.kind in ("dimension", "time"):
        return Heading(column.name), ["未知" if c is None else str(c) for c in cells]
    display = display_of(column, rows)
    title = f"{column.name}({display.unit})" if display.unit else column.name
    texts = ["" if c == "" else cell_text(c, column, display) for c in cells]
    return Heading(title, right=True), texts


def _notes(answer: Answer) -> str:
    return "\n".join(_note_lines(answer))


def _note_lines(answer: Answer) -> Iterator[str]:
    if answer.reading:
        yield f"读法:{answer.reading}"
    if answer.assumptions:
        yield f"假设:{';'.join(a.text for a in answer.assumptions)}"
    for warning in answer.warnings:
        yield f"注意:{warning.message}"
    if answer.outcome == "answer":
        for card in answer.definitions:
            status = STATUS.get(card.status, card.status)
            yield f"口径:{card.label} v{card.version}({status},{card.owner or '未登记归口'}):" + (
                card.description or card.formula
            )
    if answer.outcome == "answer" and answer.data_dates:
        newest = sorted(set(answer.data_dates.values()))
        yield f"数据截至:{'、'.join(day.isoformat() for day in newest)}"
    if answer.code == "sql_only":
        yield f"SQL:\n{answer.sql}"


def _ways_on(answer: Answer) -> str:
    lines = [f"  {o.id}. {o.label}({o.reading})" for o in answer.options]
    if lines:
        lines.append("回复序号选择,例如:选1")
    if answer.suggestions:
        lines += ["可以问:", *(f"  {text}" for text in answer.suggestions)]
    return "\n".join(lines)
