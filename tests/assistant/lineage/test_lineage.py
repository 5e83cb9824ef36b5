"""Where a metric comes from, as a business person would draw it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics
from assistant.lineage import Lineage, lineage, used_by
from semantic_layer.model import Manifest

CATALOG = Path(metrics.__file__).with_name("catalog")


@pytest.fixture(scope="module")
def bank() -> Manifest:
    return metrics.load(CATALOG).manifest


def named(drawn: Lineage, kind: str) -> set[str]:
    return {node.name for node in drawn.nodes if node.kind == kind}


def test_a_rate_comes_from_its_two_sides_and_their_columns(bank: Manifest):
    drawn = lineage("npl_rate", bank)
    assert named(drawn, "metric") == {"npl_rate", "npl_bal", "loan_bal"}
    assert {"fact_loan_month.balance", "fact_loan_month.class5"} <= named(drawn, "column")
    assert "fact_loan_month" in named(drawn, "table")
    assert ("npl_rate", "npl_bal") in drawn.edges
    assert ("npl_bal", "column fact_loan_month.class5") in drawn.edges
    assert ("column fact_loan_month.class5", "table fact_loan_month") in drawn.edges


def test_every_metric_ends_in_tables_and_every_edge_has_two_ends(bank: Manifest):
    for name in bank.metrics:
        drawn = lineage(name, bank)
        ids = {node.id: node.layer for node in drawn.nodes}
        assert drawn.of_kind("table"), name
        assert all(ids[source] < ids[target] for source, target in drawn.edges), name
        starts = {source for source, _ in drawn.edges}
        assert all(node.id in starts for node in drawn.nodes if node.kind != "table"), name


def test_columns_have_their_chinese_names(bank: Manifest):
    nodes = lineage("npl_rate", bank).of_kind("column")
    assert {"贷款余额", "五级分类"} <= {node.label for node in nodes}


def test_who_uses_a_metric(bank: Manifest):
    assert "npl_rate" in {metric.name for metric in used_by("npl_bal", bank)}
    assert not any(metric.hidden for metric in used_by("loan_bal", bank))
