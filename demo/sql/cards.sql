-- Credit cards: who holds which kind, when it is activated, used, fallen behind with and closed.

CREATE TEMP TABLE card_seats AS
SELECT c.no * 4 + seat AS card_no, c.no, seat, c.org_no, c.old_org_no, c.affluence, p.is_rural,
       c.open_date AS cust_open, c.close_date AS cust_close, c.close_m AS cust_close_m,
       greatest(c.open_date, (p.birth_date + INTERVAL 18 YEAR)::DATE) AS may_hold_from,
       draw(card_no, 'card.recent') < 0.15 AS is_recent,
       coalesce(p.occupation = '个体工商户', false) AS is_trader,
       c.affluence + 0.9 * bell(c.no, 'card.standing') AS standing
FROM customers AS c JOIN people AS p USING (no), (SELECT unnest([1, 2]) AS seat)
WHERE c.age BETWEEN 18 AND 69
  AND draw(c.no, 'card.held') < least(0.88, 0.425 * exp(0.30 * greatest(-2.5, c.affluence)))
  AND (seat = 1 OR draw(c.no, 'card.second') < 0.17);

CREATE TEMP TABLE wanted_cards AS
SELECT * EXCLUDE (cust_open, is_recent, is_rural),
       CASE WHEN is_trader AND standing > -0.2 AND draw(no, 'card.business') < 0.62 THEN 4
            WHEN standing > 1.35 THEN CASE WHEN draw(no, 'card.business') < 0.13 THEN 4 ELSE 3 END
            WHEN standing > -0.1 THEN 2 ELSE 1 END AS first_rank,
       CASE WHEN seat = 1 THEN first_rank ELSE [2, 3, 2, 3][first_rank] END AS rank,
       CASE WHEN rank = 1 AND is_rural AND draw(card_no, 'card.village') < 0.7
            THEN 'P715' ELSE 'P71' || rank END AS product_id,
       greatest(CASE WHEN is_recent THEN opening_day(card_no, 'card.on')
                     ELSE getvariable('first_day') - 1
                          - (2500 * pow(draw(card_no, 'card.on'), 1.2))::INTEGER END,
                may_hold_from + pick(card_no, 'card.wait', 120)) AS wanted_on
FROM card_seats;

SET VARIABLE card_channels = (
    SELECT list(channel_id ORDER BY channel_id, n)
    FROM (SELECT channel_id, unnest(range(weight)) AS n FROM card_channels));

-- Activations are dealt out evenly along the issues of each channel, so that its rate holds at
-- every size and in every period.
CREATE TEMP TABLE issued_cards AS
SELECT w.*, coalesce(workday, wanted_on) AS issue_date, c.channel_id,
       row_number() OVER mine AS nth,
       (nth * c.activated_per_thousand + 500) // 1000
           > ((nth - 1) * c.activated_per_thousand + 500) // 1000 AS is_prompt
FROM wanted_cards AS w
LEFT JOIN workdays ON date = wanted_on
JOIN card_channels AS c ON c.channel_id = getvariable('card_channels')
    [1 + pick(card_no, 'card.channel', len(getvariable('card_channels')))]
WHERE issue_date >= may_hold_from AND wanted_on <= getvariable('last_day')
  AND (cust_close IS NULL OR issue_date < cust_close)
WINDOW mine AS (PARTITION BY c.channel_id ORDER BY coalesce(workday, wanted_on), card_no);

CREATE TEMP TABLE dated_cards AS
SELECT i.*, numbered('K', card_no, 8) AS card_id,
       CASE WHEN is_prompt
            THEN issue_date + 1 + (58 * pow(draw(card_no, 'card.activated'), 2.2))::INTEGER
            WHEN draw(card_no, 'card.late') < 0.45
            THEN issue_date + 62 + (340 * pow(draw(card_no, 'card.activated'), 1.5))::INTEGER
            END AS drawn_activation,
       year(issue_date) * 12 + month(issue_date) - getvariable('month_zero') AS issue_m,
       least(cust_close_m, CASE WHEN draw(card_no, 'card.closes') < 0.34
                                THEN issue_m + 4 + pick(card_no, 'card.closes.m', 80) END)
           AS leave_m,
       CASE WHEN drawn_activation < least(cust_close, getvariable('as_of'), last_day(
                     getvariable('last_month_end') + to_months(leave_m - 25)))
            THEN drawn_activation END AS activate_date,
       coalesce(year(activate_date) * 12 + month(activate_date) - getvariable('month_zero'), 99)
           AS active_m
FROM issued_cards AS i;

CREATE TEMP TABLE cards AS
SELECT d.* EXCLUDE (standing, is_trader, may_hold_from, wanted_on, drawn_activation),
       k.card_kind, k.annual_fee,
       greatest(k.limit_least, least(k.limit_most, round(k.limit_median
           * exp(0.22 * affluence + 0.35 * bell(card_no, 'card.limit')), -3))) AS first_limit,
       k.limit_most,
       CASE WHEN draw(card_no, 'card.raise') < 0.55
            THEN active_m + 8 + pick(card_no, 'card.raise.m', 40) ELSE 99 END AS raise_m,
       1.2 + 0.1 * pick(card_no, 'card.raise.by', 5) AS raise_by,
       round(k.spend_median * exp(0.80 * gauss(card_no, 'card.spend')
             + 0.15 * least(3, affluence)), 2) AS spend_pace,
       0.16 + 0.90 * draw(card_no, 'card.habit') AS habit,
       CASE WHEN draw(card_no, 'card.revolves') < 0.46
            THEN 0.18 + 0.75 * draw(card_no, 'card.revolving') ELSE 0 END AS revolving,
       CASE WHEN draw(card_no, 'card.instalment') < 0.55
            THEN [6, 12, 12, 24][1 + pick(card_no, 'card.plan', 4)] END AS plan_months,
       pick(card_no, 'card.plan.start', 48) AS plan_offset,
       draw(card_no, 'card.behind.length') AS fate,
       -- Half of those who cannot pay a loan cannot pay their card either.
       CASE WHEN draw(card_no, 'card.behind.both') < 0.5 THEN loan_behind_m END AS shared_m,
       coalesce(shared_m, pick(card_no, 'card.behind.m', 40) - 12) AS drawn_behind_m,
       CASE WHEN (draw(card_no, 'card.behind') < 0.88 OR shared_m > 0)
                 AND drawn_behind_m > active_m + 2
            THEN drawn_behind_m ELSE 99 END AS behind_m,
       CASE WHEN fate < 0.66 THEN 1 WHEN fate < 0.83 THEN 2 WHEN fate < 0.92 THEN 3 ELSE 8 END
           AS behind_length,
       CASE WHEN draw(card_no, 'card.frozen') < 0.03
            THEN issue_m + 3 + pick(card_no, 'card.frozen.m', 70) ELSE 99 END AS frozen_m,
       -- Who falls behind for long loses the card when the debt is written off.
       coalesce(least(leave_m, CASE WHEN fate >= 0.92 THEN behind_m + 8 END), 99) AS close_m
FROM dated_cards AS d
JOIN card_kinds AS k USING (rank)
LEFT JOIN (SELECT no, max(behind_m) AS loan_behind_m FROM loan_months WHERE is_behind GROUP BY no)
    USING (no);

INSERT INTO fact_card BY NAME
SELECT card_id, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN issue_m <= getvariable('merged_m') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       product_id, channel_id, issue_date, activate_date, card_kind
FROM cards ORDER BY issue_date, card_no;

-- Purses are full before 春节: the share of a month that lies in the twenty days before it.
CREATE TEMP TABLE card_months AS
SELECT m, month_end, any_value(spend)
       * (1 + 0.009 * count(*) FILTER (spring_festival_offset BETWEEN -20 AND -1))
       * (1 + 0.004 * m) AS season
FROM months
JOIN card_seasons ON month = month(month_end)
JOIN dim_calendar AS d ON d.date BETWEEN first_day AND month_end
WHERE m BETWEEN 1 AND 25 GROUP BY m, month_end;

CREATE TEMP TABLE card_grid AS
SELECT c.*, t.m, t.month_end, t.season, card_no * 64 + t.m AS key,
       t.m >= active_m AS is_activated, t.m = close_m AS is_closing,
       CASE WHEN t.m >= behind_m AND t.m < behind_m + behind_length THEN t.m - behind_m + 1 ELSE 0
            END AS behind_for,
       (t.m >= frozen_m AND t.m < frozen_m + 4) OR behind_for >= 6 AS is_frozen,
       least(limit_most, round(first_limit * CASE WHEN t.m >= raise_m THEN raise_by ELSE 1 END, -3))
           AS credit_limit,
       (t.m + plan_offset) % (plan_months + 9) AS plan_age,
       (t.m + plan_offset) // (plan_months + 9) AS plan_no
FROM cards AS c JOIN card_months AS t ON t.m BETWEEN c.issue_m AND c.close_m;

CREATE TEMP TABLE card_use AS
SELECT *, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN m <= getvariable('merged_m') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       is_activated AND NOT is_closing AS is_open,
       is_open AND NOT is_frozen AND behind_for < 3 AND draw(key, 'card.active') < habit
           AS is_active,
       CASE WHEN is_active AND draw(key, 'card.cash_only') >= 0.03
            THEN round(least(credit_limit * 1.2, spend_pace * season
                             * exp(0.5 * bell(key, 'card.month'))), 2) ELSE 0 END AS spend,
       CASE WHEN is_open AND plan_age < plan_months AND t_start >= active_m
            THEN round(credit_limit * (0.12 + 0.5 * draw(card_no * 8 + plan_no, 'card.plan.size'))
                       * (1 - plan_age / plan_months), 2) ELSE 0 END AS instalment,
       CASE WHEN is_open THEN round(
            least(credit_limit * CASE WHEN behind_for >= 3 THEN 1.03 ELSE 1 END,
                  instalment + spend * (0.45 + 0.5 * draw(key, 'card.billed'))
                  + CASE WHEN is_active AND spend = 0 THEN 500 ELSE 0 END
                  + credit_limit * revolving * (1 + 0.12 * bell(key, 'card.revolving.month'))
                  + CASE WHEN behind_for > 0
                         THEN credit_limit * (0.2 + 0.6 * draw(card_no, 'card.behind.size'))
                         ELSE 0 END), 2) ELSE 0 END AS used,
       CASE WHEN is_open AND behind_for > 0
            THEN round(used * [0.12, 0.25, 0.42, 0.65, 0.85, 1][least(6, behind_for)], 2)
            ELSE 0 END AS overdue
FROM (SELECT *, m - plan_age AS t_start FROM card_grid);
DROP TABLE card_grid;

INSERT INTO fact_card_month BY NAME
SELECT month_end, card_id, customer_id, org_id, card_kind, credit_limit,
       used AS used_limit, spend AS spend_amount,
       instalment AS instalment_balance, overdue AS overdue_amount,
       is_active::INTEGER AS active_flag, is_activated::INTEGER AS activated,
       CASE WHEN is_closing THEN '销卡' WHEN is_frozen THEN '冻结' ELSE '正常' END AS status
FROM card_use ORDER BY month_end, card_no;
