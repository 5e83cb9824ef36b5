"""An answer as a file: CSV, Excel, a picture of its chart."""

from ui.page.export.csv_file import csv_bytes
from ui.page.export.lines import file_name
from ui.page.export.workbook import workbook_bytes

__all__ = ["csv_bytes", "file_name", "workbook_bytes"]
