-- Targets per outlet: balances grow from the year's opening, new customers follow last year's pace.

CREATE TEMP TABLE actuals AS
SELECT month_end, org_id, 'deposit' AS metric_id, sum(end_balance) AS value
FROM fact_balance WHERE product_line = '存款' GROUP BY ALL
UNION ALL
SELECT month_end, org_id, 'aum', sum(aum_end) FROM fact_cust_month WHERE status <> '销户' GROUP BY ALL
UNION ALL
SELECT month_end, org_id, 'loan_bal', sum(balance) FROM fact_loan_month GROUP BY ALL;

INSERT INTO fact_target BY NAME
SELECT a.month_end, a.org_id, a.metric_id,
       round(o.value::DOUBLE * (1 + month(a.month_end) / 12.0
             * (0.055 + 0.07 * draw(substr(a.org_id, 2)::INTEGER * 64 + year(a.month_end) % 64,
                                    'target'))), -4)::DECIMAL(18, 2) AS target
FROM actuals AS a
JOIN actuals AS o ON o.org_id = a.org_id AND o.metric_id = a.metric_id
 AND o.month_end = greatest(make_date(year(a.month_end) - 1, 12, 31),
                            (SELECT min(month_end) FROM fact_balance))
UNION ALL
SELECT month_end, org_id, 'new_cust', greatest(1, round(yearly * opening / 12, 0))
FROM (
    SELECT c.org_id, sum(new_flag) * 12.0 / 25 * 1.06 AS yearly FROM fact_cust_month AS c GROUP BY ALL
), months JOIN seasons ON seasons.month = month(month_end)
WHERE m BETWEEN 1 AND 25
ORDER BY 1, 3, 2;
