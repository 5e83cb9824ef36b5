-- Profit of every account, loan and card: interest against an inner funding rate, fees, costs.

-- Fees of transfers belong to the current account, fees of fund trades to the fund account.
CREATE TEMP TABLE trade_fees AS
SELECT last_day(txn_date) AS month_end,
       'A' || lpad((substr(customer_id, 2)::INTEGER * 16
                    + CASE product_line WHEN '基金' THEN 7 ELSE 1 END)::VARCHAR, 8, '0')
           AS account_id,
       sum(fee) AS fee
FROM fact_txn WHERE fee > 0 AND txn_date <= getvariable('last_month_end')
GROUP BY ALL;

-- Rates are per year; loans and cards earn their own rate less what funding costs. A loan that
-- is not performing earns nothing and still has to be funded.
CREATE TEMP TABLE earnings AS
SELECT month_end, account_id, customer_id, org_id, product_id, r.product_line, r.fixed_cost,
       r.cost_share, avg_balance * margin * days / 365.0 AS interest,
       avg_balance * fee_rate * days / 365.0 + coalesce(fee, 0) AS fees,
       0.0 AS credit, avg_balance * r.capital_rate AS capital
FROM fact_balance
JOIN dim_product USING (product_id)
JOIN profit_rates AS r USING (product_type)
LEFT JOIN trade_fees USING (month_end, account_id)
UNION ALL
SELECT month_end, loan_id, numbered('C', no, 6), numbered('O', v.org_no, 3),
       product_id, r.product_line, r.fixed_cost, r.cost_share,
       lent * (CASE WHEN class5 IN ('正常', '关注') THEN annual_rate ELSE 0 END + margin)
           * days / 365.0,
       0,
       lent * MAP {'正常': 0.0036, '关注': 0.03, '次级': 0.15, '可疑': 0.25, '损失': 0.30}[class5]
           * days / 365.0,
       lent * r.capital_rate
FROM (SELECT *, (start_balance + end_balance)::DOUBLE / 2 AS lent FROM loan_moves) AS v
JOIN loan_months USING (loan_no, m)
JOIN months USING (m, month_end)
JOIN dim_product USING (product_id)
JOIN profit_rates AS r USING (product_type)
WHERE m <= 25
UNION ALL
SELECT month_end, card_id, customer_id, org_id, product_id, r.product_line, r.fixed_cost,
       r.cost_share,
       (instalment * 0.085 + least(used - instalment, credit_limit * revolving) * 0.105
        + used * margin) * days / 365.0,
       spend * fee_rate + CASE WHEN is_open THEN annual_fee / 12.0 ELSE 0 END,
       (used * 0.016 + overdue * 0.35) * days / 365.0, used * r.capital_rate
FROM card_use
JOIN months USING (m, month_end)
JOIN profit_rates AS r ON r.product_type = card_kind;

INSERT INTO fact_profit BY NAME
SELECT month_end, account_id, customer_id, org_id, product_id, product_line,
       round(interest, 2)::DECIMAL(18, 2) AS net_interest,
       round(fees, 2)::DECIMAL(18, 2) AS fee_income,
       -- An account costs more to keep where few people come in.
       round(fixed_cost * CASE WHEN is_township THEN 2.6 ELSE 1 END
             + cost_share * greatest(0, interest + fees), 2)::DECIMAL(18, 2) AS op_cost,
       round(credit, 2)::DECIMAL(18, 2) AS credit_cost,
       round(greatest(0, net_interest + fee_income - op_cost - credit_cost) * 0.25, 2) AS tax,
       round(capital, 2) AS capital
FROM earnings JOIN dim_org USING (org_id);
DROP TABLE earnings;
