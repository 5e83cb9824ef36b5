"""指标目录: finding a definition, reading it, trying it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant import Assistant
from assistant.lineage import Lineage, Node
from tests.ui.page.conftest import PATIENCE_S
from ui.page.catalogue.lineage_graph import lineage_dot
from ui.page.catalogue.search import by_domain, entries_like
from ui.page.operation.state import definitions_text

LOAN = {"id": "loan_bal", "label": "个人贷款余额", "synonyms": ["贷款余额"], "domain": "零售/贷款",
        "description": "期末未还本金"}  # fmt: skip
BAD = {"id": "npl_rate", "label": "不良贷款率", "synonyms": ["NPL"], "domain": "零售/贷款",
       "description": "不良贷款余额 ÷ 个人贷款余额"}  # fmt: skip
AUM = {"id": "aum", "label": "零售AUM", "synonyms": [], "domain": "零售/资产", "description": ""}
ALL = [LOAN, BAD, AUM]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["loan_bal", "npl_rate", "aum"]),
        ("贷款余额", ["loan_bal", "npl_rate"]),  # its name before another's description
        ("npl", ["npl_rate"]),
        ("dkye", ["loan_bal"]),
        ("buliang", ["npl_rate"]),
        ("资产", ["aum"]),
        ("本金", ["loan_bal"]),
        ("星座", []),
    ],
)
def test_entries_are_found_by_name_sound_domain_and_description(text: str, found: list[str]):
    assert [entry["id"] for entry in entries_like(ALL, text)] == found


def test_entries_stand_by_domain_in_the_order_of_definition():
    assert {name: len(held) for name, held in by_domain(ALL).items()} == {
        "零售 / 贷款": 2,
        "零售 / 资产": 1,
    }


def test_a_label_with_quotes_stays_text_in_the_graph():
    node = Node("m", "metric", '余额"]; x [label="', "m", 0)
    assert 'label="余额\\"]; x [la…"' in lineage_dot(Lineage((node,), ()))


def open_entry(visit: Any) -> AppTest:
    def page() -> None:
        import os

        from assistant import Assistant
        from ui.page.asker import Asker
        from ui.page.catalogue import draw_catalogue
        from ui.page.session import current_chat
        from ui.page.visit import visited

        assistant, asker = (
            Assistant.open(os.environ["WENSHU_PROJECT"]),
            Asker("分析员", may_switch=True),
        )
        draw_catalogue(visited(assistant, current_chat(asker), asker))

    opened = AppTest.from_function(page, default_timeout=PATIENCE_S)
    opened.query_params["metrics"] = visit
    return opened.run()


def test_an_entry_shows_definition_dimensions_and_questions_that_work(
    page_project: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WENSHU_PROJECT", str(page_project))
    page = open_entry("npl_rate")
    assert not page.exception
    text = "\n".join(str(element.proto.body) for element in page.get("html"))
    assert "不良贷款余额 ÷ 个人贷款余额" in text
    assert "风险管理部" in text
    assert "<span>分行</span>" in text
    tries = [button.label for button in page.button if str(button.key).startswith("try-")]
    assert "不良贷款率是多少" in tries


def test_an_unknown_entry_names_near_ones(page_project: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WENSHU_PROJECT", str(page_project))
    text = "\n".join(str(e.proto.body) for e in open_entry("不良贷款律").get("html"))
    assert "没有指标“不良贷款律”" in text
    assert "不良贷款率" in text


def test_operators_are_told_why_they_see_more_metrics_than_the_catalogue_lists(page_project: Any):
    assistant = Assistant.open(page_project, environment={})
    listed, defined = len(assistant.catalogue("metrics")), len(assistant.manifest.metrics)
    told = definitions_text(assistant.manifest)
    assistant.close()
    assert told.startswith(f"{listed}个指标(另有{defined - listed}个只供其他指标计算")
