"""What stands beside the numbers of a file: question, reading, 口径, scope, dates, who and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistant.answer import Answer
from assistant.explain import DefinitionCard
from ui.page.shared import VIRTUAL
from ui.page.table import HIDDEN_LEGEND, SMALL_LEGEND, table_view

Note = tuple[str, str]
INVENTED = "虚拟数据:所有客户、账户和金额均为随机生成,不是真实业务数据"


def notes(answer: Answer, project: str, at: datetime | None = None) -> Iterator[Note]:
    """Name and text of each line; those without a text are left out."""
    told = (*_about(answer, project, at), *_definitions(answer), *_warned(answer))
    return ((name, text) for name, text in told if text)


def _about(answer: Answer, project: str, at: datetime | None) -> Iterator[Note]:
    yield "数据来源", project
    yield "数据性质", INVENTED if VIRTUAL in project else ""
    yield "问题", answer.question or ""
    yield "读法", answer.reading or ""
    yield "结论", answer.headline or ""
    yield "期间", "、".join(_period(p.role, p.label) for p in answer.periods if p.label)
    yield "范围", answer.scope or ""
    dates = sorted(set((answer.data_dates or {}).values()))
    yield "数据日期", "、".join(day.isoformat() for day in dates)
    yield "用户", answer.user or ""
    yield "导出时间", at.strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _period(role: str, label: str) -> str:
    return label if role == "current" else f"{label}(对比期)"


def _definitions(answer: Answer) -> Iterator[Note]:
    yield "口径", "、".join(f"{c.label} 第{c.version}版" for c in answer.definitions)
    for card in answer.definitions:
        yield f"口径:{card.label}", _definition(card)


def _definition(card: DefinitionCard) -> str:
    status = str(card.to_dict()["status_label"])
    facts = (
        f"第{card.version}版,{status},{'已核对' if card.reconciled else '未核对'}",
        f"归口部门:{card.owner}" if card.owner else "",
        f"计算公式:{card.formula}" if card.formula else "",
        card.description,
    )
    return ";".join(fact.strip().rstrip("。;") for fact in facts if fact)


def _warned(answer: Answer) -> Iterator[Note]:
    yield "假设", ";".join(a.text for a in answer.assumptions)
    yield "提示", ";".join(w.message for w in answer.warnings)
    yield "行数", _cut(answer)
    view = table_view(answer)
    legend = view.legend if view else ()
    yield "标记 *", SMALL_LEGEND.removeprefix("* ") if answer.small else ""
    yield "标记 ***", HIDDEN_LEGEND.removeprefix("*** ") if HIDDEN_LEGEND in legend else ""


def _cut(answer: Answer) -> str:
    if answer.truncated:
        return f"结果超过上限,只有前{len(answer.rows):,}行"
    whole = answer.total_rows or 0
    return f"共{whole:,}行,这里是前{len(answer.rows):,}行" if whole > len(answer.rows) else ""
