-- Each query looks for rows that break the claim above it; there must be none.

-- profit has one row for every account, loan and card of a month, and no other
SELECT month_end, account_id
FROM (SELECT month_end, account_id, customer_id, org_id, product_id FROM fact_balance
      WHERE product_line IN ('存款', '理财', '基金', '保险')
      UNION ALL
      SELECT month_end, loan_id, customer_id, org_id, product_id FROM fact_loan_month
      UNION ALL
      SELECT m.month_end, card_id, m.customer_id, m.org_id, c.product_id
      FROM fact_card_month AS m JOIN fact_card AS c USING (card_id)) AS held
FULL JOIN fact_profit AS p USING (month_end, account_id, customer_id, org_id, product_id)
WHERE p.op_cost IS NULL OR held.product_id IS NULL;

-- an account has one row of profit in a month
SELECT account_id FROM fact_profit GROUP BY account_id, month_end HAVING count(*) > 1;

-- the product line of profit is that of the product
SELECT account_id FROM fact_profit AS p JOIN dim_product AS d USING (product_id)
WHERE p.product_line <> d.product_line;

-- the outlet of profit is the outlet of the customer in that month
SELECT account_id FROM fact_profit AS p JOIN fact_cust_month AS c USING (month_end, customer_id)
WHERE p.org_id <> c.org_id;

-- tax is a quarter of what an account earns before tax, and nothing when it loses
SELECT account_id
FROM (SELECT *, net_interest + fee_income - op_cost - credit_cost AS pretax FROM fact_profit)
WHERE abs(tax - greatest(0, pretax) / 4) > 0.0051;

-- every figure is there, and costs, fees and capital are not negative
SELECT account_id FROM fact_profit
WHERE net_interest IS NULL OR fee_income < 0 OR op_cost <= 0 OR credit_cost < 0 OR capital < 0
   OR coalesce(fee_income, op_cost, credit_cost, tax, capital) IS NULL;

-- deposits, wealth products, funds and insurance carry no credit cost
SELECT account_id FROM fact_profit
WHERE credit_cost > 0 AND product_line NOT IN ('贷款', '信用卡');

-- wealth products, funds and insurance live on fees
SELECT account_id FROM fact_profit
WHERE net_interest <> 0 AND product_line IN ('理财', '基金', '保险');

-- a loan that is not performing earns no interest
SELECT p.account_id FROM fact_profit AS p
JOIN fact_loan_month AS l ON l.loan_id = p.account_id AND l.month_end = p.month_end
WHERE class5 IN ('次级', '可疑', '损失') AND net_interest > 0;

-- costs are a quarter to two fifths of income in every month
SELECT month_end, sum(op_cost) / sum(net_interest + fee_income) AS ratio
FROM fact_profit GROUP BY month_end HAVING ratio NOT BETWEEN 0.25 AND 0.40;

-- the bank earns more than its capital costs in every year
SELECT year(month_end),
       sum(net_interest + fee_income - op_cost - credit_cost - tax - capital * 0.10 / 12) AS eva
FROM fact_profit GROUP BY ALL HAVING eva <= 0;
