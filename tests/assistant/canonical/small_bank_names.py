"""The names of a small bank: enough of a catalogue to say every slot."""

from semantic_layer.model import (
    Actor,
    Aggregate,
    Dataset,
    Dimension,
    EventLog,
    Field,
    FieldValue,
    Join,
    Manifest,
    Metric,
    NamedEvent,
    Segment,
)
from semantic_layer.query import Condition

METRICS = {
    "new_cust": ("新增客户数", "户"), "deposit": ("个人存款余额", "CNY"), "loan_bal": ("个人贷款余额", "CNY"),
    "aum": ("零售AUM", "CNY"), "aum_per_cust": ("户均AUM", "CNY"), "deposit_avg": ("个人日均存款", "CNY"),
    "txn_amt": ("交易金额", "CNY"), "npl_rate": ("不良贷款率", "percent"),
}  # fmt: skip
DIMENSIONS = {
    "branch": "分行", "sub_branch": "支行", "cust_level": "客户等级", "currency": "币种", "age": "年龄",
    "occupation": "职业", "campaign": "营销活动", "product_risk": "产品风险等级", "os": "手机系统",
}  # fmt: skip
EVENTS = {
    "打开APP": "打开APP", "进入注册页": "进入注册页", "注册成功": "注册成功", "发起绑卡": "发起绑卡",
    "绑卡成功": "绑卡成功", "申购成功": "申购成功", "joined": "开户", "traded": "交易成功", "bought": "购买",
    "first_bought": "首次购买", "bought_again": "第二次购买", "wealth_bought": "理财购买成功",
}  # fmt: skip
SEGMENTS = {"lapsed_fund_buyers": "基金沉睡客户", "dormant_customers": "睡眠客户"}
CURRENCIES = (FieldValue("CNY", "人民币"), FieldValue("USD", "美元"))


def small_bank() -> Manifest:
    """Customers, their events and the branch where they trade."""
    fields = {
        name: Field(name, label, values=CURRENCIES if name == "currency" else ())
        for name, label in DIMENSIONS.items()
    }
    customers = Dataset(
        "customers", "客户", "dim_customer", ("customer_id",), tuple(fields.values()),
        joins=(Join("orgs", "txn_org", (("org_id", "org_id"),), label="交易机构"),),
        time_roles=(("放款日", "paid_out_on"),), entity="customer",
    )  # fmt: skip
    named = tuple(NamedEvent(name, label, "day") for name, label in EVENTS.items())
    actors = (Actor("visitor", "visitor_id", "访客"), Actor("customer", "customer_id", "客户"))
    events = Dataset(
        "events", "行为", "fact_event", ("id",), (), events=EventLog(actors, named=named)
    )
    count = Aggregate("customers", "count")
    segments = {
        name: Segment(name, label, "customer", Condition("age", "not_null"))
        for name, label in SEGMENTS.items()
    }
    return Manifest(
        "示例银行",
        {"customers": customers, "events": events},
        {name: Metric(name, label, count, unit) for name, (label, unit) in METRICS.items()},
        {name: Dimension(name, "customers", f, ("customers",)) for name, f in fields.items()},
        segments,
    )
