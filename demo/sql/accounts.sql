-- Who holds which account: every customer a current account, the rest by wealth.

CREATE TEMP TABLE held AS
SELECT c.no, k.kind, c.no * 16 + k.kind AS acct_no, k.product_line, k.is_demand, k.closing,
       c.org_no, c.old_org_no, c.open_date AS cust_open, c.close_date AS cust_close,
       c.leave_m, c.leave_rest, c.open_m AS cust_open_m,
       weighted(k.products) AS choices,
       round(greatest(k.floor_amount, c.wealth * k.share
             * exp(k.sigma * bell(acct_no, 'account.amount'))), 2) AS base
FROM customers AS c, account_kinds AS k
WHERE draw(c.no * 16 + k.kind, 'account.held')
      < CASE k.kind WHEN 1 THEN 1
             ELSE least(0.9, k.hold * exp(k.hold_wealth * greatest(c.affluence, -3))) END
  AND (k.kind <= 2 OR c.age >= 21);

CREATE TEMP TABLE dated AS
SELECT * EXCLUDE (choices),
       choices[1 + pick(acct_no, 'account.product', len(choices))] AS product_id,
       CASE WHEN kind = 1 THEN cust_open
            WHEN cust_open_m >= 1 THEN cust_open + pick(acct_no, 'account.delay', 240)
            WHEN draw(acct_no, 'account.recent') < 0.24
            THEN getvariable('first_day') + pick(acct_no, 'account.open', 800)
            ELSE getvariable('first_day') - 1 - (draw(acct_no, 'account.open')
                 * least(1100, getvariable('first_day') - 1 - cust_open))::INTEGER END AS open_date,
       greatest(open_date + 15, getvariable('first_day'))
           + pick(acct_no, 'account.close', 790) AS drawn_close
FROM held;

CREATE TEMP TABLE accounts AS
SELECT acct_no, no, kind, d.product_line, is_demand, org_no, old_org_no, leave_m, leave_rest, base,
       product_id, p.product_type,
       numbered('A', acct_no, 8) AS account_id,
       CASE WHEN kind <> 10 THEN 'CNY'
            ELSE ['USD', 'USD', 'USD', 'HKD', 'HKD', 'EUR'][1 + pick(acct_no, 'account.currency', 6)]
            END AS currency,
       MAP {'3个月': 3, '6个月': 6, '1年': 12, '2年': 24, '3年': 36}[p.term_band] AS term_months,
       d.open_date,
       CASE WHEN kind <> 1 AND draw(acct_no, 'account.closer') < closing
            THEN least(cust_close, CASE WHEN drawn_close <= getvariable('last_day')
                                        THEN drawn_close END)
            ELSE cust_close END AS close_date,
       year(d.open_date) * 12 + month(d.open_date) - getvariable('month_zero') AS open_m,
       coalesce(year(close_date) * 12 + month(close_date) - getvariable('month_zero'), 99) AS close_m
FROM dated AS d JOIN dim_product AS p USING (product_id)
WHERE d.open_date <= getvariable('last_day') AND (cust_close IS NULL OR d.open_date < cust_close);

-- What a customer has ever been able to buy more of, from the month of the first account on.
CREATE TEMP TABLE holdings AS
SELECT no,
       coalesce(min(open_m) FILTER (product_line = '理财'), 99) AS wealth_m,
       coalesce(min(open_m) FILTER (product_line = '基金'), 99) AS fund_m,
       coalesce(min(open_m) FILTER (product_line = '保险'), 99) AS insurance_m
FROM accounts GROUP BY no;
