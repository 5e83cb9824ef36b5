"""Conditions of a segment: the Set of the query language, as people write it in YAML."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from metrics.edge.parts import Entry, Identifier, Number, Scalar, Text, optional

Values = Annotated[
    list[Scalar],
    BeforeValidator(
        lambda v: v if isinstance(v, list) else [v], json_schema_input_type=Scalar | list[Scalar]
    ),
]
Operator = Literal["gt", "ge", "lt", "le", "eq", "ne"]


class EventEntry(Entry):
    """做过或没做过一件事。"""

    did: Text | None = optional(None, "做过的事件", "基金申购")
    did_not: Text | None = optional(None, "没做过的事件", "打开APP")
    ever: bool = optional(False, "不限时间", True)
    within: Text | None = optional(None, "多久以内:数字 + days/weeks/months/years", "30 days")
    at_least: Annotated[int, Field(ge=1)] = optional(1, "至少几次", 3)
    in_a_row: Annotated[int, Field(ge=2)] | None = optional(None, "连续几期都有", 3)
    after: Text | None = optional(None, "从首次做另一件事算起", "注册成功")
    after_days: Annotated[int, Field(ge=1)] | None = optional(None, "算起多少天以内", 7)
    unit: Literal["date", "week", "month", "quarter", "year"] = optional(
        "month", "连续的单位", "month"
    )


class WhereEntry(Entry):
    """一个条件:all / any / not / field / metric / change / event / segment / top 之一。"""

    all: list[WhereEntry] | None = optional(None, "同时满足", [{"field": "gender", "in": "女"}])
    any: list[WhereEntry] | None = optional(None, "满足其一", [{"field": "gender", "in": "女"}])
    not_: WhereEntry | None = Field(
        None, alias="not", description="不满足", examples=[{"segment": "vip"}]
    )
    field: Identifier | None = optional(None, "维度", "cust_level")
    metric: Identifier | None = optional(None, "按实体计算的指标", "aum")
    change: Identifier | None = optional(None, "指标的变化", "deposit")
    event: EventEntry | None = optional(None, "行为", {"did_not": "打开APP", "within": "30 days"})
    segment: Identifier | None = optional(None, "已定义的人群", "vip")
    top: Identifier | None = optional(None, "按指标取前几名", "aum")
    in_: Values | None = Field(
        None, alias="in", description="等于其中之一", examples=[["贵宾", "私行"]]
    )
    not_in: Values | None = optional(None, "不等于任何一个", ["大众"])
    contains: Text | None = optional(None, "包含文字", "养老")
    prefix: Text | None = optional(None, "以此开头", "稳健")
    suffix: Text | None = optional(None, "以此结尾", "A款")
    is_null: bool | None = optional(None, "为空(true)或不为空(false)", True)
    gt: Scalar | None = optional(None, "大于", 0)
    ge: Scalar | None = optional(None, "大于等于", 1000000)
    lt: Scalar | None = optional(None, "小于", 0)
    le: Scalar | None = optional(None, "小于等于", -0.2)
    eq: Number | None = optional(None, "等于", 0)
    ne: Number | None = optional(None, "不等于", 0)
    base: Literal["yoy", "mom", "opening", "ytd_open", "previous"] | None = optional(
        None, "变化的基期", "mom"
    )
    show: Literal["diff", "rate", "pp"] = optional("rate", "差额、增速或百分点", "rate")
    in_a_row: Annotated[int, Field(ge=2)] | None = optional(None, "指标连续几期都满足", 3)
    unit: Literal["date", "week", "month", "quarter", "year"] = optional(
        "month", "连续的单位", "month"
    )
    count: Annotated[int, Field(ge=1)] | None = optional(None, "前几名", 100)
    percent: Annotated[float, Field(gt=0, le=100)] | None = optional(None, "前百分之几", 10.0)
