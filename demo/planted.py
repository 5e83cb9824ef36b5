"""The truths planted in the bank, each with the query that finds it and the right answer."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Truth:
    """A known fact about the data that a feature must find, or must not stumble over."""

    number: int
    """Its number in the list of planted truths."""
    title: str
    query: str
    """SQL on the built database; gives a single number."""
    answer: int | None
    """The number, whatever the seed and size; None where it depends on them but is not zero."""


TRUTHS: Final = (
    Truth(
        7,
        "日期晚于数据日的交易",
        "SELECT count(*) FROM fact_txn WHERE txn_date > "
        "(SELECT max(data_date) FROM etl_load WHERE table_name = 'fact_txn')",
        5,
    ),
    Truth(
        7,
        "重复提交的转账(除流水号外完全相同)",
        "SELECT count(*) FROM (SELECT 1 FROM fact_txn WHERE amount <> floor(amount) "
        "AND txn_type = '转账转出' AND amount > 500 "
        "GROUP BY txn_date, customer_id, org_id, channel_id, amount HAVING count(*) > 1)",
        10,
    ),
    Truth(
        7,
        "有一天未报数的网点(掌政分理处,最新完整月的15日)",
        "SELECT count(*) FROM (SELECT max(date) - min(date) + 1 - count(DISTINCT date) AS gap "
        "FROM fact_balance_day JOIN dim_org USING (org_id) WHERE product_line = '存款' "
        "AND is_demand = 1 AND outlet = '掌政分理处' GROUP BY org_id) WHERE gap = 1",
        1,
    ),
    Truth(
        7,
        "一人两个客户号(姓名、手机号、证件号相同)",
        "SELECT count(*) FROM (SELECT id_no FROM dim_customer "
        "GROUP BY cust_name, mobile, id_no HAVING count(*) > 1)",
        6,
    ),
    Truth(
        9,
        "只有两个人的分组(职业为飞行员)",
        "SELECT count(*) FROM dim_customer WHERE occupation = '飞行员'",
        2,
    ),
    Truth(
        10,
        "中途并入青山路分理处的矿务街分理处",
        "SELECT count(*) FROM dim_org AS gone JOIN dim_org AS heir "
        "ON heir.org_id = gone.merged_into AND heir.outlet = '青山路分理处' "
        "WHERE gone.outlet = '矿务街分理处' AND gone.closed_on IS NOT NULL",
        1,
    ),
    Truth(
        11,
        "客户号不存在的交易",
        "SELECT count(*) FROM fact_txn ANTI JOIN dim_customer USING (customer_id)",
        12,
    ),
    Truth(
        11,
        "机构号不存在的交易",
        "SELECT count(*) FROM fact_txn ANTI JOIN dim_org USING (org_id)",
        6,
    ),
    Truth(
        11,
        "季内销户、季末没有余额行的账户",
        "SELECT count(*) FROM (SELECT max(month_end) AS last_seen FROM fact_balance "
        "GROUP BY account_id) WHERE month(last_seen) % 3 <> 0 "
        "AND last_seen < (SELECT max(month_end) FROM fact_balance)",
        None,
    ),
    Truth(
        11,
        "未测评风险承受等级的客户",
        "SELECT count(*) FROM dim_customer WHERE risk_tolerance IS NULL",
        None,
    ),
    Truth(
        11,
        "未分配客户经理的客户",
        "SELECT count(*) FROM dim_customer WHERE manager_id IS NULL",
        None,
    ),
)
