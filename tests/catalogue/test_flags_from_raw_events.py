"""Every flag of the month and event tables equals the same notion judged again from raw rows."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pytest

LIVELY = """
lively AS (
    SELECT DISTINCT customer_id, last_day(event_date) AS month_end FROM fact_event
    WHERE event_name = '打开APP' AND customer_id IS NOT NULL
    UNION
    SELECT DISTINCT customer_id, last_day(txn_date) FROM fact_txn
    WHERE is_active = 1 AND success = 1)
"""
"""Months in which a customer opened the app or moved money."""

PURCHASES = "('理财购买', '基金认购', '基金申购', '基金定投', '保险购买')"


@dataclass(frozen=True, slots=True)
class Flag:
    """A column and the SQL that judges it again."""

    name: str
    sql: str
    """Rows of what the column says and what the raw rows say."""


FLAGS = (
    Flag(
        "nth_buy",
        f"""
        WITH again AS (
            SELECT txn_id, row_number() OVER (PARTITION BY customer_id ORDER BY txn_date, txn_id) AS nth
            FROM fact_txn WHERE success = 1 AND txn_type IN {PURCHASES})
        SELECT t.nth_buy, a.nth FROM fact_txn AS t LEFT JOIN again AS a USING (txn_id)
        """,
    ),
    Flag(
        "gap_days",
        f"""
        WITH again AS (
            SELECT txn_id, txn_date - lag(txn_date)
                       OVER (PARTITION BY customer_id ORDER BY txn_date, txn_id) AS gap
            FROM fact_txn WHERE success = 1 AND txn_type IN {PURCHASES})
        SELECT t.gap_days, a.gap FROM fact_txn AS t LEFT JOIN again AS a USING (txn_id)
        """,
    ),
    Flag(
        "login_cnt",
        """
        SELECT c.login_cnt, coalesce(e.logins, 0) FROM fact_cust_month AS c
        LEFT JOIN (SELECT customer_id, last_day(event_date) AS month_end, count(*) AS logins
                   FROM fact_event WHERE event_name = '打开APP' GROUP BY ALL) AS e
          USING (customer_id, month_end)
        """,
    ),
    Flag(
        "txn_cnt",
        """
        SELECT c.txn_cnt, coalesce(t.txns, 0) FROM fact_cust_month AS c
        LEFT JOIN (SELECT customer_id, last_day(txn_date) AS month_end, count(*) AS txns
                   FROM fact_txn WHERE is_active = 1 AND success = 1 GROUP BY ALL) AS t
          USING (customer_id, month_end)
        """,
    ),
    Flag(
        "active_flag",
        f"""
        WITH {LIVELY}
        SELECT c.active_flag, (l.customer_id IS NOT NULL)::INTEGER
        FROM fact_cust_month AS c LEFT JOIN lively AS l USING (customer_id, month_end)
        """,
    ),
    # Logins and transactions begin in October 2024: what looks a month back starts in November.
    Flag(
        "prev_active_flag",
        f"""
        WITH {LIVELY}
        SELECT c.prev_active_flag, (p.customer_id IS NOT NULL)::INTEGER
        FROM fact_cust_month AS c LEFT JOIN lively AS p
          ON p.customer_id = c.customer_id AND p.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        WHERE c.month_end >= DATE '2024-11-30'
        """,
    ),
    Flag(
        "retained_flag of the month",
        f"""
        WITH {LIVELY}
        SELECT c.retained_flag, (p.customer_id IS NOT NULL AND n.customer_id IS NOT NULL)::INTEGER
        FROM fact_cust_month AS c
        LEFT JOIN lively AS p
          ON p.customer_id = c.customer_id AND p.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        LEFT JOIN lively AS n ON n.customer_id = c.customer_id AND n.month_end = c.month_end
        WHERE c.month_end >= DATE '2024-11-30'
        """,
    ),
    # Who was never active since October 2024 and is older than that has been idle for unknown long.
    Flag(
        "months_idle",
        f"""
        WITH {LIVELY},
        since AS (
            SELECT c.customer_id, c.month_end, c.months_idle, max(l.month_end) AS last_active,
                   last_day(any_value(d.open_date) - INTERVAL 1 MONTH) AS before_opening,
                   any_value(d.open_date) AS open_date
            FROM fact_cust_month AS c JOIN dim_customer AS d USING (customer_id)
            LEFT JOIN lively AS l ON l.customer_id = c.customer_id AND l.month_end <= c.month_end
            GROUP BY ALL)
        SELECT months_idle, date_diff('month', coalesce(last_active, before_opening), month_end)
        FROM since WHERE last_active IS NOT NULL OR open_date >= DATE '2024-10-01'
        """,
    ),
    # Six idle months before the month: known from April 2025 on.
    Flag(
        "was_dormant_flag",
        f"""
        WITH {LIVELY}
        SELECT c.was_dormant_flag,
               (p.status = '正常' AND d.open_date <= last_day(c.month_end - INTERVAL 6 MONTH)
                AND NOT EXISTS (
                    SELECT 1 FROM lively AS l WHERE l.customer_id = c.customer_id
                    AND l.month_end < c.month_end
                    AND l.month_end >= last_day(c.month_end - INTERVAL 6 MONTH)))::INTEGER
        FROM fact_cust_month AS c JOIN dim_customer AS d USING (customer_id)
        JOIN fact_cust_month AS p ON p.customer_id = c.customer_id
         AND p.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        WHERE c.month_end >= DATE '2025-04-30'
        """,
    ),
    Flag(
        "reactivated_flag",
        f"""
        WITH {LIVELY}
        SELECT c.reactivated_flag,
               (p.status = '正常' AND d.open_date <= last_day(c.month_end - INTERVAL 6 MONTH)
                AND NOT EXISTS (
                    SELECT 1 FROM lively AS l WHERE l.customer_id = c.customer_id
                    AND l.month_end < c.month_end
                    AND l.month_end >= last_day(c.month_end - INTERVAL 6 MONTH))
                AND EXISTS (
                    SELECT 1 FROM fact_txn AS t WHERE t.customer_id = c.customer_id
                    AND t.is_active = 1 AND t.success = 1
                    AND last_day(t.txn_date) = c.month_end))::INTEGER
        FROM fact_cust_month AS c JOIN dim_customer AS d USING (customer_id)
        JOIN fact_cust_month AS p ON p.customer_id = c.customer_id
         AND p.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        WHERE c.month_end >= DATE '2025-04-30'
        """,
    ),
    # Three months back: known from January 2025 on.
    Flag(
        "was_active_3m_flag",
        f"""
        WITH {LIVELY}
        SELECT c.was_active_3m_flag, (p.customer_id IS NOT NULL)::INTEGER
        FROM fact_cust_month AS c LEFT JOIN lively AS p
          ON p.customer_id = c.customer_id AND p.month_end = last_day(c.month_end - INTERVAL 3 MONTH)
        WHERE c.month_end >= DATE '2025-01-31'
        """,
    ),
    # Whether the month before was lost already looks four months back: February 2025 on.
    Flag(
        "churn_flag",
        f"""
        WITH {LIVELY},
        lost AS (
            SELECT c.customer_id, c.month_end
            FROM fact_cust_month AS c
            JOIN lively AS p ON p.customer_id = c.customer_id
             AND p.month_end = last_day(c.month_end - INTERVAL 3 MONTH)
            JOIN fact_cust_month AS b
              ON b.customer_id = c.customer_id AND b.month_end = p.month_end
            WHERE (b.aum_end > 0 AND c.aum_end <= b.aum_end * 0.2)
               OR NOT EXISTS (
                    SELECT 1 FROM lively AS l WHERE l.customer_id = c.customer_id
                    AND l.month_end > p.month_end AND l.month_end <= c.month_end))
        SELECT c.churn_flag, (n.customer_id IS NOT NULL AND q.customer_id IS NULL)::INTEGER
        FROM fact_cust_month AS c
        LEFT JOIN lost AS n ON n.customer_id = c.customer_id AND n.month_end = c.month_end
        LEFT JOIN lost AS q ON q.customer_id = c.customer_id
         AND q.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        WHERE c.month_end >= DATE '2025-02-28'
        """,
    ),
    Flag(
        "churn_warn_flag",
        """
        SELECT c.churn_warn_flag,
               (c.status = '正常' AND p.aum_avg >= 500000 AND c.aum_end <= p.aum_end * 0.7
                AND coalesce(n.logins, 0) < coalesce(o.logins, 0))::INTEGER
        FROM fact_cust_month AS c
        JOIN fact_cust_month AS p ON p.customer_id = c.customer_id
         AND p.month_end = last_day(c.month_end - INTERVAL 1 MONTH)
        LEFT JOIN (SELECT customer_id, last_day(event_date) AS month_end, count(*) AS logins
                   FROM fact_event WHERE event_name = '打开APP' GROUP BY ALL) AS n
          ON n.customer_id = c.customer_id AND n.month_end = c.month_end
        LEFT JOIN (SELECT customer_id, last_day(event_date) AS month_end, count(*) AS logins
                   FROM fact_event WHERE event_name = '打开APP' GROUP BY ALL) AS o
          ON o.customer_id = c.customer_id AND o.month_end = p.month_end
        """,
    ),
    # Three months of transactions: known from December 2024 on.
    Flag(
        "potential_flag",
        """
        WITH recent AS (
            SELECT c.customer_id, c.month_end, c.status, c.aum_avg, c.potential_flag,
                   coalesce(sum(t.amount) FILTER (t.txn_type = '消费支付'), 0) AS spent,
                   count(t.txn_id) FILTER (t.is_active = 1) AS txns
            FROM fact_cust_month AS c
            LEFT JOIN fact_txn AS t ON t.customer_id = c.customer_id AND t.success = 1
             AND t.txn_date > last_day(c.month_end - INTERVAL 3 MONTH) AND t.txn_date <= c.month_end
            WHERE c.month_end >= DATE '2024-12-31'
            GROUP BY ALL),
        bars AS (
            SELECT month_end, quantile_disc(spent, 0.8) AS spent_bar, quantile_disc(txns, 0.8) AS txns_bar
            FROM recent WHERE status = '正常' GROUP BY month_end)
        SELECT potential_flag, (status = '正常' AND aum_avg < 500000
                                AND spent >= spent_bar AND txns >= txns_bar)::INTEGER
        FROM recent JOIN bars USING (month_end)
        """,
    ),
    Flag(
        "new_flag",
        """
        SELECT c.new_flag, (last_day(d.open_date) = c.month_end)::INTEGER
        FROM fact_cust_month AS c JOIN dim_customer AS d USING (customer_id)
        """,
    ),
    Flag(
        "closed_flag",
        """
        SELECT c.closed_flag, coalesce(last_day(d.close_date) = c.month_end, false)::INTEGER
        FROM fact_cust_month AS c JOIN dim_customer AS d USING (customer_id)
        """,
    ),
    Flag(
        "product_cnt",
        """
        WITH held AS (
            SELECT DISTINCT customer_id, month_end, product_line FROM fact_balance
            WHERE end_balance > 0
            UNION
            SELECT DISTINCT customer_id, month_end, '贷款' FROM fact_loan_month WHERE balance > 0)
        SELECT c.product_cnt, count(h.product_line)
        FROM fact_cust_month AS c LEFT JOIN held AS h USING (customer_id, month_end)
        GROUP BY c.customer_id, c.month_end, c.product_cnt
        """,
    ),
    Flag(
        "retained_flag of the touch",
        """
        SELECT t.retained_flag,
               CASE WHEN t.touch_date + 60 <= (SELECT max(event_date) FROM fact_event) THEN (EXISTS (
                   SELECT 1 FROM fact_event AS e
                   WHERE e.customer_id = t.customer_id AND e.event_name = '打开APP'
                   AND e.event_date BETWEEN t.touch_date + 31 AND t.touch_date + 60))::INTEGER END
        FROM fact_touch AS t
        """,
    ),
    Flag(
        "valid_flag of the broker month",
        "SELECT valid_flag, (asset_avg >= 1000)::INTEGER FROM fact_broker_month",
    ),
    Flag(
        "activated card",
        """
        SELECT m.activated, coalesce(k.activate_date <= m.month_end, false)::INTEGER
        FROM fact_card_month AS m JOIN fact_card AS k USING (card_id)
        """,
    ),
    Flag(
        "in_force policy",
        """
        SELECT m.in_force, (coalesce(p.end_date, DATE '9999-12-31') > m.month_end
                            AND coalesce(p.terminate_date, DATE '9999-12-31') > m.month_end)::INTEGER
        FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
        """,
    ),
    Flag(
        "expiring policy",
        """
        SELECT m.expiring, coalesce(last_day(p.end_date) = m.month_end, false)::INTEGER
        FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
        """,
    ),
    Flag(
        "renewed policy",
        """
        SELECT m.renewed, (m.month_end = last_day(p.end_date) AND EXISTS (
                   SELECT 1 FROM fact_policy AS n
                   WHERE n.customer_id = p.customer_id AND n.product_id = p.product_id
                   AND n.issue_date = p.end_date))::INTEGER
        FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
        WHERE p.end_date IS NOT NULL
        """,
    ),
    # Who left within the 60 days of grace may have paid or not: no raw row tells.
    Flag(
        "paid_13m policy",
        """
        SELECT m.paid_13m,
               CASE WHEN p.pay_mode = '期交'
                     AND last_day(p.issue_date + INTERVAL 1 YEAR) = m.month_end
                     AND coalesce(p.terminate_date, DATE '9999-12-31')
                         > (p.issue_date + INTERVAL 1 YEAR)::DATE + 60
                    THEN p.first_premium ELSE 0 END
        FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
        WHERE (p.issue_date + INTERVAL 1 YEAR)::DATE + 60 <= DATE '2026-11-19'
          AND NOT coalesce(p.terminate_date >= (p.issue_date + INTERVAL 1 YEAR)::DATE
                   AND p.terminate_date < (p.issue_date + INTERVAL 1 YEAR)::DATE + 60, false)
        """,
    ),
    Flag(
        "closed claim",
        "SELECT closed, (close_date IS NOT NULL)::INTEGER FROM fact_claim",
    ),
)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_the_flag_says_what_the_raw_rows_say(
    small_bank: duckdb.DuckDBPyConnection, flag: Flag
) -> None:
    row = small_bank.execute(
        f"""
        WITH judged(said, raw) AS ({flag.sql})
        SELECT count(*) FILTER (said IS DISTINCT FROM raw), count(*) FILTER (raw > 0) FROM judged
        """
    ).fetchone()
    assert row is not None
    different, positive = row
    assert positive > 0, f"{flag.name}: nothing to judge"
    assert different == 0, f"{flag.name}: {different} rows say otherwise"
