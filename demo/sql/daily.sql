-- AUM and loans of every outlet day by day; month ends meet the month tables to the cent.

INSERT INTO fact_aum_day BY NAME
SELECT date, org_id, sum(end_balance) AS end_balance
FROM fact_balance_day GROUP BY date, org_id ORDER BY date, org_id;

-- How each loan goes through a month. A loan that is settled or written off without a last row
-- still owes something until the end of the month in which it leaves.
CREATE TEMP TABLE loan_moves AS
SELECT loan_no, m, CASE WHEN m <= getvariable('merged_m') THEN old_org_no ELSE org_no END AS org_no,
       coalesce(start_balance, 0)::DECIMAL(18, 2) AS start_balance,
       -- Lending of the running month goes on at the pace of its first days.
       round(CASE WHEN m = 26 AND start_balance IS NULL
                  THEN end_balance * day(last_day(getvariable('last_day')))
                       / day(getvariable('last_day')) ELSE end_balance END, 2)
           ::DECIMAL(18, 2) AS end_balance
FROM (
    SELECT loan_no, m, org_no, old_org_no, lag(balance) OVER mine AS start_balance,
           balance AS end_balance
    FROM loan_months WINDOW mine AS (PARTITION BY loan_no ORDER BY m)
    UNION ALL
    SELECT loan_no, max(m) + 1, org_no, old_org_no, arg_max(balance, m), NULL
    FROM loan_months GROUP BY loan_no, org_no, old_org_no
    HAVING max(m) < 26 AND arg_max(balance, m) > 0
)
WHERE m >= 1;

INSERT INTO fact_loan_day BY NAME
WITH totals AS (
    SELECT org_no, m, sum(start_balance) AS s, coalesce(sum(end_balance), 0) AS e,
           count(end_balance) > 0 AS is_reported
    FROM loan_moves GROUP BY org_no, m
), placed AS (
    SELECT org_no, date, s, e, is_reported, (d / days)::DECIMAL(9, 6) AS x,
           (4 * x * (1 - x) * 0.003 * (2 * draw(org_no * 1024 + m * 31 + d, 'loan.day') - 1))
               ::DECIMAL(9, 6) AS sag
    FROM totals JOIN months USING (m) JOIN day_weights USING (m)
)
SELECT date, numbered('O', org_no, 3) AS org_id,
       CASE WHEN x = 1 THEN e ELSE
           round(s::DOUBLE + (e - s)::DOUBLE * x + (s + e)::DOUBLE / 2 * sag, 2) END AS end_balance
FROM placed
WHERE date <= getvariable('last_day') AND (x < 1 OR is_reported)
  AND NOT (org_id = getvariable('silent_org') AND date = getvariable('silent_day'))
ORDER BY date, org_id;
