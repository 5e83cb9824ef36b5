-- The transactions of the months batch_first to batch_last, in the order of their days.

CREATE OR REPLACE TEMP TABLE bare_txns AS
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
FROM (SELECT * REPLACE (key * 512 + seq AS key)
      FROM (SELECT *, unnest(range(txns)) AS seq FROM activity
            WHERE m BETWEEN getvariable('batch_first') AND getvariable('batch_last')));

CREATE OR REPLACE TEMP TABLE txns AS
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
       CASE WHEN t.kind = 2 THEN t.no * 8 + floor(6 * pow(draw(t.key, 'txn.payee'), 2))::BIGINT END
           AS payee_key
FROM bare_txns AS t
JOIN day_slots AS d ON d.m = t.m AND d.slot = t.day_slot
JOIN channel_slots AS s ON s.kind = t.kind AND s.slot = t.channel_slot
JOIN txn_kinds AS k ON k.kind = t.kind
WHERE d.date BETWEEN t.open_date AND least(t.close_date, getvariable('last_day'))
ORDER BY d.date, t.key;
DROP TABLE bare_txns;

-- Purchases in the order in which each customer made them, counted on from earlier batches.
CREATE OR REPLACE TEMP TABLE purchases AS
SELECT t.key, t.no, t.txn_date, coalesce(b.times, 0) + row_number() OVER mine AS nth_buy,
       t.txn_date - coalesce(lag(t.txn_date) OVER mine, b.last_on) AS gap_days
FROM txns AS t JOIN txn_kinds USING (kind) LEFT JOIN bought AS b ON b.no = t.no
WHERE is_buy = 1 AND success
WINDOW mine AS (PARTITION BY t.no ORDER BY t.txn_date, t.key);

CREATE OR REPLACE TEMP TABLE bought AS
SELECT no, max(times) AS times, max(last_on) AS last_on
FROM (FROM bought UNION ALL
      SELECT no, max(nth_buy), max(txn_date) FROM purchases GROUP BY no)
GROUP BY no;

-- The rows are sorted by now; a join keeps the order of its left side, up to some thousand rows,
-- if it stays the left side.
SET disabled_optimizers = 'join_order,build_side_probe_side';
INSERT INTO fact_txn BY NAME
SELECT numbered('T', t.key, 11) AS txn_id, t.txn_date,
       numbered('C', t.no, 6) AS customer_id,
       coalesce(b.org_id, numbered('O', t.org_no, 3)) AS org_id,
       p.product_id, k.product_line, t.channel_id, t.online::INTEGER AS is_online, k.txn_type,
       k.is_active, t.amount,
       CASE WHEN success THEN round(least(k.fee_max, t.amount::DOUBLE * k.fee_rate), 2) ELSE 0 END
           AS fee,
       success::INTEGER AS success,
       (risk < 0.0009 AND t.amount > 300)::INTEGER AS fraud_alert,
       (risk BETWEEN 0.0006 AND 0.0011 AND t.amount > 300)::INTEGER AS is_fraud,
       nth_buy, gap_days, payee_account
FROM txns AS t
JOIN txn_kinds AS k USING (kind)
JOIN line_products AS p ON p.kind = t.kind AND p.seat = floor(product_draw * p.seats)::BIGINT
LEFT JOIN purchases AS n ON n.key = t.key
LEFT JOIN payees AS y ON y.key = t.payee_key
LEFT JOIN outlets AS o ON t.is_elsewhere AND o.org_no = t.org_no
LEFT JOIN branch_outlets AS b ON b.branch = o.branch AND b.seat = floor(where_draw * b.seats)::BIGINT;
RESET disabled_optimizers;

DROP TABLE txns;
DROP TABLE purchases;
