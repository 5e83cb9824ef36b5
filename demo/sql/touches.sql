-- Marketing touches with what came of them, and what the campaigns cost.

CREATE TEMP TABLE opened_days AS
SELECT DISTINCT substr(customer_id, 2)::INTEGER AS no, event_date FROM fact_event
WHERE event_name = '打开APP';

-- The first day in the app from day 31 on tells whether the customer came back.
CREATE TEMP TABLE retention AS
SELECT t.touch_key,
       CASE WHEN t.touch_date + 60 <= getvariable('last_day')
            THEN coalesce(o.event_date <= t.touch_date + 60, false) END::INTEGER AS retained_flag
FROM touches AS t
ASOF LEFT JOIN opened_days AS o ON o.no = t.no AND o.event_date >= t.touch_date + 31;

CREATE TEMP TABLE made_touches AS
SELECT t.touch_key, t.touch_date, campaign_id, t.no, goal,
       CASE WHEN t.touch_date <= getvariable('merged_on') THEN c.old_org_no ELSE c.org_no END AS org_no,
       t.channel_id, t.delivered::INTEGER AS delivered, t.clicked::INTEGER AS clicked,
       t.converted::INTEGER AS converted, (t.is_newcomer AND t.converted)::INTEGER AS is_acquired,
       CASE WHEN t.converted
            THEN round(least(20000, 62 * pays * exp(0.7 * bell(t.touch_key, 'touch.revenue')
                                                   + 0.25 * least(c.affluence, 5))), 2)
            ELSE 0 END::DECIMAL(18, 2) AS revenue,
       CASE WHEN t.delivered AND draw(t.touch_key, 'touch.rated') < 0.32
            THEN opinion(t.touch_key, t.no) END AS satisfaction,
       t.discount, retained_flag
FROM touches AS t
JOIN campaigns USING (campaign_no)
JOIN customers AS c USING (no)
JOIN retention USING (touch_key);

INSERT INTO fact_touch BY NAME
SELECT numbered('H', touch_key, 9) AS touch_id, touch_date, campaign_id,
       numbered('C', no, 6) AS customer_id, numbered('O', org_no, 3) AS org_id,
       channel_id, delivered, clicked, converted, is_acquired, revenue, satisfaction, retained_flag
FROM made_touches ORDER BY touch_date, touch_key;

-- The head office pays for what runs online, the branch for its people; a branch books at the
-- outlet that stands for it. Every conversion also costs its reward.
CREATE TEMP TABLE payers AS
SELECT branch, min(org_no) AS payer_no FROM outlets WHERE org_kind = '网点' GROUP BY branch;

INSERT INTO fact_cost BY NAME
SELECT touch_date AS cost_date, campaign_id, numbered('O', payer_no, 3) AS org_id,
       channel_id,
       round(sum(unit_cost * (0.85 + 0.3 * draw(touch_key, 'touch.cost'))
                 + converted * CASE WHEN goal = '获客' THEN 150 ELSE 18 END * (0.6 + 2 * discount)), 2)
           AS cost
FROM (SELECT t.*, unit_cost,
             CASE WHEN at_branch AND o.branch <> '总行直属' THEN p.payer_no ELSE 1 END AS payer_no
      FROM made_touches AS t
      JOIN touch_channels USING (channel_id)
      JOIN outlets AS o ON o.org_no = CASE WHEN t.org_no = getvariable('merged_no')
                                           THEN getvariable('heir_no') ELSE t.org_no END
      LEFT JOIN payers AS p USING (branch))
GROUP BY cost_date, campaign_id, payer_no, channel_id
ORDER BY cost_date, campaign_id, org_id, channel_id;

DROP TABLE opened_days;
DROP TABLE retention;
DROP TABLE made_touches;
DROP TABLE touches;
