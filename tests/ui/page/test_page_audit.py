"""The audit trail on the page: what people asked, and apart from it what an evaluation asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant import Assistant
from tests.ui.page.conftest import PATIENCE_S


def audit_page() -> None:
    import os

    from assistant import Assistant
    from ui.page.asker import Asker
    from ui.page.operation.audit import draw_audit
    from ui.page.session import current_chat
    from ui.page.visit import visited

    assistant, asker = (
        Assistant.open(os.environ["WENSHU_PROJECT"]),
        Asker("评测员", may_switch=True),
    )
    draw_audit(visited(assistant, current_chat(asker), asker))


def listed(page: AppTest) -> list[str]:
    assert not page.exception
    return [entry.label for entry in page.expander]


def test_cases_of_an_evaluation_do_not_stand_between_what_people_asked(
    page_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WENSHU_PROJECT", str(page_project))
    monkeypatch.setenv("WENSHU_STATE_PATH", str(tmp_path / "state.db"))
    assistant = Assistant.open(page_project)
    assistant.ask("客户数是多少")
    assistant.ask("个人存款余额是多少", purpose="evaluation")
    assistant.close()
    page = AppTest.from_function(audit_page, default_timeout=PATIENCE_S).run()
    (asked,) = listed(page)
    assert "**回答** 客户数是多少" in asked
    (case,) = listed(page.selectbox(key="audit-source").set_value("evaluation").run())
    assert "**评测·回答** 个人存款余额是多少" in case
    assert len(listed(page.selectbox(key="audit-source").set_value("").run())) == 2
