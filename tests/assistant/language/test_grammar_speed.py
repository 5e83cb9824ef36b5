"""最快 and 最慢: of a growth the highest and the lowest, of days the fewest and the most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import metrics
from assistant.language.lexicon import Lexicon
from assistant.planners.grammar import GrammarPlanner

CLAIMS = """
datasets:
  - name: claims
    source: claims
    key: id
    time: day
    fields: [{name: line, label: 险种, values: [车险, 医疗险]}]
metrics:
  - {name: paid, label: 赔款支出, description: 赔款合计, owner: 部, unit: CNY, agg: sum, expr: paid}
  - {name: days, label: 理赔时效, description: 天数合计, owner: 部, unit: 天, agg: sum, expr: days}
"""


@pytest.fixture
def claims(bank, tmp_path):
    (tmp_path / "claims.yml").write_text(CLAIMS, encoding="utf-8")
    manifest = metrics.load(tmp_path).manifest
    snapshot = replace(
        bank.snapshot,
        manifest=manifest,
        data_dates={"claims": date(2026, 11, 19)},
        first_dates={"claims": date(2023, 1, 1)},
    )
    return type(bank)(GrammarPlanner(Lexicon.build(manifest, {}), manifest), snapshot)


@pytest.mark.parametrize(
    ("question", "descending"),
    [
        ("上半年理赔时效最慢的险种", True),
        ("上半年理赔时效最快的险种", False),
        ("上半年各险种赔款支出增长最快的", True),
        ("上半年各险种赔款支出增长最慢的", False),
    ],
)
def test_the_slowest_takes_the_most_days(claims, question, descending):
    query = claims.read(question).query
    assert [order.descending for order in query.order] == [descending]
