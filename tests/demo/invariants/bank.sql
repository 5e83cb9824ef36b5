-- Each query looks for rows that break the claim above it; there must be none.

-- daily and month-end balances agree to the cent
SELECT month_end, org_id, product_line, is_demand
FROM (SELECT month_end, org_id, product_line, is_demand, sum(end_balance) AS total
      FROM fact_balance GROUP BY ALL) AS month
FULL JOIN (SELECT * RENAME (date AS month_end) FROM fact_balance_day
           WHERE date IN (SELECT month_end FROM fact_balance)) AS day
    USING (month_end, org_id, product_line, is_demand)
WHERE day.end_balance IS DISTINCT FROM month.total;

-- average deposits are the mean of the days, up to a fraction of a cent per account
SELECT month_end, average, daily
FROM (SELECT month_end, sum(avg_balance) AS average, count(*) AS accounts
      FROM fact_balance WHERE product_line = '存款' GROUP BY ALL)
JOIN (SELECT last_day(date) AS month_end, sum(end_balance) / max(day(last_day(date))) AS daily,
             bool_or(date = DATE '2026-10-15') AS has_gap
      FROM fact_balance_day WHERE product_line = '存款' GROUP BY ALL) USING (month_end)
WHERE abs(average - daily) > 0.005 * accounts AND NOT has_gap;

-- AUM is the sum of the balances
SELECT month_end, customer_id
FROM fact_cust_month LEFT JOIN (
    SELECT month_end, customer_id, sum(end_balance) AS ends, sum(avg_balance) AS means
    FROM fact_balance GROUP BY ALL) USING (month_end, customer_id)
WHERE aum_end <> coalesce(ends, 0) OR aum_avg <> coalesce(means, 0);

-- AUM moves by flows and prices only
SELECT moved, told
FROM (SELECT aum_end - lag(aum_end) OVER (PARTITION BY customer_id ORDER BY month_end) AS moved,
             inflow - outflow + valuation_change AS told
      FROM fact_cust_month)
WHERE moved <> told;

-- no flow is negative
SELECT customer_id FROM fact_cust_month WHERE inflow < 0 OR outflow < 0;

-- each customer has one row per month from opening on
SELECT customer_id, n, expected
FROM (SELECT customer_id, count(month_end) AS n,
             datediff('month', greatest(any_value(open_date), DATE '2024-10-01'),
                      DATE '2026-10-31') + 1 AS expected
      FROM dim_customer LEFT JOIN fact_cust_month USING (customer_id) GROUP BY ALL)
WHERE n <> expected;

-- the outlet of a balance is the outlet of its customer in that month
SELECT account_id
FROM fact_balance AS b JOIN fact_cust_month AS c USING (month_end, customer_id)
WHERE b.org_id <> c.org_id;

-- new, closed and status follow the dates of the customer
SELECT customer_id
FROM fact_cust_month JOIN dim_customer USING (customer_id)
WHERE (new_flag = 1) <> (last_day(open_date) = month_end)
   OR (closed_flag = 1) <> coalesce(last_day(close_date) = month_end, false)
   OR (status = '销户') <> coalesce(close_date <= month_end, false);

-- own transactions are counted from the transactions
SELECT customer_id
FROM fact_cust_month LEFT JOIN (
    SELECT last_day(txn_date) AS month_end, customer_id, count(*) AS n
    FROM fact_txn WHERE success = 1 AND is_active = 1 GROUP BY ALL) USING (month_end, customer_id)
WHERE txn_cnt <> coalesce(n, 0) OR txn_flag <> (txn_cnt > 0)::INTEGER;

-- active means a login or an own transaction
SELECT customer_id FROM fact_cust_month WHERE active_flag <> (login_cnt + txn_cnt > 0)::INTEGER;

-- retained means active last month and this month
SELECT customer_id
FROM (SELECT *, lag(active_flag) OVER (PARTITION BY customer_id ORDER BY month_end) AS before
      FROM fact_cust_month)
WHERE prev_active_flag <> before OR retained_flag <> before * active_flag;

-- dormant means six months without activity
SELECT months_idle, active
FROM (SELECT months_idle, sum(active_flag) OVER six AS active, count(*) OVER six AS months
      FROM fact_cust_month
      WINDOW six AS (PARTITION BY customer_id ORDER BY month_end
                     ROWS BETWEEN 5 PRECEDING AND CURRENT ROW))
WHERE months = 6 AND (months_idle >= 6) <> (active = 0);

-- woken means dormant at the last month end and an own transaction now
SELECT customer_id
FROM (SELECT *, lag(months_idle >= 6 AND status = '正常') OVER (
          PARTITION BY customer_id ORDER BY month_end) AS slept
      FROM fact_cust_month)
WHERE was_dormant_flag <> slept::INTEGER OR reactivated_flag <> (slept AND txn_flag = 1)::INTEGER;

-- lost means active three months ago and idle since or four fifths of AUM gone, counted once
SELECT customer_id
FROM (SELECT *, lag(is_lost) OVER (PARTITION BY customer_id ORDER BY month_end) AS was_lost
      FROM (SELECT *, lag(active_flag, 3) OVER mine = 1
                AND (months_idle >= 3 OR (lag(aum_end, 3) OVER mine > 0
                                          AND aum_end <= 0.2 * lag(aum_end, 3) OVER mine)) AS is_lost
            FROM fact_cust_month
            WINDOW mine AS (PARTITION BY customer_id ORDER BY month_end)))
WHERE month_end > DATE '2025-01-31' AND churn_flag <> (is_lost AND NOT was_lost)::INTEGER;

-- levels follow the average AUM, lower bounds included
SELECT customer_id FROM fact_cust_month
WHERE cust_level <> CASE WHEN aum_avg >= 6000000 THEN '私行' WHEN aum_avg >= 500000 THEN '贵宾'
                         WHEN aum_avg >= 50000 THEN '金卡' ELSE '大众' END;

-- potential means below 500,000 and among the top fifth in spending and in number of transactions
SELECT month_end, customer_id
FROM (SELECT *, sum(spent) OVER quarter AS spent_3m, sum(txn_cnt) OVER quarter AS txns_3m
      FROM fact_cust_month LEFT JOIN (
          SELECT last_day(txn_date) AS month_end, customer_id, sum(amount) AS paid
          FROM fact_txn WHERE success = 1 AND txn_type = '消费支付' GROUP BY ALL)
          USING (month_end, customer_id),
          LATERAL (SELECT coalesce(paid, 0) AS spent)
      WINDOW quarter AS (PARTITION BY customer_id ORDER BY month_end
                         ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)) AS c
JOIN (SELECT month_end, quantile_disc(spent_3m, 0.8) AS spent_bar,
             quantile_disc(txns_3m, 0.8) AS txns_bar
      FROM (SELECT *, sum(spent) OVER quarter AS spent_3m, sum(txn_cnt) OVER quarter AS txns_3m
            FROM fact_cust_month LEFT JOIN (
                SELECT last_day(txn_date) AS month_end, customer_id, sum(amount) AS paid
                FROM fact_txn WHERE success = 1 AND txn_type = '消费支付' GROUP BY ALL)
                USING (month_end, customer_id),
                LATERAL (SELECT coalesce(paid, 0) AS spent)
            WINDOW quarter AS (PARTITION BY customer_id ORDER BY month_end
                               ROWS BETWEEN 2 PRECEDING AND CURRENT ROW))
      WHERE status = '正常' GROUP BY month_end) USING (month_end)
WHERE month_end > DATE '2024-12-01'
  AND potential_flag <> (status = '正常' AND aum_avg < 500000 AND spent_3m >= spent_bar
                         AND txns_3m >= txns_bar)::INTEGER;

-- the n-th purchase and the gap before it are counted from the transactions
SELECT txn_id
FROM (SELECT *, row_number() OVER mine AS n, txn_date - lag(txn_date) OVER mine AS gap
      FROM fact_txn
      WHERE success = 1
        AND txn_type IN ('理财购买', '基金认购', '基金申购', '基金定投', '保险购买')
      WINDOW mine AS (PARTITION BY customer_id ORDER BY txn_date, txn_id))
WHERE nth_buy <> n OR gap_days IS DISTINCT FROM gap;

-- nobody trades before opening or after closing
SELECT txn_id FROM fact_txn JOIN dim_customer USING (customer_id)
WHERE txn_date < open_date OR (txn_date > close_date AND txn_date < DATE '2026-11-20');

-- online follows the channel
SELECT txn_id FROM fact_txn JOIN dim_channel USING (channel_id)
WHERE is_online <> (channel_group = '线上')::INTEGER;

-- the product line of a transaction or an account is that of its product
SELECT product_id FROM fact_txn AS t JOIN dim_product AS p USING (product_id)
WHERE t.product_line <> p.product_line
UNION ALL
SELECT product_id FROM fact_balance AS b JOIN dim_product AS p USING (product_id)
WHERE b.product_line <> p.product_line;

-- balances in another currency are converted at the rate of the month
SELECT account_id FROM fact_balance
WHERE end_balance <> round(end_balance_ccy * fx_rate, 2) OR (currency = 'CNY') <> (fx_rate = 1);

-- maturity lies after the snapshot
SELECT account_id FROM fact_balance WHERE maturity_date <= month_end;

-- provisions, overdue amounts and classes fit the loan
SELECT loan_id FROM fact_loan_month
WHERE provision > balance OR overdue_amount > balance OR balance < 0
   OR (overdue_days > 90 AND class5 NOT IN ('次级', '可疑', '损失'))
   OR (overdue_days = 0 AND overdue_amount > 0);

-- a loan is lost only when it is prepaid, and then no balance is left
SELECT loan_id FROM fact_loan_month
WHERE (lost_flag = 1 AND prepaid_flag = 0) OR (prepaid_flag = 1 AND balance > 0);

-- a lost borrower took no new loan within three months
SELECT l.loan_id FROM fact_loan_month AS l JOIN fact_loan_apply AS a USING (customer_id)
WHERE l.lost_flag = 1 AND a.loan_id <> l.loan_id AND a.disburse_date > l.month_end
  AND a.disburse_date <= l.month_end + INTERVAL 3 MONTH;

-- a disbursed application has its loan
SELECT apply_id FROM fact_loan_apply AS a
WHERE disburse_date <= DATE '2026-10-31'
  AND NOT EXISTS (SELECT 1 FROM fact_loan_month AS l WHERE l.loan_id = a.loan_id);

-- applications are decided and disbursed in order
SELECT apply_id FROM fact_loan_apply
WHERE approve_date < apply_date OR disburse_date < approve_date
   OR (approved IS NULL) <> (approve_date IS NULL) OR apply_date > DATE '2026-11-19';

-- a merged outlet has no rows after its last day
SELECT org_id FROM fact_balance_day JOIN dim_org USING (org_id) WHERE date > closed_on
UNION ALL
SELECT org_id FROM fact_cust_month JOIN dim_org USING (org_id) WHERE month_end > closed_on
UNION ALL
SELECT org_id FROM dim_customer JOIN dim_org USING (org_id) WHERE closed_on IS NOT NULL;

-- a transfer that goes out names its payee, nothing else does, and nobody pays themselves
SELECT txn_id FROM fact_txn LEFT JOIN (
    SELECT DISTINCT account_id AS payee_account, customer_id AS owner FROM fact_balance)
    USING (payee_account)
WHERE (payee_account IS NOT NULL) <> (txn_type = '转账转出') OR owner = customer_id;
