-- The customer month: everything here follows from balances, transactions, logins and status.

CREATE TEMP TABLE money AS
SELECT no, m, sum(end_balance) AS aum_end, sum(avg_balance) AS aum_avg,
       sum(valuation) AS valuation,
       -- One bit per product line: a distinct count of strings costs many times as much.
       bit_count(bit_or(CASE WHEN end_balance <= 0 THEN 0 ELSE
           CASE product_line WHEN '存款' THEN 1 WHEN '理财' THEN 2 WHEN '基金' THEN 4 WHEN '保险' THEN 8
                ELSE 16 END END)) AS lines
FROM averages
GROUP BY no, m;

CREATE TEMP TABLE dealings AS
SELECT substr(customer_id, 2)::INTEGER AS no,
       year(txn_date) * 12 + month(txn_date) - getvariable('month_zero') AS m,
       count(*) FILTER (is_active = 1 AND success = 1) AS txn_cnt,
       coalesce(sum(amount) FILTER (txn_type = '消费支付' AND success = 1), 0) AS spent
FROM fact_txn
WHERE txn_date BETWEEN getvariable('first_day') AND getvariable('last_month_end')
  AND customer_id < 'C99'
GROUP BY ALL;

CREATE TEMP TABLE lived AS
SELECT a.no, a.m,
       coalesce(d.txn_cnt, CASE WHEN a.m < 1 THEN a.txns ELSE 0 END)::INTEGER AS txns,
       CASE WHEN a.m < 1 THEN a.app_visits ELSE coalesce(v.logins, 0) END AS logins,
       coalesce(d.spent, 0) AS spent
FROM activity AS a LEFT JOIN dealings AS d USING (no, m)
LEFT JOIN logins AS v USING (no, m)
WHERE a.m <= 25;

CREATE TEMP TABLE grid AS
SELECT c.no, t.m, c.open_m, c.close_m,
       CASE WHEN t.m <= getvariable('merged_m') THEN c.old_org_no ELSE c.org_no END AS org_no,
       CASE WHEN t.m >= c.close_m THEN '销户'
            WHEN t.m >= c.frozen_from AND t.m < c.frozen_to THEN '冻结' ELSE '正常' END AS status,
       coalesce(l.txns, 0) AS txn_cnt, coalesce(l.logins, 0) AS login_cnt,
       coalesce(l.spent, 0) AS spent_now, txn_cnt + login_cnt > 0 AS is_active,
       CASE WHEN is_active THEN t.m END AS active_m,
       coalesce(m.aum_end, 0)::DECIMAL(18, 2) AS aum_end,
       coalesce(m.aum_avg, 0)::DECIMAL(18, 2) AS aum_mean,
       coalesce(m.valuation, 0)::DECIMAL(18, 2) AS valuation,
       coalesce(m.lines, 0) + (n.no IS NOT NULL)::INTEGER AS product_cnt,
       CASE WHEN aum_mean >= 6000000 THEN 4 WHEN aum_mean >= 500000 THEN 3
            WHEN aum_mean >= 50000 THEN 2 ELSE 1 END AS level_rank
FROM customers AS c
JOIN months AS t ON t.m >= c.open_m AND t.m <= 25
LEFT JOIN lived AS l ON l.no = c.no AND l.m = t.m
LEFT JOIN money AS m ON m.no = c.no AND m.m = t.m
LEFT JOIN (SELECT DISTINCT no, m FROM loan_months WHERE balance > 0) AS n
  ON n.no = c.no AND n.m = t.m;

CREATE TEMP TABLE remembered AS
SELECT * EXCLUDE (active_m),
       m - 1 - coalesce(max(active_m) OVER before,
                        greatest(open_m, -12 - pick(no, 'idle.before', 24)) - 1) AS idle_1,
       CASE WHEN is_active THEN 0 ELSE idle_1 + 1 END AS months_idle,
       lag(is_active) OVER mine AS active_1, lag(is_active, 3) OVER mine AS active_3,
       lag(is_active, 4) OVER mine AS active_4,
       lag(status) OVER mine AS status_1, lag(level_rank) OVER mine AS level_1,
       lag(aum_end) OVER mine AS aum_1, lag(aum_end, 3) OVER mine AS aum_3,
       lag(aum_end, 4) OVER mine AS aum_4, lag(login_cnt) OVER mine AS logins_1,
       sum(spent_now) OVER quarter AS spent_3m, sum(txn_cnt) OVER quarter AS txns_3m
FROM grid
WINDOW mine AS (PARTITION BY no ORDER BY m),
       before AS (PARTITION BY no ORDER BY m ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
       quarter AS (PARTITION BY no ORDER BY m ROWS BETWEEN 2 PRECEDING AND CURRENT ROW);
DROP TABLE grid;

CREATE TEMP TABLE bars AS
SELECT m, quantile_disc(spent_3m, 0.8) AS spent_bar, quantile_disc(txns_3m, 0.8) AS txns_bar
FROM remembered WHERE status = '正常' GROUP BY m;

-- Lost: active three months before, and since then idle or without most of the money.
CREATE TEMP MACRO has_gone(active_before, idle, aum_before, aum_now) AS
    coalesce(active_before, false)
    AND (idle >= 3 OR coalesce(aum_before > 0 AND aum_now <= aum_before * 0.2, false));

-- Sorted while rows are narrow; a join keeps the order of its left side if it stays the left side.
SET disabled_optimizers = 'join_order,build_side_probe_side';
INSERT INTO fact_cust_month BY NAME
SELECT month_end, numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id, status,
       ['大众', '金卡', '贵宾', '私行'][level_rank] AS cust_level,
       level_1 AS prev_level_rank, level_rank,
       CASE WHEN status = '销户' OR months_idle >= 12 THEN '流失' WHEN months_idle >= 6 THEN '睡眠'
            WHEN m - open_m < 3 THEN '新客'
            WHEN months_idle >= 3 OR coalesce(aum_end < aum_3 * 0.7, false) THEN '衰退'
            WHEN m - open_m < 24 OR coalesce(aum_end > aum_3 * 1.1, false) THEN '成长'
            ELSE '成熟' END AS lifecycle,
       aum_end, aum_mean AS aum_avg, days, login_cnt, is_active::INTEGER AS active_flag,
       (txn_cnt > 0)::INTEGER AS txn_flag, txn_cnt, months_idle,
       (was_dormant AND txn_cnt > 0)::INTEGER AS reactivated_flag,
       was_dormant::INTEGER AS was_dormant_flag,
       coalesce(active_3, false)::INTEGER AS was_active_3m_flag,
       (is_lost AND NOT was_lost)::INTEGER AS churn_flag,
       coalesce(level_1 >= 3 AND aum_end <= aum_1 * 0.7 AND login_cnt < logins_1
                AND status = '正常', false)::INTEGER AS churn_warn_flag,
       coalesce(active_1, false)::INTEGER AS prev_active_flag,
       (coalesce(active_1, false) AND is_active)::INTEGER AS retained_flag,
       product_cnt, (m = open_m)::INTEGER AS new_flag,
       coalesce(m = close_m, false)::INTEGER AS closed_flag,
       greatest(flow, 0) + turnover AS inflow, greatest(-flow, 0) + turnover AS outflow,
       valuation AS valuation_change,
       (status = '正常' AND aum_mean < 500000 AND spent_3m >= spent_bar AND txns_3m >= txns_bar)
           ::INTEGER AS potential_flag
FROM (
    SELECT *, coalesce(idle_1 >= 6 AND status_1 = '正常', false) AS was_dormant,
           has_gone(active_3, months_idle, aum_3, aum_end) AS is_lost,
           has_gone(active_4, idle_1, aum_4, aum_1) AS was_lost,
           aum_end - coalesce(aum_1, 0) - valuation AS flow,
           round(abs(flow)::DOUBLE * 0.6 * draw(no * 64 + m + 16, 'turnover'), 2)::DECIMAL(18, 2)
               AS turnover
    FROM remembered WHERE m >= 1 ORDER BY m, no
)
JOIN months USING (m)
JOIN bars USING (m);
RESET disabled_optimizers;
DROP TABLE remembered;
