-- Broker clients month by month, and one row per trade on trading days.

CREATE TEMP TABLE broker_months AS
SELECT a.no, b.m, any_value(b.org_no) AS org_no, min(a.open_date) AS open_date,
       max(coalesce(a.close_date, DATE '9999-12-31')) AS close_date, min(a.product_id) AS product_id,
       sum(b.end_balance) AS asset, sum(coalesce(v.avg_balance, 0)) AS asset_avg,
       coalesce(sum(b.end_balance) FILTER (a.product_id = 'P504'), 0) AS pledged
FROM account_months AS b
JOIN accounts AS a USING (acct_no)
LEFT JOIN averages AS v USING (acct_no, m)
WHERE b.product_line = '证券' AND b.m >= 1
GROUP BY a.no, b.m;

INSERT INTO fact_broker_month BY NAME
SELECT month_end, numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id, asset, asset_avg, days,
       round(pledged::DOUBLE * (0.06 + 0.30 * draw(no, 'margin')
             + 0.12 * draw(no * 64 + m + 16, 'margin.month')), 2) AS margin_balance,
       (asset_avg >= 1000)::INTEGER AS valid_flag
FROM broker_months JOIN months USING (m)
WHERE m <= 25
ORDER BY month_end, no;

-- Trading days of each month, the busy ones more often.
CREATE TEMP TABLE trading_slots AS
SELECT m, list(date ORDER BY date, n) AS days
FROM (SELECT m, date, unnest(range(3 + pick(datediff('day', DATE '2000-01-01', date), 'market.day', 5)))
                 AS n
      FROM dim_calendar JOIN months ON date BETWEEN first_day AND month_end
      WHERE is_trading_day AND m BETWEEN 1 AND 26)
GROUP BY m;

-- Few trade much: the pace has a long tail, and the large trade a smaller part of what they own.
CREATE TEMP TABLE bare_trades AS
SELECT (b.no * 64 + b.m + 16) * 256 + seq AS key, b.no, b.m, b.org_no, b.product_id,
       b.open_date, b.close_date, b.asset_avg::DOUBLE AS asset
FROM (
    SELECT *, unnest(range(least(250, floor(
               (0.16 + 3.1 * pow(draw(no, 'trade.pace'), 3) + 31 * pow(draw(no, 'trade.heavy'), 22))
               * least(2.5, pow(greatest(asset_avg::DOUBLE, 500) / 60000, 0.3))
               * (1 + 0.14 * bell(m, 'market')) * (0.5 + draw(no * 64 + m + 16, 'trade.month'))
               + draw(no * 64 + m + 16, 'trade.rest')))::BIGINT)) AS seq
    FROM broker_months
) AS b;

CREATE TEMP TABLE trades AS
SELECT t.key, t.no, t.m, t.org_no, s.days[1 + pick(t.key, 'trade.day', len(s.days))] AS trade_date,
       weighted(MAP {'P501': '股票:17 基金:2 债券:1', 'P502': '股票:3 基金:16 债券:1',
                     'P503': '股票:1 基金:1 债券:18', 'P504': '股票:18 基金:2'}[t.product_id])
           [1 + pick(t.key, 'trade.type', 20)] AS security_type,
       CASE WHEN draw(t.key, 'trade.side') < CASE security_type WHEN '债券' THEN 0.12 ELSE 0.51 END
            THEN '买入' ELSE '卖出' END AS side,
       greatest(CASE security_type WHEN '债券' THEN 1000 ELSE 500 END,
           round(t.asset * 0.20 * pow(greatest(t.asset, 1000) / 100000, -0.12)
                 * exp(0.8 * bell(t.key, 'trade.amount')), 2)) AS amount
FROM bare_trades AS t JOIN trading_slots AS s USING (m)
WHERE trade_date BETWEEN t.open_date AND least(t.close_date, getvariable('last_day'));
DROP TABLE bare_trades;

INSERT INTO fact_trade BY NAME
SELECT numbered('S', key, 11) AS trade_id, trade_date,
       numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id, security_type, side, amount,
       CASE security_type
            WHEN '股票' THEN greatest(5, round(amount * (0.00022 + 0.00008 * draw(no, 'trade.rate')), 2))
            WHEN '基金' THEN round(amount * (0.00022 + 0.00006 * draw(no, 'trade.rate')), 2)
            ELSE round(amount * 0.00002, 2) END AS commission,
       round(amount * MAP {'股票': 0.0000641, '基金': 0.00005, '债券': 0.00001}[security_type], 2)
           AS levy
FROM trades
ORDER BY trade_date, key;

DROP TABLE trades;
DROP TABLE trading_slots;
DROP TABLE broker_months;
