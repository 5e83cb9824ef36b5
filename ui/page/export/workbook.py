"""The answer as an Excel workbook: the numbers on one sheet, what they are on another."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from assistant.answer import Answer
from assistant.explain import Display, display_of
from assistant.explain.numbers import MISSING, is_change, is_number
from semantic_layer.result import Cell, Column
from ui.page.export.lines import FileLine, base_display, file_lines, heading, is_doubtful, member
from ui.page.export.said import notes
from ui.page.export.sheet_looks import Looks, sheet_looks
from ui.page.table import is_numeric

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell

Sheet: TypeAlias = Any
"""Published types lack the sheets that are written row by row."""
NUMBERS, SAID = "数据", "说明"
MEASURED = 200
"""So many rows decide how wide a column is."""
NARROW, WIDE = 10, 46
LONGEST = 32_000
"""Excel's own limit is 32,767 letters in a cell."""


class Written(NamedTuple):
    """A value as Excel keeps it, and how it is shown."""

    value: str | Decimal | int
    number_format: str = "General"


class Shown(NamedTuple):
    """A column, its unit in the file and its number format."""

    column: Column
    display: Display
    number_format: str


def workbook_bytes(answer: Answer, project: str, at: datetime) -> bytes:
    """An .xlsx file: sheet 数据 with exact values and formats, sheet 说明 with everything said."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = answer.question or answer.reading or ""
    book.properties.creator = "问数"
    looks = sheet_looks()
    _write_numbers(book.create_sheet(NUMBERS), answer, project, looks)
    _write_said(book.create_sheet(SAID), answer, project, at, looks)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_numbers(sheet: Sheet, answer: Answer, project: str, looks: Looks) -> None:
    from openpyxl.utils import get_column_letter

    headings = list(map(heading, answer.columns))
    for number, width in enumerate(_widths(answer, headings), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    if answer.rows:
        last = get_column_letter(len(headings))
        sheet.auto_filter.ref = f"A1:{last}{len(answer.rows) + 1}"
    sheet.oddFooter.center.text = project.replace("&", "&&")
    stamps = Stamps(sheet, looks)
    sheet.append(stamps.line("heading", map(Written, headings)))
    columns = [
        Shown(column, base_display(column), _format(answer, i))
        for i, column in enumerate(answer.columns)
    ]
    small = frozenset(answer.small)
    for place, line in enumerate(file_lines(answer)):
        written = _written(line, place, columns, small)
        sheet.append(stamps.line(line.part, written))


def _written(
    line: FileLine,
    place: int,
    columns: Sequence[Shown],
    small: frozenset[tuple[int, str]],
) -> Iterator[Written]:
    for cell, (column, display, shown) in zip(line.cells, columns, strict=True):
        if not is_numeric(column):
            yield Written(member(cell, column))
        elif is_number(cell):
            doubt = line.part == "row" and (place, column.id) in small
            yield Written(_value(cell, display), f'{shown}"*"' if doubt else shown)
        else:
            yield Written(MISSING if cell is None else str(cell))


def _value(cell: Cell, display: Display) -> Decimal | int:
    """Percent stay fractions, as Excel counts them; ‱ and 百分点 are written as shown."""
    exact = Decimal(str(cell))
    if display.unit == "%":
        return exact
    scaled = exact / display.divide_by
    return int(scaled) if scaled == scaled.to_integral_value() else scaled


def _format(answer: Answer, place: int) -> str:
    column = answer.columns[place]
    if not is_numeric(column):
        return "General"
    shown = display_of(column, [row[place] for row in answer.rows])
    digits = "." + "0" * shown.decimals if shown.decimals else ""
    plain = f"0{digits}%" if shown.unit == "%" else f"#,##0{digits}"
    return f"+{plain};-{plain};{plain}" if is_change(column) else plain


def _widths(answer: Answer, headings: Sequence[str]) -> Iterator[float]:
    for place, (column, name) in enumerate(zip(answer.columns, headings, strict=True)):
        cells = [row[place] for row in answer.rows[:MEASURED]]
        texts = [f"{c:,.2f}" if is_number(c) else member(c, column) for c in cells]
        yield min(WIDE, max(NARROW, *map(_letters, (name + "  ", *texts))) + 3)


def _letters(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _write_said(sheet: Sheet, answer: Answer, project: str, at: datetime, looks: Looks) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 100
    stamps = Stamps(sheet, looks)
    for name, text in notes(answer, project, at):
        sheet.append(stamps.line("note", map(Written, (name, text))))


class Stamps:
    """Cells that are filled anew for every line: looks are set once per column and kind."""

    def __init__(self, sheet: Sheet, looks: Looks) -> None:
        self._sheet = sheet
        self._looks = looks
        self._cells: dict[tuple[int, str, str, bool], SheetCell] = {}

    def line(self, part: str, values: Iterable[Written]) -> list[SheetCell]:
        """The cells of one line; they are written before the next line is filled in."""
        return [self._filled(place, part, written) for place, written in enumerate(values)]

    def _filled(self, place: int, part: str, written: Written) -> SheetCell:
        value = written.value
        if isinstance(value, str):
            cell = self._cell((place, part, "General", is_doubtful(value)))
            cell.value = without_control(value)[:LONGEST]
            cell.data_type = "s"  # whatever it begins with
            return cell
        cell = self._cell((place, part, written.number_format, False))
        cell.value = value
        return cell

    def _cell(self, key: tuple[int, str, str, bool]) -> SheetCell:
        if key not in self._cells:
            self._cells[key] = self._looks.new_cell(self._sheet, *key[1:])
        return self._cells[key]


def without_control(text: str) -> str:
    """Without the letters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
