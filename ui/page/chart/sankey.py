"""Paths as a flow from station to station; a station at another place is another node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.answer import Answer
from assistant.explain import ChartSpec
from assistant.explain.numbers import is_number
from ui.page.chart.frame import Option, Rows, Scale, axis_display, number_format
from ui.page.chart.looks import on_a_phone, unit_title
from ui.page.table import member_label

ARROW = " → "
MARK = "\u200b"
"""Names of nodes are unique; this one is not seen and says how far along a node stands."""
NODE_HEIGHT = 46
LEAST_HEIGHT = 300
FLOW_OPACITY = 0.22
BLUE = "#2f72b0"
BRACES = str.maketrans("{}", "{}")
NARROW: Option = {"width": 94, "fontSize": 10, "lineHeight": 13, "overflow": "break"}
Walk = tuple[tuple[str, ...], float]
Links = dict[tuple[str, str], float]


def sankey_option(answer: Answer, spec: ChartSpec) -> tuple[Option, int, tuple[Rows, ...]]:
    """The option and the height it needs; no row stands behind a flow that paths share."""
    walks = _walks(answer, spec)
    backwards = _ends_alike([stations for stations, _ in walks])
    links: Links = {}
    nodes: dict[str, None] = {}
    for stations, count in walks:
        names = _named(stations, backwards=backwards)
        nodes.update(dict.fromkeys(names))
        for pair in pairwise(names):
            links[pair] = links.get(pair, 0.0) + count
    option = {
        "animation": False,
        "title": unit_title(spec.unit + _listed(answer, walks, spec)),
        "tooltip": {
            "trigger": "item",
            "valueFormatter": number_format(Scale(spec.unit, axis_display(answer, spec).decimals)),
            "confine": True,
        },
        "series": [_series(nodes, links, spec.unit, backwards=backwards)],
        **on_a_phone({"right": 102, "nodeWidth": 8, "label": NARROW}),
    }
    widest = max(Counter(name.count(MARK) for name in nodes).values(), default=1)
    return option, max(LEAST_HEIGHT, 48 + NODE_HEIGHT * widest), ()


def _walks(answer: Answer, spec: ChartSpec) -> list[Walk]:
    ids = [column.id for column in answer.columns]
    path, count = ids.index(spec.x or ""), ids.index(spec.series[0].column)
    display = axis_display(answer, spec)
    return [
        (
            tuple(member_label(row[path], answer.columns[path]).split(ARROW)),
            float(display.rounded(row[count])),
        )
        for row in answer.rows
        if is_number(row[count])
    ]


def _listed(answer: Answer, walks: Sequence[Walk], spec: ChartSpec) -> str:
    """Of many paths only the most frequent are drawn: their sum is not all there is."""
    if (answer.total_rows or 0) <= len(answer.rows):
        return ""
    count = sum(count for _, count in walks)
    return f"  只画列出的{len(walks)}条路径,共{count:,.0f}{spec.unit}"


def _ends_alike(walks: Sequence[Sequence[str]]) -> bool:
    """Paths to an event meet at their end, paths from one at their beginning."""
    ends, starts = ({walk[at] for walk in walks} for at in (-1, 0))
    return len(ends) == 1 and len(starts) > 1


def _named(stations: Sequence[str], *, backwards: bool) -> list[str]:
    size = len(stations)
    places = range(size - 1, -1, -1) if backwards else range(size)
    return [f"{name}{MARK * place}" for name, place in zip(stations, places, strict=True)]


def _series(nodes: Iterable[str], links: Links, unit: str, *, backwards: bool) -> Option:
    return {
        "type": "sankey",
        "left": 8,
        "right": 160,
        "top": 36,
        "bottom": 12,
        "nodeWidth": 14,
        "nodeGap": 18,
        "nodeAlign": "right" if backwards else "left",
        "draggable": False,
        "emphasis": {"focus": "adjacency"},
        "labelLayout": {"hideOverlap": True},
        "itemStyle": {"color": BLUE, "borderWidth": 0},
        "lineStyle": {"color": BLUE, "opacity": FLOW_OPACITY, "curveness": 0.5},
        "label": {"width": 150, "overflow": "truncate", "lineHeight": 16},
        "data": [{"name": name, "label": _label(name, links, unit)} for name in nodes],
        "links": [
            {"source": source, "target": target, "value": count}
            for (source, target), count in links.items()
        ],
    }


def _label(name: str, links: Links, unit: str) -> Option:
    """What comes in, or goes out where nothing comes in: 浏览页面·首页, beneath it 1,020次."""
    into = sum(count for (_, target), count in links.items() if target == name)
    out = sum(count for (source, _), count in links.items() if source == name)
    return {"formatter": f"{_shown(name)}\n{max(into, out):,.0f}{unit}"}


def _shown(name: str) -> str:
    """Without the mark, which takes room in a line; braces would be a place for other names."""
    return name.replace(MARK, "").translate(BRACES)
