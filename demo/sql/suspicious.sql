-- Planted: a ring that pays one account within a few days, and transfers kept just below 50,000.

CREATE TEMP TABLE suspects AS
SELECT c.no, c.org_no, c.branch,
       row_number() OVER (PARTITION BY c.branch ORDER BY draw(c.no, 'suspect'), c.no) AS turn
FROM customers AS c
WHERE c.has_app AND c.age BETWEEN 20 AND 60 AND c.idle_from = 99
  AND c.open_m < 1 AND c.close_date IS NULL;

-- One customer of each of fourteen branches, two to four transfers each, on five days running.
CREATE TEMP TABLE ring AS
SELECT row_number() OVER (ORDER BY draw(no, 'ring'), no) AS n, no, org_no
FROM suspects WHERE turn = 1 ORDER BY n LIMIT 14;

-- Another customer of each of five branches, three or four transfers on one day.
CREATE TEMP TABLE splitters AS
SELECT row_number() OVER (ORDER BY draw(no, 'split'), no) AS n, no, org_no
FROM suspects WHERE turn = 2 ORDER BY n LIMIT 5;

INSERT INTO fact_txn BY NAME
SELECT 'T99' || source || lpad((n * 10 + seq)::VARCHAR, 7, '0') AS txn_id, txn_date,
       numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id,
       'P101' AS product_id, '存款' AS product_line, 'CH01' AS channel_id, 1 AS is_online,
       '转账转出' AS txn_type, 1 AS is_active, amount,
       round(least(50, amount * 0.0001), 2) AS fee, 1 AS success,
       alerted::INTEGER AS fraud_alert, alerted::INTEGER AS is_fraud, payee_account
FROM (
    SELECT 40 AS source, n, seq, no, org_no, (n % 3 = 0 AND seq = 1) AS alerted,
           getvariable('last_month_end') - 12 + pick(no * 8 + seq, 'ring.day', 5) AS txn_date,
           8000 + 100 * pick(no * 8 + seq, 'ring.amount', 220) AS amount,
           '8866200431907758' AS payee_account
    FROM ring, LATERAL (SELECT unnest(range(2 + pick(no, 'ring.times', 3))) AS seq)
    UNION ALL
    SELECT 50, n, seq, no, org_no, false,
           getvariable('last_month_end') - [6, 31, 44, 69, 98][n],
           48000 + 100 * pick(no * 8 + seq, 'split.amount', 20),
           payee_account
    FROM splitters JOIN (SELECT no, seat AS seq, payee_account FROM payees) USING (no)
    WHERE seq < 3 + n % 2
);
