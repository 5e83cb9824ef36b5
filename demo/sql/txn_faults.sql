-- Planted faults in the transactions; demo/truths.yml says what the right answers are.

CREATE TEMP TABLE templates AS
SELECT *, row_number() OVER (ORDER BY hash_order, txn_id) AS n
FROM (SELECT *, draw(substr(txn_id, 2)::BIGINT, 'fault') AS hash_order FROM fact_txn
      WHERE success = 1 AND txn_type = '转账转出' AND fraud_alert = 0 AND is_fraud = 0
        AND txn_date BETWEEN getvariable('first_day') + 40 AND getvariable('last_day') - 25
      ORDER BY hash_order, txn_id LIMIT 150);

-- Twelve transfers of customer numbers that do not exist, six booked at an unknown outlet.
INSERT INTO fact_txn
SELECT * EXCLUDE (n, hash_order) REPLACE ('T9900000' || lpad(n::VARCHAR, 4, '0') AS txn_id,
    'C9999' || lpad(n::VARCHAR, 2, '0') AS customer_id)
FROM templates WHERE n BETWEEN 1 AND 12;
INSERT INTO fact_txn
SELECT * EXCLUDE (n, hash_order) REPLACE ('T9910000' || lpad(n::VARCHAR, 4, '0') AS txn_id,
    'O999' AS org_id)
FROM templates WHERE n BETWEEN 13 AND 18;

-- Five transactions dated after the day the data ends.
INSERT INTO fact_txn
SELECT * EXCLUDE (n, hash_order) REPLACE ('T9920000' || lpad(n::VARCHAR, 4, '0') AS txn_id,
    getvariable('as_of') + [10, 41, 42, 55, 102][n - 18] AS txn_date)
FROM templates WHERE n BETWEEN 19 AND 23;

-- Ten transfers sent in twice: all alike but for the number; odd amounts, so that no two
-- transfers agree by chance.
INSERT INTO fact_txn
SELECT * EXCLUDE (n, hash_order) REPLACE ('T9930000' || lpad(n::VARCHAR, 4, '0') AS txn_id)
FROM templates WHERE n > 23 AND amount > 500 AND amount <> floor(amount)
ORDER BY n LIMIT 10;

-- One outlet that reported nothing for one day.
SET VARIABLE silent_org = (SELECT org_id FROM dim_org WHERE outlet = '掌政分理处');
SET VARIABLE silent_day = date_trunc('month', getvariable('last_month_end'))::DATE + 14;
DELETE FROM fact_txn
WHERE org_id = getvariable('silent_org') AND txn_date = getvariable('silent_day');
DELETE FROM fact_balance_day
WHERE org_id = getvariable('silent_org') AND date = getvariable('silent_day');
