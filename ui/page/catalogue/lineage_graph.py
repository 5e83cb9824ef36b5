"""The lineage of a metric as a graph in the DOT language: metrics left, tables right."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.lineage import Lineage, Node, NodeKind

LONGEST_LABEL = 12
_FILLS: Mapping[NodeKind, str] = {"metric": "#2f72b0", "column": "#2a9d83", "table": "#7b70b8"}
_KINDS: Mapping[NodeKind, str] = {"metric": "指标", "column": "字段", "table": "表"}
_HEAD = (
    'rankdir=LR bgcolor="transparent" nodesep=0.14 ranksep=0.45 margin=0',
    (
        'node [shape=box style="filled,rounded" penwidth=0 fontcolor="#ffffff" fontsize=11'
        ' fontname="sans-serif" height=0.34 margin="0.12,0.04"]'
    ),
    'edge [color="#8c96a1" arrowsize=0.55 penwidth=0.9]',
)


def lineage_dot(drawn: Lineage) -> str:
    """The graph; hovering a node tells what it is called in the files or in the database."""
    ids = {node.id: f"n{number}" for number, node in enumerate(drawn.nodes)}
    nodes = [f"{ids[node.id]} [{_looks(node)}]" for node in drawn.nodes]
    edges = [f"{ids[source]} -> {ids[target]}" for source, target in drawn.edges]
    ranks = [
        f"{{rank=same; {'; '.join(ids[n.id] for n in drawn.of_kind(kind))}}}"
        for kind in ("column", "table")
        if drawn.of_kind(kind)
    ]
    return "digraph {\n" + ";\n".join((*_HEAD, *nodes, *edges, *ranks)) + "\n}"


def legend_html() -> str:
    """What the colours say."""
    marks = "".join(
        f'<span><i style="background:{_FILLS[kind]}"></i>{name}</span>'
        for kind, name in _KINDS.items()
    )
    return f'<div class="ws-legend">{marks}</div>'


def _looks(node: Node) -> str:
    shown = node.label
    if len(shown) > LONGEST_LABEL:
        shown = shown[: LONGEST_LABEL - 1] + "…"
    told = f"{_KINDS[node.kind]} {node.label}({node.name})"
    return f'label={_quoted(shown)} tooltip={_quoted(told)} fillcolor="{_FILLS[node.kind]}"'


def _quoted(text: str) -> str:
    """A DOT string; backslashes would be escapes of its own."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
