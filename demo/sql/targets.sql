-- Targets per outlet: balances run straight from the year's opening to a year-end plan that most
-- outlets come near; new customers follow the outlet's yearly number through the seasons.

CREATE TEMP TABLE actuals AS
SELECT month_end, org_id, 'deposit' AS metric_id, sum(end_balance) AS value
FROM fact_balance WHERE product_line = '存款' GROUP BY ALL
UNION ALL
SELECT month_end, org_id, 'aum', sum(aum_end) FROM fact_cust_month WHERE status <> '销户' GROUP BY ALL
UNION ALL
SELECT month_end, org_id, 'loan_bal', sum(balance) FROM fact_loan_month GROUP BY ALL;

CREATE TEMP MACRO attainment(org_id, year) AS
    0.91 + 0.16 * draw(substr(org_id, 2)::INTEGER * 64 + year % 64, 'target');

-- What an outlet stood at when the year began, and what it stands at in its last known month.
CREATE TEMP TABLE years AS
SELECT org_id, metric_id, year(month_end) AS year, arg_min(value, month_end) AS first_value,
       min(month(month_end)) AS first_month, arg_max(value, month_end) AS last_value,
       max(month(month_end)) AS last_month
FROM actuals GROUP BY ALL;

INSERT INTO fact_target BY NAME
WITH opened AS (
    SELECT y.*, coalesce(o.value, first_value)::DOUBLE AS opening
    FROM years AS y
    LEFT JOIN actuals AS o ON o.org_id = y.org_id AND o.metric_id = y.metric_id
     AND o.month_end = make_date(y.year - 1, 12, 31)
), planned AS (
    SELECT *, (last_value::DOUBLE / attainment(org_id, year) - opening) / last_month AS monthly
    FROM opened
)
SELECT month_end, org_id, metric_id,
       greatest(10000, round(opening + monthly * month(month_end), -4))::DECIMAL(18, 2) AS target
FROM actuals JOIN planned USING (org_id, metric_id)
WHERE planned.year = year(month_end)
UNION ALL
SELECT month_end, org_id, 'new_cust',
       (round(sum(wanted) OVER upto) - round(sum(wanted) OVER upto - wanted))::DECIMAL(18, 2)
FROM (
    SELECT month_end, org_id, branch,
           (total * 12 / 25.0 / attainment(org_id, year(month_end)) * opening / 12)
               ::DECIMAL(18, 6) AS wanted
    FROM (SELECT org_id, sum(new_flag)::DOUBLE AS total FROM fact_cust_month GROUP BY ALL)
    JOIN dim_org USING (org_id), months JOIN seasons ON seasons.month = month(month_end)
    WHERE m BETWEEN 1 AND 25
)
WINDOW upto AS (PARTITION BY branch ORDER BY month_end, org_id)
ORDER BY 1, 3, 2;
