-- Each query looks for rows that break the claim above it; there must be none.

-- broker assets are the broker balances of the customer, at month end and on average
SELECT month_end, customer_id
FROM fact_broker_month AS b
FULL JOIN (SELECT month_end, customer_id, any_value(org_id) AS org_id, sum(end_balance) AS ends,
                  sum(avg_balance) AS means
           FROM fact_balance WHERE product_line = '证券' GROUP BY ALL) AS a
    USING (month_end, customer_id)
WHERE b.asset IS DISTINCT FROM a.ends OR b.asset_avg IS DISTINCT FROM a.means
   OR b.org_id IS DISTINCT FROM a.org_id;

-- a valid broker client has 1,000 on average
SELECT customer_id FROM fact_broker_month WHERE valid_flag <> (asset_avg >= 1000)::INTEGER;

-- days are the days of the month
SELECT customer_id FROM fact_broker_month WHERE days <> day(month_end);

-- margin is lent to holders of a margin account only, up to half of what they own
SELECT customer_id
FROM fact_broker_month LEFT JOIN (
    SELECT month_end, customer_id, count(*) AS n FROM fact_balance
    WHERE product_id = 'P504' GROUP BY ALL) USING (month_end, customer_id)
WHERE margin_balance < 0 OR margin_balance > 0.5 * asset OR (margin_balance > 0 AND n IS NULL);

-- somebody borrows on margin
SELECT 'nobody' WHERE (SELECT coalesce(sum(margin_balance), 0) FROM fact_broker_month) = 0;

-- trades happen on trading days up to the last day
SELECT trade_id FROM fact_trade LEFT JOIN dim_calendar ON date = trade_date
WHERE NOT coalesce(is_trading_day, false)
   OR trade_date NOT BETWEEN DATE '2024-10-01' AND DATE '2026-11-19';

-- who trades has a broker account in that month
SELECT trade_id FROM fact_trade AS t
WHERE trade_date <= DATE '2026-10-31' AND NOT EXISTS (
    SELECT 1 FROM fact_broker_month AS b
    WHERE b.customer_id = t.customer_id AND b.month_end = last_day(t.trade_date)
      AND b.org_id = t.org_id);

-- nobody trades securities before opening or after closing
SELECT trade_id FROM fact_trade JOIN dim_customer USING (customer_id)
WHERE trade_date < open_date OR trade_date > close_date;

-- kinds and sides of trades are those of the column notes
SELECT trade_id FROM fact_trade
WHERE security_type NOT IN ('股票', '基金', '债券') OR side NOT IN ('买入', '卖出');

-- the levy is a part of the commission, and a share trade costs at least 5
SELECT trade_id FROM fact_trade
WHERE amount <= 0 OR levy < 0 OR levy >= commission OR (security_type = '股票' AND commission < 5);

-- above the minimum a share trade costs 2.2 to 3 in ten thousand
SELECT trade_id FROM fact_trade
WHERE security_type = '股票' AND amount > 25000
  AND commission / amount NOT BETWEEN 0.000219 AND 0.000301;
