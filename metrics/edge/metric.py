"""Metrics in a definition file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from metrics.edge.parts import Day, Entry, Identifier, Text, Texts, doc, optional


def _dimensions(value: Any) -> Any:
    listed = value if isinstance(value, list) else [value]
    return [{"by": item} if isinstance(item, str) else item for item in listed]


class SemiAdditiveEntry(Entry):
    """时点数:除时间外都能相加,一段时间只取一个快照。"""

    over: Text = doc("快照日期字段", "month_end")
    take: Literal["last", "first"] = optional("last", "取期末或期初", "last")
    period_end: Literal["strict", "last_known"] = optional(
        "strict", "期末无快照:strict 视为没有,last_known 取最近一次", "strict"
    )


class AverageOverEntry(Entry):
    """日均:Σ(表达式×天数)÷区间日历天数。"""

    days: Text = doc("这一行代表几天", "days")


class ThenEntry(Entry):
    """先按日计算,再对日历天数取平均。"""

    avg: Literal["day", "trading_day"] = doc("对哪种日子取平均", "day")


class AggregateEntry(Entry):
    """直接由某个数据集的行算出的数。"""

    dataset: Identifier | None = optional(
        None, "取自哪个数据集;本文件恰有一个数据集时可省略", "balances"
    )
    agg: Literal["sum", "count", "distinct", "avg", "median", "quantile", "min", "max"] | None = (
        optional(None, "汇总方式", "sum")
    )
    expr: Text | None = optional(None, "被汇总的列或单表表达式", "end_balance")
    filter: Text | None = optional(None, "口径自带的条件;可用 角色.字段", "product_line = '存款'")
    time: Text | None = optional(None, "时间字段;不写就用数据集的", "maturity_date")
    semi_additive: SemiAdditiveEntry | None = optional(
        None, "时点数必须写", {"over": "month_end", "take": "last"}
    )
    flow: bool = optional(False, "期末快照表上的发生数(整段期间累计或去重),不是时点数", True)
    average_over: AverageOverEntry | None = optional(None, "日均类必须写", {"days": "days"})
    then: ThenEntry | None = optional(None, "每日去重后取日均", {"avg": "day"})
    quantile: Annotated[float, Field(gt=0, lt=1)] | None = optional(None, "分位点", 0.9)
    snapshot: Literal["latest"] | None = optional(None, "只看所问期间之前最近一个快照", "latest")
    future: Literal["allowed", "refused"] = optional("refused", "能否问未来期间", "allowed")


class AlternativeEntry(AggregateEntry):
    """同一指标在另一张表上的等价算法,例如日表。"""


class RatioEntry(Entry):
    """分子÷分母,各是指标的算式;任何汇总都重算。"""

    of: Text = doc("分子", "npl_bal")
    to: Text = doc("分母", "loan_bal")


class FormatEntry(Entry):
    """怎样显示;从不改变数值本身。"""

    style: Literal["currency", "number", "percent", "permyriad", "times", "days", "score"] = doc(
        "样式", "currency"
    )
    scale: Text | None = optional(None, "固定单位;不写则按大小", "万元")
    decimals: Annotated[int, Field(ge=0, le=8)] | None = optional(None, "小数位", 2)


class ChangeEntry(Entry):
    """口径的一次变更。"""

    v: Annotated[int, Field(ge=1)] = doc("版本号", 2)
    date: Day = doc("变更日期", "2026-03-01")
    note: Text = doc("改了什么", "剔除保证金账户")
    from_: Day | None = Field(
        None, alias="from", description="新口径从哪天的数据起", examples=["2026-03-01"]
    )
    restates: bool = optional(False, "历史是否按新口径重算", True)
    was: dict[Text, Text] = optional({}, "旧的写法", {"filter": "product_line = '存款'"})


class CertifiedEntry(Entry):
    """谁在何时认证了口径;hash 锁住认证时的写法。"""

    by: Text = doc("认证人或机构", "数据治理委员会")
    date: Day = doc("认证日期", "2026-09-01")
    hash: Text | None = optional(None, "认证时口径的指纹;lint 会给出应填的值", "3f9a0c12be77")


class TieOutEntry(Entry):
    """与外部报表核对。"""

    file: Text = doc("核对数据文件", "tie_outs/deposit.csv")
    source: Text = doc("来源报表", "1104报表")


class OwnDivisorsEntry(Entry):
    """这个指标的户均、笔均除以哪个指标。"""

    customer: Identifier | None = optional(None, "户均的分母,与项目的不同时写", "valid_cust")
    txn: Identifier | None = optional(None, "笔均的分母;不写时按同一口径的流水行数", "purchase_cnt")

    def named(self) -> tuple[tuple[str, str], ...]:
        """What is written, in order."""
        pairs = (("customer", self.customer), ("txn", self.txn))
        return tuple((per, metric) for per, metric in pairs if metric is not None)


class InsteadEntry(Entry):
    """换成哪个维度问;换了指标就连指标一起写。"""

    by: Text = doc("维度或 角色.维度", "reg_channel.channel")
    metric: Identifier | None = optional(None, "换成这个指标;不写就是原来的指标", "txn_cnt")


class UnclearEntry(Entry):
    """与这个指标一起用会被误解的维度:反问,不直接答。"""

    by: Text = doc("不写角色的维度", "channel")
    instead: Annotated[
        list[InsteadEntry],
        BeforeValidator(
            _dimensions, json_schema_input_type=list[InsteadEntry | Text] | InsteadEntry | Text
        ),
    ] = doc("可以换成什么;只写维度时等于 {by: 维度}", [{"by": "reg_channel.channel"}], min_length=1)
    note: str = optional("", "直接用它会是什么意思", "渠道是客户注册的渠道")
    only_filter: bool = optional(False, "只在当条件时反问,分组不问", True)


class MetricEntry(AggregateEntry):
    """一个指标。"""

    name: Identifier = doc("标识,永不改变", "deposit")
    label: Text = doc("中文名", "个人存款余额")
    synonyms: Texts = optional([], "其他叫法", ["存款余额"])
    near_misses: Texts = optional([], "相近但不同的说法,遇到要反问", ["日均存款"])
    phrases: Texts = optional([], "带动词的问法;可以不写宾语", ["卖了多少理财"])
    description: str = optional("", "口径说明", "统计期最后一个快照日的余额合计")
    owner: str = optional("", "负责部门", "零售数据部")
    status: Literal["draft", "in_review", "certified", "deprecated"] = optional(
        "draft", "状态", "certified"
    )
    version: Annotated[int, Field(ge=1)] = optional(1, "版本,含义变化时加一", 3)
    changes: list[ChangeEntry] = optional([], "变更记录,新的在前")
    unit: Text = doc("单位:CNY、percent、permyriad、times、户、笔……", "CNY")
    format: FormatEntry | None = optional(None, "显示格式", {"style": "currency", "decimals": 2})
    direction: Literal["up_is_good", "down_is_good", "neutral"] = optional(
        "neutral", "高好还是低好", "up_is_good"
    )
    ratio: RatioEntry | None = optional(None, "比率", {"of": "npl_bal", "to": "loan_bal"})
    derived: Text | None = optional(None, "指标的算式", "new_cust - closed_cust")
    also: list[AlternativeEntry] = optional(
        [],
        "同一指标在其他表上的等价算法;问得更细时用",
        [{"dataset": "balance_days", "agg": "sum", "expr": "end_balance"}],
    )
    native: Literal["month", "quarter", "year"] | None = optional(
        None, "只在这个粒度有定义", "month"
    )
    incomplete_period: Literal["same_elapsed", "last_complete", "refuse"] | None = optional(
        None, "期间未满时与什么比", "same_elapsed"
    )
    default_period: Literal["latest", "year_to_date", "last_complete_month"] | None = optional(
        None, "没有时间词时看哪段", "latest"
    )
    certified: CertifiedEntry | None = optional(
        None, "认证", {"by": "数据治理委员会", "date": "2026-09-01"}
    )
    tie_out: TieOutEntry | None = optional(
        None, "外部核对", {"file": "tie_outs/deposit.csv", "source": "1104报表"}
    )
    per: OwnDivisorsEntry | None = optional(
        None, "户均、笔均除以什么;与通常的不同时写", {"txn": "purchase_cnt"}
    )
    unclear_by: list[UnclearEntry] = optional(
        [],
        "哪些维度与它一起用会被误解,要反问",
        [{"by": "cust_level", "instead": [{"by": "level_before"}]}],
    )
    hidden: bool = optional(False, "只供公式使用,不在推荐里出现", True)
