"""Parameters, segments, ambiguous words, policies, targets, tests, rollups in a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from metrics.edge.parts import Entry, Identifier, Number, Text, Texts, doc, optional
from metrics.edge.where import WhereEntry


class ParameterEntry(Entry):
    """有名字、有主人的门槛;公式里写 {name}。"""

    name: Identifier = doc("标识", "valid_aum")
    label: Text = doc("中文名", "有效户门槛")
    value: int | float | str = doc("值", 1000)
    unit: Text | None = optional(None, "单位", "CNY")
    owner: str = optional("", "负责部门", "零售数据部")


class SegmentEntry(Entry):
    """一个受管人群。"""

    name: Identifier = doc("标识", "lapsed_fund_buyers")
    label: Text = doc("中文名", "基金沉睡客户")
    entity: Identifier = doc("实体", "customer")
    where: WhereEntry = doc("条件", {"segment": "vip"})
    judged: Literal["period_end", "as_of", "snapshot"] = optional(
        "period_end", "按哪个时点判断", "period_end"
    )
    synonyms: Texts = optional([], "其他叫法", ["睡眠基民"])
    description: str = optional("", "说明", "买过基金、近30天未登录")
    owner: str = optional("", "负责部门", "财富管理部")
    status: Literal["draft", "in_review", "certified", "deprecated"] = optional(
        "draft", "状态", "certified"
    )


class AmbiguityEntry(Entry):
    """一个词指好几个指标或维度。"""

    word: Text = doc("词", "余额")
    candidates: list[Text] = doc(
        "候选:指标、维度或 角色.维度", ["deposit", "loan_bal"], min_length=2
    )
    default: Text | None = optional(None, "按它回答并说明;不写就反问", "deposit")


class UserAttributeEntry(Entry):
    """取值来自提问人的属性。"""

    user: Identifier = doc("属性名", "branch")


def _allowed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Allowed = Annotated[
    UserAttributeEntry | list[Text],
    BeforeValidator(_allowed, json_schema_input_type=UserAttributeEntry | Text | list[Text]),
]


class PolicyEntry(Entry):
    """一个角色能看什么;或不需要行权限的数据集。"""

    role: Identifier | None = optional(None, "角色", "branch_manager")
    allow: dict[Text, Allowed] = optional(
        {}, "维度只能等于:用户属性或固定值", {"branch": {"user": "branch"}}
    )
    mask: Texts = optional([], "脱敏显示的 数据集.字段", ["customers.mobile"])
    unrestricted: Texts = optional([], "不需要行权限的数据集", ["calendar", "products"])
    lists: Literal["none", "masked", "full"] = optional(
        "none", "能否列客户名单:不能、隐私字段脱敏、按 mask 显示", "masked"
    )


class TargetEntry(Entry):
    """目标值在哪里。"""

    metric: Text = doc("指标,或 any", "any")
    source: Identifier = doc("目标所在的数据集", "targets")
    keys: dict[Text, Text] = doc("对齐的键", {"org": "branch", "period": "month_end"})
    value: Text = doc("目标值字段", "target")


class DivisorsEntry(Entry):
    """户均除以哪个指标;整个项目写一次。"""

    customer: Identifier = doc("户均的分母:一个客户数指标", "cust_cnt")


class TestEntry(Entry):
    """口径旁边的检查:一个有标准答案的问句,或一条规则。"""

    __test__ = False

    ask: Text | None = optional(None, "问句", "2026年10月末个人存款余额")
    expect: Number | str | None = optional(None, "标准答案", 123456789.00)
    rule: Text | None = optional(None, "规则", "deposit by cust_level sums_to total")


class RollupEntry(Entry):
    """预先汇总。"""

    name: Identifier = doc("标识", "dep_month")
    metrics: Annotated[Texts, Field(min_length=1)] = doc("指标", ["deposit"])
    by: Texts = optional([], "维度", ["product_line", "branch"])
    grain: Literal["date", "week", "month", "quarter", "year"] = doc("时间粒度", "month")
