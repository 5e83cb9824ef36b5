"""How the cells of a workbook look: headings, totals, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill


@dataclass(frozen=True, slots=True)
class Dress:
    """The look of one kind of line; None: as Excel has it."""

    font: Font | None = None
    fill: PatternFill | None = None
    border: Border | None = None
    alignment: Alignment | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """One look per kind of line, made once per workbook."""

    dresses: Mapping[str, Dress]

    def new_cell(self, sheet: Any, part: str, number_format: str, quoted: bool) -> SheetCell:
        """An empty cell that looks like its line."""
        from openpyxl.cell import WriteOnlyCell

        cell: SheetCell = WriteOnlyCell(sheet)
        cell.number_format = number_format
        cell.quotePrefix = quoted
        for name in ("font", "fill", "border", "alignment"):
            if (wanted := getattr(self.dresses.get(part), name, None)) is not None:
                setattr(cell, name, wanted)
        return cell


def sheet_looks() -> Looks:
    """Rows are plain; headings, 小计, 其他 and 合计 stand out quietly."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    soft = PatternFill("solid", fgColor="EEF2F6")
    line = Side(style="thin", color="97A3B0")
    bold = Font(bold=True)
    return Looks(
        {
            "heading": Dress(
                bold, soft, Border(bottom=line), Alignment(vertical="center", wrap_text=True)
            ),
            "subtotal": Dress(bold, soft),
            "others": Dress(Font(color="5F6B77")),
            "total": Dress(bold, None, Border(top=line)),
            "note": Dress(alignment=Alignment(vertical="top", wrap_text=True)),
        }
    )
