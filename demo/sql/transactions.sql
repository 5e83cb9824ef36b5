-- Activity month by month, then one row per transaction.

CREATE TEMP TABLE activity_grid AS
SELECT c.no, t.m, c.no * 64 + t.m + 16 AS key, c.affluence, c.has_app, c.is_salaried,
       c.pace * coalesce(w.weight, 1) AS pace, c.login_pace, c.open_date, c.close_date,
       CASE WHEN t.m <= getvariable('merged_m') THEN c.old_org_no ELSE c.org_no END AS org_no,
       h.wealth_m <= t.m AS holds_wealth, h.fund_m <= t.m AS holds_fund,
       h.insurance_m <= t.m AS holds_insurance, coalesce(l.first_m <= t.m, false) AS has_loan,
       t.m >= c.idle_from AND t.m < c.idle_to AS is_idle
FROM customers AS c
JOIN months AS t ON t.m BETWEEN c.open_m AND coalesce(c.close_m, 99)
LEFT JOIN month_weights AS w USING (m)
LEFT JOIN holdings AS h USING (no)
LEFT JOIN (SELECT no, min(first_m) AS first_m FROM loans GROUP BY no) AS l USING (no);

CREATE TEMP TABLE activity AS
SELECT *,
       CASE WHEN is_idle THEN 0 ELSE
           floor(pace * (0.35 + 1.3 * draw(key, 'activity')) + draw(key, 'activity.rest'))::INTEGER
           END AS txns,
       CASE WHEN is_idle OR NOT has_app THEN 0 ELSE
           floor(login_pace * (0.3 + 1.4 * draw(key, 'logins'))
                 * least(1, 0.4 + draw(key, 'logins.quiet') * 4) + draw(key, 'logins.rest'))::INTEGER
           END AS app_visits
FROM activity_grid;
DROP TABLE activity_grid;

CREATE TEMP TABLE channel_slots AS
SELECT kind, slot - 1 AS slot, choices[slot] AS channel_id, channel_group = '线上' AS is_online
FROM (SELECT kind, weighted(channels) AS choices, unnest(range(1, 21)) AS slot FROM txn_kinds)
JOIN dim_channel ON channel_id = choices[slot];

CREATE TEMP TABLE bare_txns AS
SELECT key, m, no, org_no, affluence, has_app,
       draw(key, 'txn.kind') AS u, draw(key, 'txn.everyday') AS v,
       CASE WHEN holds_wealth AND u < 0.030 THEN 9
            WHEN holds_wealth AND u < 0.050 THEN 10
            WHEN holds_fund AND u BETWEEN 0.05 AND 0.056 THEN 11
            WHEN holds_fund AND u BETWEEN 0.056 AND 0.100 THEN 12
            WHEN holds_fund AND u BETWEEN 0.100 AND 0.130 THEN 13
            WHEN holds_fund AND u BETWEEN 0.130 AND 0.150 THEN 14
            WHEN holds_insurance AND u BETWEEN 0.150 AND 0.165 THEN 15
            WHEN has_loan AND u BETWEEN 0.165 AND 0.225 THEN 8
            WHEN is_salaried AND u BETWEEN 0.225 AND 0.325 THEN 7
            WHEN v < 0.44 THEN 1 WHEN v < 0.64 THEN 2 WHEN v < 0.78 THEN 3 WHEN v < 0.87 THEN 4
            WHEN v < 0.95 THEN 5 ELSE 6 END AS kind,
       pick(key, 'txn.day', 1000) AS day_slot, pick(key, 'txn.channel', 20) AS channel_slot,
       open_date, close_date
FROM (SELECT * REPLACE (key * 256 + seq AS key)
      FROM (SELECT *, unnest(range(txns)) AS seq FROM activity WHERE m >= 1));

CREATE TEMP TABLE txns AS
SELECT t.key, t.m, d.date AS txn_date, t.no, t.org_no, t.kind,
       CASE WHEN s.channel_id = 'CH01' AND NOT t.has_app THEN 'CH11' ELSE s.channel_id END
           AS channel_id,
       s.is_online AND (s.channel_id <> 'CH01' OR t.has_app) AS online,
       least(5000000, k.median_amount
           * exp(k.sigma * bell(t.key, 'txn.amount') + k.wealth * t.affluence)) AS raw_amount,
       (CASE WHEN k.round_to > 0 AND draw(t.key, 'txn.round') < 0.7
             THEN greatest(k.round_to, round(raw_amount / k.round_to) * k.round_to)
             ELSE greatest(0.01, round(raw_amount, 2)) END)::DECIMAL(18, 2) AS amount,
       draw(t.key, 'txn.success') < CASE WHEN online THEN 0.988 ELSE 0.996 END AS success,
       draw(t.key, 'txn.fraud') AS risk, draw(t.key, 'txn.product') AS product_draw,
       NOT online AND draw(t.key, 'txn.elsewhere') < 0.12 AS is_elsewhere,
       draw(t.key, 'txn.where') AS where_draw,
       CASE WHEN t.kind = 2 THEN draw(t.key, 'txn.payee') END AS payee_draw
FROM bare_txns AS t
JOIN day_slots AS d ON d.m = t.m AND d.slot = t.day_slot
JOIN channel_slots AS s ON s.kind = t.kind AND s.slot = t.channel_slot
JOIN txn_kinds AS k ON k.kind = t.kind
WHERE d.date BETWEEN t.open_date AND least(t.close_date, getvariable('last_day'));
DROP TABLE bare_txns;

-- Purchases in the order in which each customer made them.
CREATE TEMP TABLE purchases AS
SELECT key, row_number() OVER mine AS nth_buy,
       txn_date - lag(txn_date) OVER mine AS gap_days
FROM txns JOIN txn_kinds USING (kind)
WHERE is_buy = 1 AND success
WINDOW mine AS (PARTITION BY no ORDER BY txn_date, key);

CREATE TEMP TABLE line_products AS
SELECT kind, product_id, row_number() OVER (PARTITION BY kind ORDER BY product_id) - 1 AS seat,
       count(*) OVER (PARTITION BY kind) AS seats
FROM txn_kinds AS k
JOIN dim_product AS p ON p.product_line = k.product_line
 AND CASE WHEN k.product_line = '存款' THEN p.product_id = 'P101'
          WHEN k.kind = 13 THEN p.product_id BETWEEN 'P303' AND 'P308' ELSE true END;

-- A customer pays a few others again and again: a third of them at this bank, the rest elsewhere
-- under numbers that no bank gives out.
CREATE TEMP MACRO payee(no, seat) AS
    CASE WHEN draw(no * 8 + seat, 'payee.own') < 0.35
         THEN 'A' || lpad(((no + pick(no * 8 + seat, 'payee', getvariable('customers') - 1))
                           % getvariable('customers') * 16 + 17)::VARCHAR, 8, '0')
         ELSE '88' || lpad(pick(no * 8 + seat, 'payee.bank', 90)::VARCHAR, 2, '0')
                   || lpad(pick(no * 8 + seat, 'payee.high', 1000000)::VARCHAR, 6, '0')
                   || lpad(pick(no * 8 + seat, 'payee.low', 1000000)::VARCHAR, 6, '0') END;

INSERT INTO fact_txn BY NAME
SELECT 'T' || lpad(t.key::VARCHAR, 11, '0') AS txn_id, txn_date,
       'C' || lpad(t.no::VARCHAR, 6, '0') AS customer_id,
       coalesce(b.org_id, 'O' || lpad(t.org_no::VARCHAR, 3, '0')) AS org_id,
       p.product_id, k.product_line, t.channel_id, t.online::INTEGER AS is_online, k.txn_type,
       k.is_active, t.amount,
       CASE WHEN success THEN round(least(k.fee_max, t.amount::DOUBLE * k.fee_rate), 2) ELSE 0 END
           AS fee,
       success::INTEGER AS success,
       (risk < 0.0009 AND t.amount > 300)::INTEGER AS fraud_alert,
       (risk BETWEEN 0.0006 AND 0.0011 AND t.amount > 300)::INTEGER AS is_fraud,
       nth_buy, gap_days,
       CASE WHEN t.kind = 2 THEN payee(t.no, floor(6 * payee_draw * payee_draw)::INTEGER) END
           AS payee_account
FROM txns AS t
JOIN txn_kinds AS k USING (kind)
JOIN line_products AS p ON p.kind = t.kind AND p.seat = floor(product_draw * p.seats)::BIGINT
LEFT JOIN purchases USING (key)
LEFT JOIN outlets AS o ON t.is_elsewhere AND o.org_no = t.org_no
LEFT JOIN branch_outlets AS b ON b.branch = o.branch AND b.seat = floor(where_draw * b.seats)::BIGINT
ORDER BY txn_date, t.key;

DROP TABLE txns;
DROP TABLE purchases;
