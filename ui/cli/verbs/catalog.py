"""`wenshu catalog`: what there is to ask about."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

if TYPE_CHECKING:
    from assistant.catalogue import Kind

FIELD_WORDS = {
    "id": "编号", "label": "名称", "version": "版本", "status": "状态", "owner": "归口",
    "formula": "计算", "description": "说明", "synonyms": "同义词", "unit": "单位",
    "domain": "业务域", "certified_by": "认证", "certified_on": "认证日期", "reconciled": "已核对",
    "table": "数据表", "grain": "粒度", "key": "主键", "fields": "字段",
    "first_date": "最早日期", "data_date": "数据日期",
}  # fmt: skip


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("catalog", cls=ChineseCommand, help="有哪些指标、维度、数据集、客群")(catalog)


def catalog(
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(metavar="种类", help="metrics、dimensions、datasets 或 segments"),
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="名称", help="只看这一个的全文")] = None,
) -> None:
    """Lists the catalogue, or one definition in full."""
    from assistant.catalogue import KINDS

    if kind is not None and kind not in KINDS:
        raise usage_error(f"种类只能是 {'、'.join(KINDS)},现在是“{kind}”")
    invocation: Invocation = context.obj
    if kind is not None and name is not None:
        _show_entry(invocation, kind, name)
    else:
        _show_lists(invocation, (kind,) if kind else KINDS)


def _show_lists(invocation: Invocation, kinds: tuple[Kind, ...]) -> None:
    from assistant.catalogue import kind_word
    from ui.cli.table import Heading, table_text

    found = {kind: invocation.assistant.catalogue(kind, invocation.user) for kind in kinds}
    if invocation.output == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    for kind, entries in found.items():
        print(f"{kind_word(kind)}({len(entries)}):")
        rows = [(str(e["id"]), str(e["label"]), str(e.get("description", ""))) for e in entries]
        if rows:
            print(table_text([Heading("编号"), Heading("名称"), Heading("说明")], rows))
        print()


def _show_entry(invocation: Invocation, kind: Kind, name: str) -> None:
    from semantic_layer.problem import Problem

    entry = invocation.assistant.catalogue_entry(kind, name, invocation.user)
    if isinstance(entry, Problem):
        _refuse(invocation, entry)
    elif invocation.output == "json":
        print(json.dumps(entry, ensure_ascii=False))
    else:
        for key, value in entry.items():
            if value not in (None, "", [], False):
                print(f"{FIELD_WORDS.get(key, key)}:{_text(value)}")


def _refuse(invocation: Invocation, problem: Any) -> None:
    from assistant.finish import failure_answer

    refused = failure_answer(problem.code, problem.message)
    if invocation.output == "json":
        print(refused.to_json())
    else:
        print(refused.message, file=sys.stderr)
    raise typer.Exit(refused.exit_code)


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return f"{value['label']}({value['id']})"
    return "是" if value is True else str(value)
