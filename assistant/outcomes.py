"""One table: code → outcome → exit code. Documented in docs/outcomes.md, tested against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from semantic_layer.resolved import Outcome

AnswerCode = Literal[
    "answered", "sql_only",
    # information
    "definition", "difference", "owner", "list_metrics", "list_dimensions",
    "freshness", "help", "greeting", "thanks", "about_data",
    # asks back
    "ambiguous_metric", "ambiguous_value", "ambiguous_time", "ambiguous_path",
    "ambiguous_phrase", "vague_term", "missing_metric", "unknown_value",
    "unattached_condition", "too_many_results", "nothing_to_change", "multi_step",
    "empty_question", "invalid_choice",
    # refuses
    "unknown_term", "unknown_metric", "unknown_dimension", "dim_not_applicable",
    "grain_not_available", "no_data_yet", "no_data_before", "invalid_date", "invalid_query",
    "contradictory_filter", "value_not_in_data", "not_reported", "unsupported", "permission",
    "sensitive_field", "individual_data", "out_of_scope", "unsafe_request",
    "prompt_injection", "too_expensive",
    "mixed_currency", "incomplete_period", "question_too_long",
    # errors
    "timeout", "engine", "model", "internal", "cancelled", "audit",
    "project_missing", "settings_invalid", "definitions_invalid",
    "database_missing", "database_locked", "database_corrupt", "tables_mismatch",
    "usage",
]  # fmt: skip


class CodeMeaning(NamedTuple):
    """One row of the table."""

    outcome: Outcome
    meaning: str
    """When it is given, for the documentation."""


CODES: Mapping[AnswerCode, CodeMeaning] = {
    "answered": CodeMeaning("answer", "问题已回答"),
    "sql_only": CodeMeaning("info", "只给出 SQL,没有执行"),
    "definition": CodeMeaning("info", "指标、维度或客群的口径"),
    "difference": CodeMeaning("info", "两个口径的区别"),
    "owner": CodeMeaning("info", "口径归口部门"),
    "list_metrics": CodeMeaning("info", "有哪些指标"),
    "list_dimensions": CodeMeaning("info", "能按哪些维度看"),
    "freshness": CodeMeaning("info", "数据更新到哪一天"),
    "help": CodeMeaning("info", "能做什么、怎么问"),
    "greeting": CodeMeaning("info", "打招呼"),
    "thanks": CodeMeaning("info", "致谢"),
    "about_data": CodeMeaning("info", "数据从哪里来"),
    "ambiguous_metric": CodeMeaning("clarification", "一个词对应多个指标"),
    "ambiguous_value": CodeMeaning("clarification", "一个词对应多个维度值"),
    "ambiguous_time": CodeMeaning("clarification", "时间有多种理解"),
    "ambiguous_path": CodeMeaning("clarification", "维度有多个角色(归属机构、交易机构…)"),
    "ambiguous_phrase": CodeMeaning("clarification", "一句话有多种读法"),
    "vague_term": CodeMeaning("clarification", "没有统一口径的说法(大客户、最近)"),
    "missing_metric": CodeMeaning("clarification", "没有说要看哪个指标"),
    "unknown_value": CodeMeaning("clarification", "没有这个维度值,但有相近的"),
    "unattached_condition": CodeMeaning("clarification", "条件不知道落在哪个指标或维度上"),
    "too_many_results": CodeMeaning("clarification", "结果太多,需要缩小范围"),
    "nothing_to_change": CodeMeaning("clarification", "是一句追问,但之前没有可以修改的问题"),
    "multi_step": CodeMeaning("clarification", "需要分几步回答,先确认步骤"),
    "empty_question": CodeMeaning("clarification", "问题是空的"),
    "invalid_choice": CodeMeaning("clarification", "选的序号不在选项里"),
    "unknown_term": CodeMeaning("refusal", "问题里有系统不认识的词"),
    "unknown_metric": CodeMeaning("refusal", "没有这个指标"),
    "unknown_dimension": CodeMeaning("refusal", "没有这个维度"),
    "dim_not_applicable": CodeMeaning("refusal", "指标不能按这个维度看"),
    "grain_not_available": CodeMeaning("refusal", "数据没有这么细的时间粒度"),
    "no_data_yet": CodeMeaning("refusal", "所问期间的数据尚未入库"),
    "no_data_before": CodeMeaning("refusal", "所问期间早于最早的数据"),
    "invalid_date": CodeMeaning("refusal", "日期不存在"),
    "invalid_query": CodeMeaning("refusal", "查询 JSON 写得不对"),
    "contradictory_filter": CodeMeaning("refusal", "条件互相矛盾,不可能有结果"),
    "value_not_in_data": CodeMeaning("refusal", "指标所用的表里从来没有这样的记录,答 0 会误导"),
    "not_reported": CodeMeaning("refusal", "所问的机构这一天没有报数或已经撤并,不能当作 0"),
    "unsupported": CodeMeaning("refusal", "这种分析还不支持"),
    "permission": CodeMeaning("refusal", "没有权限,或用户未登记"),
    "sensitive_field": CodeMeaning("refusal", "涉及敏感字段"),
    "individual_data": CodeMeaning("refusal", "涉及个人明细"),
    "out_of_scope": CodeMeaning("refusal", "与本系统的数据无关"),
    "unsafe_request": CodeMeaning("refusal", "要求执行 SQL、改数据等危险操作"),
    "prompt_injection": CodeMeaning("refusal", "试图改变系统的规则"),
    "too_expensive": CodeMeaning("refusal", "查询代价超过上限"),
    "mixed_currency": CodeMeaning("refusal", "不同币种不能直接相加"),
    "incomplete_period": CodeMeaning("refusal", "期间未满,该指标不能计算"),
    "question_too_long": CodeMeaning("refusal", "问题太长"),
    "timeout": CodeMeaning("error", "查询超时"),
    "engine": CodeMeaning("error", "数据库执行出错"),
    "model": CodeMeaning("error", "大模型服务出错"),
    "internal": CodeMeaning("error", "程序内部错误"),
    "cancelled": CodeMeaning("error", "查询被取消"),
    "audit": CodeMeaning("error", "审计记录写不进去,答案不予显示"),
    "project_missing": CodeMeaning("error", "找不到项目文件夹或 wenshu.toml"),
    "settings_invalid": CodeMeaning("error", "wenshu.toml 或环境变量写得不对"),
    "definitions_invalid": CodeMeaning("error", "口径文件有错误,没有可用的版本"),
    "database_missing": CodeMeaning("error", "数据库文件不存在"),
    "database_locked": CodeMeaning("error", "数据库正被另一个程序写入"),
    "database_corrupt": CodeMeaning("error", "数据库文件损坏或不是数据库"),
    "tables_mismatch": CodeMeaning("error", "口径引用的表或列在数据库里没有"),
    "usage": CodeMeaning("error", "命令用法不对"),
}

EXIT_OF_OUTCOME: Mapping[Outcome, int] = {
    "answer": 0,
    "info": 0,
    "clarification": 3,
    "refusal": 4,
    "error": 1,
}
EXIT_USAGE = 2
EXIT_FINDINGS = 5


def outcome_of(code: AnswerCode) -> Outcome:
    """Answer, info, clarification, refusal or error."""
    return CODES[code].outcome


def exit_code(code: AnswerCode) -> int:
    """What a process that ends with this code returns to its caller."""
    return EXIT_USAGE if code == "usage" else EXIT_OF_OUTCOME[outcome_of(code)]
