-- Activity month by month; txn_rows.sql makes the transactions of it.

CREATE TEMP TABLE activity_grid AS
SELECT c.no, t.m, c.no * 64 + t.m + 16 AS key, c.affluence, c.has_app, c.is_salaried,
       c.pace * coalesce(w.weight, 1) AS pace, c.login_pace, c.open_date, c.close_date,
       CASE WHEN t.m <= getvariable('merged_m') THEN c.old_org_no ELSE c.org_no END AS org_no,
       h.wealth_m <= t.m AS holds_wealth, h.fund_m <= t.m AS holds_fund,
       h.insurance_m <= t.m AS holds_insurance, coalesce(l.first_m <= t.m, false) AS has_loan,
       t.m >= c.idle_from AND t.m < c.idle_to AS is_idle
FROM customers AS c
JOIN months AS t ON t.m BETWEEN c.open_m AND coalesce(c.close_m, 99)
LEFT JOIN month_weights AS w USING (m)
LEFT JOIN holdings AS h USING (no)
LEFT JOIN (SELECT no, min(first_m) AS first_m FROM loans GROUP BY no) AS l USING (no);

CREATE TEMP TABLE activity AS
SELECT *,
       CASE WHEN is_idle THEN 0 ELSE
           least(511, getvariable('busy')
                 * floor(pace * (0.35 + 1.3 * draw(key, 'activity')) + draw(key, 'activity.rest')))
               ::INTEGER END AS txns,
       CASE WHEN is_idle OR NOT has_app THEN 0 ELSE
           floor(login_pace * (0.3 + 1.4 * draw(key, 'logins'))
                 * least(1, 0.4 + draw(key, 'logins.quiet') * 4) + draw(key, 'logins.rest'))::INTEGER
           END AS app_visits
FROM activity_grid;
DROP TABLE activity_grid;

CREATE TEMP TABLE channel_slots AS
SELECT kind, slot - 1 AS slot, choices[slot] AS channel_id, channel_group = '线上' AS is_online
FROM (SELECT kind, weighted(channels) AS choices, unnest(range(1, 21)) AS slot FROM txn_kinds)
JOIN dim_channel ON channel_id = choices[slot];

CREATE TEMP TABLE line_products AS
SELECT kind, product_id, row_number() OVER (PARTITION BY kind ORDER BY product_id) - 1 AS seat,
       count(*) OVER (PARTITION BY kind) AS seats
FROM txn_kinds AS k
JOIN dim_product AS p ON p.product_line = k.product_line
 AND CASE WHEN k.product_line = '存款' THEN p.product_id = 'P101'
          WHEN k.kind = 13 THEN p.product_id BETWEEN 'P303' AND 'P308' ELSE true END;

-- A customer pays a few others again and again: a third of them at this bank, the rest elsewhere
-- under numbers that no bank gives out.
CREATE TEMP TABLE payees AS
SELECT no, seat, no * 8 + seat AS key,
       CASE WHEN draw(key, 'payee.own') < 0.35
            THEN 'A' || lpad(((no + pick(key, 'payee', getvariable('customers') - 1))
                              % getvariable('customers') * 16 + 17)::VARCHAR, 8, '0')
            ELSE '88' || lpad(pick(key, 'payee.bank', 90)::VARCHAR, 2, '0')
                      || lpad(pick(key, 'payee.high', 1000000)::VARCHAR, 6, '0')
                      || lpad(pick(key, 'payee.low', 1000000)::VARCHAR, 6, '0') END AS payee_account
FROM customers, (SELECT unnest(range(6)) AS seat);

-- How often each customer has bought so far, and when last.
CREATE TEMP TABLE bought (no BIGINT, times BIGINT, last_on DATE);
