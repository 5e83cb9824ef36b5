"""Answers as ECharts options: plain dictionaries, no callbacks."""

from ui.page.chart.option import ChartView, chart_view

__all__ = ["ChartView", "chart_view"]
