-- Each query looks for rows that break the claim above it; there must be none.

-- a card is held by an adult customer of the bank while the customer stays
SELECT card_id FROM fact_card LEFT JOIN dim_customer AS c USING (customer_id)
WHERE c.customer_id IS NULL OR issue_date < open_date OR issue_date > close_date
   OR issue_date < birth_date + INTERVAL 18 YEAR
   OR activate_date > close_date;

-- a card is activated after it is issued and by the day the data ends
SELECT card_id FROM fact_card
WHERE activate_date < issue_date OR greatest(issue_date, activate_date) > DATE '2026-11-19';

-- the kind of a card is that of its product
SELECT card_id FROM fact_card JOIN dim_product USING (product_id)
WHERE card_kind <> product_type OR product_line <> '信用卡';

-- channels and outlets of cards exist
SELECT card_id FROM fact_card ANTI JOIN dim_channel USING (channel_id)
UNION ALL SELECT card_id FROM fact_card ANTI JOIN dim_org USING (org_id)
UNION ALL SELECT card_id FROM fact_card_month ANTI JOIN dim_org USING (org_id);

-- nobody holds two cards of one kind
SELECT customer_id FROM fact_card GROUP BY customer_id, card_kind HAVING count(*) > 1;

-- a card number and a card at a month end occur once
SELECT card_id FROM fact_card GROUP BY card_id HAVING count(*) > 1
UNION ALL
SELECT card_id FROM fact_card_month GROUP BY card_id, month_end HAVING count(*) > 1;

-- the months of a card have one holder and one kind
SELECT card_id FROM fact_card_month AS m LEFT JOIN fact_card AS c USING (card_id)
WHERE c.card_id IS NULL OR m.customer_id <> c.customer_id OR m.card_kind <> c.card_kind;

-- a card has a row at every month end from its issue to its closing
SELECT card_id
FROM (SELECT card_id, greatest(last_day(issue_date), DATE '2024-10-31') AS first_seen,
             min(month_end) AS first, max(month_end) AS last, count(month_end) AS n,
             coalesce(bool_or(status = '销卡'), false) AS is_closed,
             max(issue_date) AS issued
      FROM fact_card LEFT JOIN fact_card_month USING (card_id)
      GROUP BY card_id, first_seen)
WHERE (n > 0 AND (first <> first_seen OR n <> datediff('month', first, last) + 1
                  OR is_closed <> (last < DATE '2026-10-31') AND last < DATE '2026-10-31'))
   OR (n = 0 AND issued BETWEEN DATE '2024-10-01' AND DATE '2026-10-31');

-- after a card is closed there is no row
SELECT m.card_id
FROM fact_card_month AS m JOIN fact_card_month AS c USING (card_id)
WHERE c.status = '销卡' AND m.month_end > c.month_end;

-- whoever leaves the bank has no card at that month end
SELECT card_id FROM fact_card_month JOIN dim_customer USING (customer_id)
WHERE close_date <= month_end AND status <> '销卡';

-- activated at a month end means activated by then
SELECT card_id FROM fact_card_month JOIN fact_card USING (card_id)
WHERE activated <> coalesce(activate_date <= month_end, false)::INTEGER;

-- a card that is not activated is neither used nor owes anything
SELECT card_id FROM fact_card_month
WHERE activated = 0 AND (spend_amount > 0 OR used_limit > 0 OR active_flag = 1);

-- a card that is frozen or closed is not used
SELECT card_id FROM fact_card_month
WHERE status <> '正常' AND (spend_amount > 0 OR active_flag = 1);

-- a closed card owes nothing
SELECT card_id FROM fact_card_month WHERE status = '销卡' AND used_limit > 0;

-- spending makes a card active, and an active card owes or spends something
SELECT card_id FROM fact_card_month
WHERE (spend_amount > 0 AND active_flag = 0)
   OR (active_flag = 1 AND spend_amount + used_limit = 0);

-- instalments and arrears are part of what is owed, and no amount is negative
SELECT card_id FROM fact_card_month
WHERE instalment_balance > used_limit OR overdue_amount > used_limit
   OR least(credit_limit, used_limit, spend_amount, instalment_balance, overdue_amount) < 0
   OR credit_limit = 0;

-- a limit is exceeded only by the interest on arrears
SELECT card_id FROM fact_card_month
WHERE used_limit > credit_limit * 1.05 OR (used_limit > credit_limit AND overdue_amount = 0);

-- a limit is never cut
SELECT card_id
FROM (SELECT card_id, credit_limit, lag(credit_limit) OVER (
          PARTITION BY card_id ORDER BY month_end) AS before FROM fact_card_month)
WHERE credit_limit < before;

-- the outlet of a card is the outlet of its holder in that month
SELECT card_id
FROM fact_card_month AS m JOIN fact_cust_month AS c USING (month_end, customer_id)
WHERE m.org_id <> c.org_id;

-- no card of a merged outlet is left after its last day
SELECT card_id FROM fact_card_month JOIN dim_org USING (org_id) WHERE month_end > closed_on
UNION ALL
SELECT card_id FROM fact_card JOIN dim_org USING (org_id) WHERE issue_date > closed_on;
