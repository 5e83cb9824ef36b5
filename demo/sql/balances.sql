-- Month-end balances per account; daily balances per outlet that meet them to the cent.
-- Between two month ends every account of an outlet moves in the same shape, so the average of
-- the days equals the average balances of the accounts up to rounding.

-- Prices: a path per product type and currency, month by month.
CREATE TEMP TABLE prices AS
WITH RECURSIVE kinds AS (
    SELECT row_number() OVER (ORDER BY name) AS kind_no, * FROM (VALUES
        ('现金管理类', 0.0016, 0.0003), ('固定收益类', 0.0026, 0.0012), ('混合类', 0.0034, 0.0120),
        ('权益类', 0.0050, 0.0330), ('货币基金', 0.0014, 0.0002), ('债券型基金', 0.0027, 0.0045),
        ('混合型基金', 0.0045, 0.0280), ('指数基金', 0.0050, 0.0380), ('股票型基金', 0.0060, 0.0450),
        ('QDII基金', 0.0060, 0.0360), ('股票', 0.0050, 0.0480), ('场内基金', 0.0050, 0.0350),
        ('债券', 0.0016, 0.0004), ('两融', 0.0060, 0.0600), ('USD', 0.0000, 0.0060),
        ('HKD', 0.0000, 0.0060), ('EUR', 0.0004, 0.0130)) AS t(name, drift, swing)
), path AS (
    SELECT kind_no, name, drift, swing, -4 AS m, 1.0::DOUBLE AS price FROM kinds
    UNION ALL
    SELECT kind_no, name, drift, swing, m + 1,
           round(price * (1 + drift + swing * bell(kind_no * 64 + m + 16, 'price')), 8)
    FROM path WHERE m < 26
)
SELECT name, m,
       round(price * coalesce(MAP {'USD': 7.12, 'HKD': 0.913, 'EUR': 7.74}[name], 1), 6) AS price
FROM path;

-- Laid out first and computed afterwards: a long table is computed on all cores.
CREATE TEMP TABLE account_grid AS
SELECT a.acct_no, a.acct_no * 64 + t.m + 16 AS key, t.m, a.product_line, a.is_demand, a.base,
       t.m = a.close_m AS is_closing, t.m >= a.leave_m AS has_left, a.leave_rest,
       draw(a.no * 64 + t.m + 16, 'balance.away') < 0.022 AS is_away, g.factor,
       s.demand, s.term, s.invest, v.price AS value_price, fx.price AS fx_price
FROM accounts AS a
JOIN (SELECT m, month(month_end) AS month FROM months WHERE m >= -3) AS t
  ON t.m BETWEEN a.open_m AND a.close_m
JOIN outlet_growth AS g ON g.org_no = a.org_no AND g.m = t.m
JOIN seasons AS s ON s.month = t.month
LEFT JOIN prices AS v ON v.name = a.product_type AND v.m = t.m
LEFT JOIN prices AS fx ON fx.name = a.currency AND fx.m = t.m;

CREATE TEMP TABLE balance_path AS
SELECT acct_no, m,
       CASE WHEN is_closing THEN 0 ELSE
           round(base * factor * CASE WHEN has_left THEN leave_rest WHEN is_away THEN 0.45 ELSE 1 END
               * CASE WHEN is_demand = 1 THEN demand * (1 + 0.17 * bell(key, 'balance'))
                      WHEN product_line = '存款'
                      THEN term * (1 + 0.10 * bell((key + acct_no % 12) // 12, 'balance.term'))
                      WHEN product_line = '保险' THEN 1 + 0.004 * m
                      ELSE invest * (1 + 0.07 * bell((key + acct_no % 3) // 3, 'balance.invest'))
                           * coalesce(value_price, 1) END
               / coalesce(fx_price, 1), 2) END AS end_ccy,
       round(end_ccy * coalesce(fx_price, 1), 2)::DECIMAL(18, 2) AS end_balance,
       coalesce(value_price, fx_price) AS price,
       coalesce(fx_price, 1) AS fx_rate
FROM account_grid;
DROP TABLE account_grid;

CREATE TEMP TABLE account_months AS
SELECT b.acct_no, a.no, b.m, b.end_ccy, b.end_balance, b.fx_rate,
       CASE WHEN b.m <= getvariable('merged_m') THEN a.old_org_no ELSE a.org_no END AS org_no,
       a.product_line, a.is_demand,
       coalesce(p.end_balance, 0)::DECIMAL(18, 2) AS start_balance,
       CASE WHEN b.price IS NOT NULL AND p.price IS NOT NULL AND b.end_balance <> 0
            THEN round(p.end_balance * (b.price / p.price - 1), 2) ELSE 0 END::DECIMAL(18, 2)
           AS valuation
FROM balance_path AS b
JOIN accounts AS a USING (acct_no)
LEFT JOIN balance_path AS p ON p.acct_no = b.acct_no AND p.m = b.m - 1
WHERE b.m >= -2;
DROP TABLE balance_path;

-- The shape of each month: `x` runs from start to end, `sag` is the dip between two month ends.
CREATE TEMP TABLE day_shapes AS
WITH totals AS (
    SELECT org_no, product_line, is_demand, m, sum(start_balance) AS s, sum(end_balance) AS e
    FROM account_months WHERE m >= 0 GROUP BY ALL
), placed AS (
    SELECT t.*, date, day(date) / days AS x,
           MAP {'存款': 0.011, '理财': 0.006, '基金': 0.009, '保险': 0.001, '证券': 0.014}[product_line]
           * (0.4 + is_demand) AS depth,
           (org_no * 16 + 2 * ascii(product_line) + is_demand) * 1024
           + (m + 1) * 31 + day(date) AS key
    FROM totals AS t
    JOIN months USING (m), unnest(range(first_day, month_end + 1, INTERVAL 1 DAY)) AS u(stamp),
         (SELECT 1), LATERAL (SELECT stamp::DATE AS date)
)
SELECT org_no, product_line, is_demand, m, date, s, e, round(x, 6)::DECIMAL(9, 6) AS x,
       round(4 * x * (1 - x) * depth * (2 * draw(key, 'day') - 1.6), 6)::DECIMAL(9, 6) AS sag
FROM placed;

INSERT INTO fact_balance_day BY NAME
SELECT date, numbered('O', org_no, 3) AS org_id, product_line, is_demand,
       CASE WHEN x = 1 THEN e ELSE
           round(s::DOUBLE + (e - s)::DOUBLE * x + (s + e)::DOUBLE / 2 * sag, 2) END AS end_balance
FROM (FROM day_shapes WHERE m >= 1 AND date <= getvariable('last_day')
      ORDER BY date, org_no, product_line, is_demand);

CREATE TEMP TABLE month_shapes AS
SELECT org_no, product_line, is_demand, m, (sum(x) / count(*))::DOUBLE AS x,
       (sum(sag) / count(*))::DOUBLE AS sag
FROM day_shapes GROUP BY ALL;
DROP TABLE day_shapes;

-- Everything about an account in a month, with its average; zero before the first shape.
CREATE TEMP TABLE averages AS
SELECT b.*,
       coalesce(round(start_balance::DOUBLE + (end_balance - start_balance)::DOUBLE * x
             + (start_balance + end_balance)::DOUBLE / 2 * sag, 2), 0)::DECIMAL(18, 2) AS avg_balance
FROM account_months AS b LEFT JOIN month_shapes USING (org_no, product_line, is_demand, m);

-- Sorted while rows are narrow; a join keeps the order of its left side if it stays the left side.
SET disabled_optimizers = 'join_order,build_side_probe_side';
INSERT INTO fact_balance BY NAME
SELECT month_end, account_id, numbered('C', a.no, 6) AS customer_id,
       numbered('O', b.org_no, 3) AS org_id, product_id, a.product_line, a.is_demand,
       currency, fx_rate, end_ccy AS end_balance_ccy, end_balance, avg_balance, days, open_date,
       open_date + to_months(term_months
           * (datediff('month', open_date, month_end) // term_months + 1)) AS maturity_date
FROM (SELECT acct_no, m, org_no, end_ccy, end_balance, avg_balance, fx_rate
      FROM averages WHERE m BETWEEN 1 AND 25 ORDER BY m, acct_no) AS b
JOIN accounts AS a USING (acct_no)
JOIN months USING (m);
RESET disabled_optimizers;
