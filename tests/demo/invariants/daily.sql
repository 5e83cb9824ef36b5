-- Each query looks for rows that break the claim above it; there must be none.

-- AUM of the days is the sum of the balances of the days
SELECT date, org_id
FROM (SELECT date, org_id, sum(end_balance) AS total FROM fact_balance_day GROUP BY ALL)
FULL JOIN fact_aum_day USING (date, org_id)
WHERE total IS DISTINCT FROM end_balance;

-- AUM at month ends is that of the customers who stay
SELECT month_end, org_id
FROM (SELECT month_end, org_id, sum(aum_end) AS total FROM fact_cust_month
      WHERE status <> '销户' GROUP BY ALL)
FULL JOIN (SELECT date AS month_end, org_id, end_balance FROM fact_aum_day
           WHERE date IN (SELECT month_end FROM fact_cust_month)) USING (month_end, org_id)
WHERE coalesce(total, 0) <> coalesce(end_balance, 0);

-- loans of the days meet the loans of the month ends to the cent
SELECT month_end, org_id
FROM (SELECT month_end, org_id, sum(balance) AS total FROM fact_loan_month GROUP BY ALL)
FULL JOIN (SELECT date AS month_end, org_id, end_balance FROM fact_loan_day
           WHERE date IN (SELECT month_end FROM fact_loan_month)) USING (month_end, org_id)
WHERE total IS DISTINCT FROM end_balance;

-- an outlet has one row a day for AUM and for loans
SELECT date, org_id FROM fact_aum_day GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT date, org_id FROM fact_loan_day GROUP BY ALL HAVING count(*) > 1;

-- loans reach the last day and are never negative
SELECT org_id FROM fact_loan_day WHERE end_balance < 0
UNION ALL
SELECT 'no last day' FROM fact_loan_day HAVING max(date) <> DATE '2026-11-19';

-- loans of the whole bank move by less than a fiftieth from one day to the next
SELECT date, total, before
FROM (SELECT date, sum(end_balance) AS total, lag(sum(end_balance)) OVER (ORDER BY date) AS before
      FROM fact_loan_day GROUP BY date)
WHERE abs(total - before) > before / 50;

-- no loan of a merged outlet is left after its last day
SELECT org_id FROM fact_loan_day JOIN dim_org USING (org_id) WHERE date > closed_on
UNION ALL
SELECT org_id FROM fact_aum_day JOIN dim_org USING (org_id) WHERE date > closed_on;
