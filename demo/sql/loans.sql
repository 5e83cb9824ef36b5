-- Loans: disbursed, repaid or prepaid, overdue in spells, downgraded, written off.

CREATE TEMP TABLE first_loans AS
SELECT c.no, k.*, c.no * 8 + k.kind AS loan_no, c.org_no, c.old_org_no, c.open_date AS cust_open,
       c.close_date AS cust_close, c.affluence, c.age,
       getvariable('last_day')
           - pick(loan_no, 'loan.when', least(k.months * 30, 2600) + 800) AS wanted_on,
       draw(loan_no, 'loan.prepaid') < 0.22 AS may_prepay,
       pick(loan_no, 'loan.prepaid.m', 27) AS prepay_m
FROM customers AS c, loan_kinds AS k
WHERE c.age BETWEEN k.min_age AND k.max_age
  AND draw(c.no * 8 + k.kind, 'loan.held') < k.hold * 1.7 * least(1.6, exp(0.2 * c.affluence));

-- Some of those who settle early borrow again soon afterwards.
CREATE TEMP TABLE wanted_loans AS
SELECT * FROM first_loans
UNION ALL
SELECT * REPLACE (loan_no + 4000000 AS loan_no, false AS may_prepay,
       last_day(getvariable('last_month_end') + to_months(prepay_m - 25))
           + 4 + pick(loan_no, 'loan.again.on', 50) AS wanted_on)
FROM first_loans
WHERE may_prepay AND prepay_m > 3 AND draw(loan_no, 'loan.again') < 0.26;

CREATE TEMP TABLE loans AS
SELECT l.* EXCLUDE (products), numbered('L', loan_no, 8) AS loan_id,
       weighted(products)[1 + pick(loan_no, 'loan.product', len(weighted(products)))] AS product_id,
       coalesce(workday, wanted_on) AS disburse_date,
       year(disburse_date) * 12 + month(disburse_date) - getvariable('month_zero') AS first_m,
       round(greatest(5000, amount * exp(sigma * bell(loan_no, 'loan.amount') + 0.12 * affluence)),
             -3) AS principal,
       last_day(disburse_date + to_months(months))
           - pick(loan_no, 'loan.maturity', 25) AS maturity_date,
       round(rate + 0.006 * (draw(loan_no, 'loan.rate') - 0.4), 6) AS annual_rate,
       draw(loan_no, 'loan.overdue') < overdue AS may_fall_behind,
       pick(loan_no, 'loan.overdue.m', 40) - 14 AS behind_m,
       draw(loan_no, 'loan.overdue.length') AS fate,
       CASE WHEN fate < 0.60 THEN 1 WHEN fate < 0.77 THEN 2 WHEN fate < 0.84 THEN 3
            WHEN fate < 0.89 THEN 4 + pick(loan_no, 'loan.cured', 5) ELSE 99 END AS behind_length,
       CASE WHEN fate >= 0.89 THEN behind_m + 12 + pick(loan_no, 'loan.written_off', 8) ELSE 99 END
           AS write_off_m,
       4 + pick(loan_no, 'loan.due_day', 20) AS due_day
FROM wanted_loans AS l
LEFT JOIN workdays AS w ON w.date = l.wanted_on
WHERE wanted_on BETWEEN cust_open AND getvariable('last_day') - 1 AND cust_close IS NULL;

CREATE TEMP TABLE loan_path AS
SELECT l.*, t.m, t.month_end, t.m - first_m AS age_m,
       may_fall_behind AND behind_m > first_m AND t.m >= behind_m AND t.m < behind_m + behind_length
           AND behind_m - first_m < months AS is_behind,
       may_prepay AND prepay_m > first_m + 2 AND prepay_m - first_m < months
           AND NOT (may_fall_behind AND behind_m > first_m AND behind_m <= prepay_m + 1) AS prepays,
       CASE WHEN amortising = 0 AND t.m - first_m < months THEN principal
            ELSE round(principal * greatest(0,
                 1 - (CASE WHEN is_behind AND behind_length > 3 THEN behind_m - first_m
                           ELSE t.m - first_m END) / months), 2) END AS due_balance,
       CASE WHEN prepays AND t.m = prepay_m THEN 0 ELSE due_balance END AS balance
FROM loans AS l
JOIN months AS t ON t.m BETWEEN 0 AND 26 AND t.m >= first_m
WHERE NOT (prepays AND t.m > prepay_m)
  AND (t.m - first_m <= months OR is_behind)
  AND NOT (may_fall_behind AND behind_m > first_m AND behind_m - first_m < months
           AND t.m >= write_off_m);

INSERT INTO fact_loan_apply BY NAME
SELECT numbered('AP', row_number() OVER (ORDER BY apply_date, source, key), 7)
           AS apply_id,
       apply_date, numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id, product_id,
       ['CH01', 'CH01', 'CH01', 'CH01', 'CH11', 'CH11', 'CH15', 'CH15', 'CH23', 'CH35']
           [1 + pick(key, 'apply.channel', 10)] AS channel_id,
       apply_amount, approved, approve_date, disbursed_amount, disburse_date, loan_id
FROM (
    SELECT 1 AS source, loan_no AS key, no, product_id,
           CASE WHEN first_m <= getvariable('merged_m') THEN old_org_no ELSE org_no END AS org_no,
           disburse_date - 2 - pick(loan_no, 'apply.wait', 9) AS apply_date,
           round(principal * (1 + 0.25 * draw(loan_no, 'apply.more')), -3) AS apply_amount,
           1 AS approved, disburse_date - pick(loan_no, 'apply.signing', 3) AS approve_date,
           principal AS disbursed_amount, disburse_date, loan_id
    FROM loans WHERE disburse_date - 12 >= getvariable('first_day')
    UNION ALL
    SELECT 2, a.no * 8 + kind, a.no,
           weighted(products)[1 + pick(a.no, 'apply.product', len(weighted(products)))],
           CASE WHEN apply_date <= getvariable('merged_on') THEN old_org_no ELSE org_no END,
           apply_date, round(amount * exp(sigma * bell(a.no, 'apply.amount')) * 1.1, -3),
           CASE WHEN decided_on <= getvariable('last_day') THEN is_approved END,
           CASE WHEN decided_on <= getvariable('last_day') THEN decided_on END, NULL, NULL, NULL
    FROM (
        SELECT *, opening_day(no, 'apply.on') AS apply_date,
               apply_date + 1 + pick(no, 'apply.decided', 8) AS decided_on,
               (draw(no, 'apply.approved') < 0.12)::INTEGER AS is_approved
        FROM customers, loan_kinds
        WHERE age BETWEEN min_age AND max_age AND close_date IS NULL
          AND kind = 1 + pick(no, 'apply.kind', 5) AND draw(no, 'apply.fails') < 0.052
    ) AS a WHERE a.apply_date BETWEEN a.open_date AND getvariable('last_day')
)
ORDER BY apply_date, source, key;

CREATE TEMP TABLE loan_months AS
SELECT *,
       CASE WHEN is_behind THEN month_end - (date_trunc('month', month_end)::DATE
            - to_months(m - behind_m) + to_days(due_day))::DATE ELSE 0 END AS overdue_days,
       CASE WHEN overdue_days > 360 THEN '损失' WHEN overdue_days > 180 THEN '可疑'
            WHEN overdue_days > 90 OR (overdue_days > 60 AND draw(loan_no, 'loan.early') < 0.45)
                 OR draw(loan_no, 'loan.restructured') < 0.0006 THEN '次级'
            WHEN overdue_days > 30 OR (overdue_days > 0 AND draw(loan_no, 'loan.watch') < 0.35)
                 OR draw(loan_no, 'loan.watch.calm') < 0.010 THEN '关注'
            ELSE '正常' END AS class5
FROM loan_path;

INSERT INTO fact_loan_month BY NAME
WITH renewed AS (
    SELECT DISTINCT p.loan_no
    FROM loan_months AS p
    JOIN loans AS n ON n.no = p.no AND n.first_m BETWEEN p.m AND p.m + 3
        AND n.loan_no <> p.loan_no AND n.disburse_date > p.month_end - 31
    WHERE p.prepays AND p.m = p.prepay_m
)
SELECT month_end, loan_id, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN m <= getvariable('merged_m') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       product_id, balance,
       CASE WHEN overdue_days > 90 THEN balance
            WHEN overdue_days > 0
            THEN round(least(balance, principal / months * (overdue_days // 30 + 1)), 2)
            ELSE 0 END AS overdue_amount,
       overdue_days, class5,
       round(balance * MAP {'正常': 0.013, '关注': 0.06, '次级': 0.30, '可疑': 0.60, '损失': 1.0}[class5], 2)
           AS provision,
       (prepays AND m = prepay_m)::INTEGER AS prepaid_flag,
       CASE WHEN NOT (prepays AND m = prepay_m) THEN 0
            WHEN m + 3 > 25 AND r.loan_no IS NULL THEN NULL
            ELSE (r.loan_no IS NULL)::INTEGER END AS lost_flag,
       is_inclusive, is_agri,
       CASE kind WHEN 1 THEN '抵押' WHEN 3 THEN '抵押'
            WHEN 2 THEN '信用'
            ELSE ['信用', '保证', '保证', '抵押', '质押'][1 + pick(loan_no, 'loan.guarantee', 5)] END
           AS guarantee,
       annual_rate, disburse_date, maturity_date
FROM loan_months AS l LEFT JOIN renewed AS r USING (loan_no)
WHERE m BETWEEN 1 AND 25
ORDER BY month_end, loan_no;
