"""Datasets in a definition file: table, key, grain, time, joins, fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from metrics.edge.parts import Entry, Identifier, Number, Scalar, Text, Texts, doc, optional


class ValueEntry(Entry):
    """字段的一个取值。"""

    value: Scalar = doc("库里存的值", 1)
    label: Text | None = optional(None, "展示用的名字", "活期")
    synonyms: Texts = optional([], "这个取值的其他叫法", ["活期存款"])


class BandEntry(Entry):
    """把数值字段切成左闭右开的分段。"""

    of: Text = doc("被分段的字段", "age")
    edges: list[Number] = doc("内部边界,从小到大", [20, 30, 40, 50, 60], min_length=1)
    labels: list[Text] = optional([], "各段的名字,比边界多一个", ["20岁以下", "20–29岁"])


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        listed = {k: [v] if isinstance(v, str) else v or [] for k, v in value.items()}
        return [{"value": k, "synonyms": v} for k, v in listed.items()]
    if isinstance(value, list):
        return [v if isinstance(v, dict) else {"value": v} for v in value]
    return value


class FieldEntry(Entry):
    """一个字段。有 label 的字段就是维度;只写 name 表示与同名维度一致。"""

    name: Identifier = doc("标识", "product_line")
    label: Text | None = optional(None, "中文名;同名维度只在一个数据集里写", "产品线")
    type: Literal["string", "number", "date", "timestamp", "boolean"] | None = optional(
        None, "类型;不写则取自数据库", "string"
    )
    expr: Text | None = optional(None, "取值表达式;不写就是同名列", "year(open_date)")
    synonyms: Texts = optional([], "其他叫法", ["产品大类"])
    description: str = optional("", "说明", "七大产品线")
    values: Annotated[
        list[ValueEntry],
        BeforeValidator(
            _values,
            json_schema_input_type=list[ValueEntry | Scalar] | dict[str, Texts | None],
        ),
    ] = optional([], "受管取值,按展示顺序;可写列表或“值: [叫法]”", {"理财": ["理财产品"]})
    band: BandEntry | None = optional(None, "由数值字段分段得到", {"of": "age", "edges": [20, 30]})
    unit: Text | None = optional(None, "数值的单位", "CNY")
    sensitivity: Literal["public", "staff", "internal", "pii"] = optional(
        "public", "敏感级别", "pii"
    )
    mask: Text | None = optional(None, "脱敏表达式", "left(mobile, 3) || '****'")
    groupable: bool = optional(True, "能否用来分组", False)
    searchable: bool = optional(True, "取值能否在问句里识别", False)
    spine: bool = optional(False, "没有数据的成员也列出", True)
    unranked: Texts = optional(
        [], "照列照计、但不占名次、不称最高最低、不算在“共几家”里的成员", ["总行直属"]
    )
    owner: str = optional("", "负责部门", "零售数据部")


class ValidEntry(Entry):
    """对方行的有效期,左闭右开。"""

    from_: Text = Field(alias="from", description="生效日字段", examples=["valid_from"])
    to: Text = doc("失效日字段,空表示仍有效", "valid_to")


def _keys(value: Any) -> Any:
    if isinstance(value, str):
        return {value: value}
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return {v: v for v in value}
    return value


Keys = Annotated[
    dict[Text, Text],
    BeforeValidator(_keys, json_schema_input_type=Text | list[Text] | dict[str, Text]),
    Field(min_length=1),
]
"""name | [names] | {ours: theirs}."""


class JoinEntry(Entry):
    """通向另一个数据集的路。"""

    to: Identifier = doc("对方数据集", "orgs")
    as_: Identifier | None = Field(
        None, alias="as", description="角色标识;不写就用 to", examples=["owning_org"]
    )
    keys: Keys = doc("关联键:同名列、列表,或“我方: 对方”", {"manager_id": "emp_id"})
    type: Literal["many_to_one", "one_to_one", "many_to_many"] = optional(
        "many_to_one", "行数关系", "many_to_one"
    )
    orphans: Literal["keep", "drop"] = optional("keep", "关联不上的行:保留为“未知”或去掉", "keep")
    label: Text | None = optional(None, "角色的中文名", "归属机构")
    default: bool = optional(False, "多条路通向同一维度时走这条", True)
    valid: ValidEntry | None = optional(
        None, "对方按有效期多行时", {"from": "valid_from", "to": "valid_to"}
    )
    as_of: Text | None = optional(None, "按我方哪个日期判断有效期", "month_end")
    weight: Text | None = optional(
        None, "多对多时对方的权重列(同一键合计为1):金额按它分摊", "share"
    )


class DataDateEntry(Entry):
    """数据日期从哪里来:装载日志,或某日期列的最大值。"""

    from_: Literal["etl_load"] | None = Field(
        None, alias="from", description="取自装载日志", examples=["etl_load"]
    )
    table: Text = optional("etl_load", "装载日志表(table_name, data_date)", "etl_load")
    max: Text | None = optional(None, "取该列最大值", "txn_date")
    not_after: Literal["as_of"] | None = optional(None, "不晚于“今天”", "as_of")


class LifetimeEntry(Entry):
    """成员从哪天到哪天在:逐个列出成员时,期间之外的不列。"""

    opened: Text | None = optional(None, "首日所在的字段", "opened_on")
    closed: Text | None = optional(None, "末日次日所在的字段,空值为仍在", "closed_on")


class ActorEntry(Entry):
    """谁做的事:一种行为主体。"""

    name: Identifier = doc("主体标识;不同数据集同名即同一种主体", "customer")
    field: Text = doc("主体号所在的列;为空的行不算任何人的事件", "customer_id")
    label: Text = doc("中文名", "访客")
    unit: Text = optional("户", "计数单位", "人")
    person: bool = optional(True, "一个主体是不是一个人(小样本抑制按人数算)", False)
    not_in: Texts = optional([], "发生时还没有这种主体号的事件;这些事件不按它统计", ["进入注册页"])


class NamedEventEntry(Entry):
    """没有事件列的数据集里的一种事件:某个日期不为空的行。"""

    name: Identifier = doc("标识", "loan_disbursed")
    label: Text = doc("中文名", "贷款放款")
    at: Text = doc("发生日期(时间)字段", "disburse_date")
    filter: Text | None = optional(None, "哪些行才算", "approved = 1")
    synonyms: Texts = optional([], "其他叫法", ["放款"])
    description: str = optional("", "说明", "一笔申请放款一次")


class EventsEntry(Entry):
    """把一行看作一次事件:叫什么、谁做的、何时、在哪次会话。"""

    by: list[ActorEntry] = doc(
        "行为主体,第一个为默认", [{"name": "customer", "field": "customer_id"}], min_length=1
    )
    at: Text | None = optional(None, "发生时间字段;不写用数据集的 time", "event_time")
    field: Identifier | None = optional(None, "事件名所在的字段,其受管取值就是事件", "event")
    session: Text | None = optional(None, "会话号所在的列;路径分析要用", "session_id")
    detail: Text | None = optional(None, "路径里与事件名一起看的字段", "page")
    named: list[NamedEventEntry] = optional([], "没有事件列时逐个写出的事件")


class DatasetEntry(Entry):
    """一张表(或一段查询)和它的含义。"""

    name: Identifier = doc("标识", "balances")
    label: Text | None = optional(None, "中文名", "账户月末余额快照")
    source: Text | None = optional(None, "物理表或视图;与 sql 二选一", "fact_balance")
    sql: Text | None = optional(None, "一段只读查询;与 source 二选一", "select * from a")
    connection: Identifier = optional("default", "连接", "default")
    key: Texts = doc("主键:一列或几列", ["account_id", "month_end"], min_length=1)
    grain: Literal["event", "date", "week", "month", "quarter", "year"] = optional(
        "event", "多久一行;更细的提问会被拒答", "month"
    )
    time: Text | None = optional(None, "默认的时间字段", "month_end")
    time_roles: dict[Text, Text] = optional({}, "其他时间角色", {"放款日": "disburse_date"})
    data_date: DataDateEntry | None = optional(None, "数据日期从哪里来", {"from": "etl_load"})
    calendar: Identifier | None = optional(None, "日历", "cn_bank")
    roles_apart: bool = optional(
        False, "各个角色是不同的事(注册渠道、交易渠道):一个条件不同时用于两个角色", True
    )
    entity: Identifier | None = optional(None, "一行是哪个实体", "customer")
    events: EventsEntry | None = optional(
        None,
        "行怎样看作事件(漏斗、留存、路径、间隔)",
        {"field": "event", "by": [{"name": "customer", "field": "customer_id"}]},
    )
    columns: dict[Text, Text] = optional(
        {}, "不是维度的列的中文名,用来把算式说成话", {"aum_end": "月末AUM"}
    )
    lifetime: LifetimeEntry | None = optional(
        None, "成员的起止日期(开业、撤并)", {"opened": "opened_on", "closed": "closed_on"}
    )
    description: str = optional("", "说明", "每账户每月末一行")
    joins: list[JoinEntry] = optional([], "通向其他数据集的路")
    fields: Annotated[
        list[FieldEntry],
        BeforeValidator(
            lambda v: (
                [{"name": f} if isinstance(f, str) else f for f in v] if isinstance(v, list) else v
            ),
            json_schema_input_type=list[FieldEntry | Identifier],
        ),
    ] = optional([], "字段;只写名字时等于 {name: 名字}")
    hierarchies: dict[Text, list[Identifier]] = optional(
        {}, "层级,从粗到细", {"机构": ["branch", "sub_branch", "outlet"]}
    )
