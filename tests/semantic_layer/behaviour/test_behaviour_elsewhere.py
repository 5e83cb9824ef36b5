"""Every kind of statement about behaviour is also one for Spark and ClickHouse."""

from __future__ import annotations

import pytest
import sqlglot

from semantic_layer.compile import compile_query
from semantic_layer.dialects import render
from semantic_layer.principal import Principal
from semantic_layer.query import query_from_json
from semantic_layer.resolve import resolve

OPENED, DONE, BOUGHT = {"event": "打开"}, {"event": "成功"}, {"event": "bought"}
WEEKS = [
    {"kind": "absolute", "start": "2026-03-01", "end": "2026-03-07"},
    {"kind": "absolute", "start": "2026-03-08", "end": "2026-03-14"},
]
MAN = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["男"]}
STOPPED = {"kind": "funnel", "steps": [OPENED, DONE], "reached": 1, "missed": 2, "window_days": 7}
GROUPS = {
    "none": [],
    "gender": [{"kind": "dimension", "dimension": "gender"}],
    "week": [{"kind": "time", "grain": "week"}],
    "bands": [{"kind": "bucket", "of": "funds", "entity": "customer", "edges": [1, 2]}],
    "quarters": [{"kind": "bucket", "of": "funds", "entity": "customer", "count": 4}],
    "sets": [{"kind": "sets", "rest": True, "sets": [
        {"kind": "set", "entity": "customer", "label": "停下的", "where": STOPPED},
        {"kind": "set", "entity": "customer", "label": "男客户", "where": MAN}]}],
}  # fmt: skip
KINDS = {
    "funnel": {"kind": "funnel_query", "steps": [OPENED, DONE, BOUGHT],
               "show": ["entities", "conversion", "median_time", "dropped"]},
    "funnel by time": {"kind": "funnel_query", "steps": [OPENED, OPENED], "window_days": 7,
                       "show": ["median_time"]},
    "retention": {"kind": "retention_query", "start": OPENED, "comeback": DONE, "unit": "week",
                  "periods": [1, 2]},
    "interval": {"kind": "interval_query", "start": OPENED, "end": BOUGHT,
                 "show": ["mean", "median", "quartiles"]},
    "distribution": {"kind": "interval_query", "start": OPENED, "end": DONE, "window_days": 7,
                     "show": ["distribution"]},
}  # fmt: skip
PATHS = {"kind": "path_query", "anchor": OPENED, "length": 4}
Trees = list[sqlglot.exp.Expression]


def trees(shop, query: dict, least: int) -> Trees:
    snapshot = shop.snapshot(least=least)
    resolved = resolve(query_from_json({"v": 1, **query}), snapshot, Principal("甲"))
    compiled = compile_query(resolved, snapshot)
    found = [compiled.statement, compiled.totals, compiled.count]
    return [tree for tree in (*found, *(part.select for part in compiled.subtotals)) if tree]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_by_every_group_reads_back(shop, kind, group):
    spans = WEEKS if group in ("none", "bands") else WEEKS[:1]
    scope = {"period": {"spans": spans}}
    query = {**KINDS[kind], "entity": "customer", "group_by": GROUPS[group], "scope": scope}
    reads_back(trees(shop, query, least=2 if group == "gender" else 1))


@pytest.mark.parametrize("where", [None, MAN, STOPPED])
def test_paths_and_conditions_read_back(shop, where):
    inner = {"kind": "set", "entity": "customer", "where": where}
    asked = {"where": {"kind": "member", "set": inner}} if where else {}
    reads_back(trees(shop, {**PATHS, "scope": {"period": {"spans": WEEKS[:1]}, **asked}}, 1))


def reads_back(found: Trees) -> None:
    for tree in found:
        for dialect in ("spark", "clickhouse"):
            text = render(tree, dialect)
            assert sqlglot.parse_one(text, dialect=dialect).sql(dialect) == text
