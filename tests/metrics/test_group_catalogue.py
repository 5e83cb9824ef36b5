"""The catalogue of cards, app, marketing, securities, insurance, service, profit and targets."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics
from metrics.finding import Finding
from semantic_layer.model import Manifest, Ratio
from semantic_layer.resolve.paths import reaches

ROOT = Path(__file__).parents[2]
LABELS = {
    "card_issued": "新增发卡量", "card_issued_total": "累计发卡量", "card_act_rate": "新卡60天激活率",
    "live_cards": "流通卡量", "card_active_rate": "活卡率", "card_spend": "信用卡消费金额",
    "spend_per_card": "卡均消费金额", "limit_usage": "信用卡额度使用率",
    "used_limit": "信用卡应偿余额", "credit_limit": "信用卡授信总额", "instal_bal": "信用卡分期余额",
    "instal_ratio": "分期余额占比", "card_overdue": "信用卡逾期金额", "card_overdue_rate": "信用卡逾期率",
    "app_mau": "手机银行月活", "dau": "手机银行日活", "stickiness": "用户粘性",
    "app_opens": "App启动次数", "pv": "页面浏览量", "avg_stay": "平均停留时长",
    "reg_cvr": "注册转化率", "bind_rate": "绑卡成功率", "crash_rate": "App崩溃率",
    "crashes": "App崩溃次数", "reach_cust": "营销触达人数", "ctr": "点击率", "cvr": "营销转化率",
    "cvr_times": "次数口径转化率", "acquired": "营销获客数", "mkt_cost": "营销费用", "cac": "获客成本",
    "mkt_rev": "营销带来收入", "roi": "营销ROI", "roi_times": "营销投产比", "ltv": "客户生命周期价值",
    "ltv_cac": "LTV/CAC比", "acquired_per_campaign": "每活动获客数",
    "sec_asset": "证券客户资产", "sec_asset_avg": "证券日均资产", "stock_fund_turnover": "股基交易额",
    "commission": "佣金收入", "net_comm_rate": "净佣金率", "turnover_rate": "客户换手率",
    "margin_bal": "两融余额", "sec_valid_cust": "证券有效户数",
    "premium": "保费收入", "new_premium": "新单保费", "premium_per_policy": "件均保费",
    "in_force": "有效保单数", "earned_premium": "已赚保费", "claim_paid": "赔款支出",
    "loss_ratio": "综合赔付率", "simple_loss_ratio": "简单赔付率", "renew_rate": "续保率",
    "surrender_rate": "退保率", "surrender_amt": "退保金", "persist13": "13个月继续率",
    "claim_days": "平均理赔时效", "susp_claim_rate": "可疑理赔占比",
    "fraud_cnt": "欺诈交易数", "fraud_rate": "交易欺诈率", "fraud_amt_rate": "金额口径欺诈率",
    "alert_precision": "欺诈预警准确率", "complaints": "投诉量", "complaint_rate": "万户投诉率",
    "complaint_days": "平均投诉处理时长", "csat": "客户满意率", "nps": "NPS",
    "revenue": "客户营业贡献", "net_fee_income": "手续费及佣金净收入", "profit": "客户净利润",
    "eva": "EVA", "cost_income": "成本收入比", "op_cost": "运营成本",
    "target_val": "存款目标", "loan_target": "贷款目标", "aum_target": "AUM目标",
    "new_cust_target": "新增客户目标", "attain": "存款目标完成率",
    "loan_attain": "贷款目标完成率", "aum_attain": "AUM目标完成率",
    "new_cust_attain": "新增客户目标完成率",
}  # fmt: skip
FACTS = (
    "cards", "card_issue_months", "card_months", "events", "touches", "marketing_costs",
    "broker_months", "trades", "policies", "policy_months", "claims", "tickets",
    "account_profits", "targets",
)  # fmt: skip
WITHOUT_CUSTOMERS = frozenset({"marketing_costs", "targets"})


@pytest.fixture(scope="module")
def loaded() -> tuple[Manifest, tuple[Finding, ...]]:
    manifest, findings = metrics.load(ROOT / "metrics" / "catalog")
    assert manifest is not None
    return manifest, tuple(findings)


@pytest.fixture(scope="module")
def catalogue(loaded) -> Manifest:
    return loaded[0]


def test_names_of_the_group_that_others_rely_on(catalogue):
    labels = {m.name: m.label for m in catalogue.metrics.values() if not m.hidden}
    assert labels.items() >= LABELS.items()


def test_rates_are_ratios_of_named_parts(catalogue):
    for name in LABELS:
        metric = catalogue.metrics[name]
        if metric.unit in ("percent", "permyriad", "times"):
            assert isinstance(metric.definition, Ratio), name


@pytest.mark.parametrize("dataset", FACTS)
def test_every_fact_reaches_the_branch(catalogue, dataset):
    assert reaches(catalogue, dataset, "branch")


@pytest.mark.parametrize("dataset", sorted(set(FACTS) - WITHOUT_CUSTOMERS))
def test_every_fact_about_customers_reaches_their_manager_and_age(catalogue, dataset):
    assert reaches(catalogue, dataset, "manager")
    assert reaches(catalogue, dataset, "age_band")


def test_what_cannot_be_told_apart_by_branch_or_manager_is_refused_to_them(loaded):
    _, findings = loaded
    told = (f.message for f in findings if f.code == "M223")
    refused = [("branch_manager" in m, m.split("数据集“")[1].split("”")[0]) for m in told]
    without_org = ["注册漏斗", "活动费用(不分机构)"]
    assert sorted(refused) == [
        *((False, name) for name in [*without_org, "经营目标", "营销费用"]),
        *((True, name) for name in without_org),
    ]


def test_numbers_that_hold_for_one_month_only(catalogue):
    native = {m.name for m in catalogue.metrics.values() if m.native == "month"}
    assert {"app_mau", "stickiness", "card_active_rate", "ltv", "ltv_cac"} <= native


def test_the_reserve_is_that_of_the_periods_first_month(catalogue):
    semi = catalogue.metrics["reserve_begin"].definition.semi_additive
    assert (semi.over, semi.take) == ("month_end", "first")
