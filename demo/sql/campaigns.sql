-- Campaigns, who is touched when, who converts, and who comes back to the app because of it.

CREATE TEMP TABLE campaigns AS
SELECT campaign_no, numbered('K', campaign_no, 3) AS campaign_id,
       goal, campaign_type, discount::DOUBLE AS discount, page_color, audience,
       reach::DOUBLE AS reach, length, steps, pays::DOUBLE AS pays, weighted(channels) AS choices,
       make_date(year(getvariable('first_day')) + year_no, month, day) AS start_date,
       start_date + (length - 1)::INTEGER AS end_date,
       replace(name, '{year}', year(start_date)::VARCHAR) AS campaign_name,
       year(start_date) * 12 + month(start_date) - getvariable('month_zero') AS start_m
FROM campaign_plan
WHERE start_date BETWEEN getvariable('first_day') AND getvariable('last_day') - 5;

INSERT INTO dim_campaign BY NAME
SELECT campaign_id, campaign_name, goal, campaign_type, discount, page_color, start_date, end_date
FROM campaigns ORDER BY campaign_no;

CREATE TEMP TABLE audience AS
SELECT c.no, k.campaign_no, c.no * 64 + k.campaign_no AS key,
       c.open_date >= k.start_date AS is_newcomer, c.age < 30 AS is_young,
       CASE WHEN is_newcomer
            THEN greatest(k.start_date, least(c.open_date, k.end_date) - pick(key, 'touch.lead', 14))
            END AS lead_date
FROM customers AS c
JOIN people AS p USING (no)
JOIN dim_customer AS d ON d.customer_id = numbered('C', c.no, 6)
LEFT JOIN dim_channel AS r ON r.channel_id = d.reg_channel_id
JOIN campaigns AS k
  ON CASE WHEN c.open_date >= k.start_date
          THEN k.goal = '获客' AND c.open_date <= k.end_date + 30
               AND draw(c.no * 64 + k.campaign_no, 'campaign.lead')
                   < CASE r.channel_group WHEN '线上' THEN 0.80 ELSE 0.25 END
          ELSE c.age >= 18 AND (c.close_date IS NULL OR c.close_date > k.end_date)
               AND CASE k.audience WHEN 'family' THEN p.has_newborn OR c.age BETWEEN 25 AND 40
                                   WHEN 'quiet' THEN draw(c.no, 'logins') < 0.5
                                   ELSE true END
               AND (k.goal = '召回' OR k.start_m < c.idle_from OR k.start_m >= c.idle_to)
               AND draw(c.no * 64 + k.campaign_no, 'campaign.reach')
                   < k.reach * (2 - 1.5 * draw(c.no, 'logins'))
                     * CASE WHEN c.has_app THEN 1 ELSE 0.3 END END
-- A newcomer came because of the last of several campaigns.
QUALIFY NOT is_newcomer
     OR row_number() OVER (PARTITION BY c.no, is_newcomer ORDER BY k.start_date DESC) = 1;

-- In the last complete quarter every channel converts better than in the one before, while most
-- touches move to text messages, which convert worst: conversion as a whole falls.
SET VARIABLE risen_quarter =
    (date_trunc('quarter', getvariable('last_day') + 1) - INTERVAL 3 MONTH)::DATE;

-- Conversions are dealt out by rank, so that the rates of the channels hold at every size.
CREATE TEMP MACRO judged(name) AS TABLE
WITH sent AS (
    SELECT t.*, is_newcomer OR draw(touch_key, 'touch.delivered') < delivery AS delivered,
           CASE WHEN is_newcomer THEN 0 ELSE draw(touch_key, 'touch.converted')
                / (0.7 + discount)
                / CASE WHEN NOT is_young THEN 1 WHEN channel_id IN ('CH44', 'CH45') THEN 5
                       ELSE 0.7 END END AS reluctance,
           date_trunc('quarter', touch_date)::DATE AS quarter, clicks,
           conversion * CASE WHEN quarter >= getvariable('risen_quarter') THEN 1.2 ELSE 1 END AS rate
    FROM query_table(name) AS t JOIN touch_channels USING (channel_id)
)
SELECT * EXCLUDE (reluctance, quarter, clicks, rate),
       delivered AND row_number() OVER (mine ORDER BY reluctance, touch_key)
           <= floor(rate * count(*) OVER mine
                    + CASE WHEN quarter = getvariable('risen_quarter') THEN 0.95
                           WHEN quarter + INTERVAL 3 MONTH = getvariable('risen_quarter') THEN 0.05
                           ELSE 0.5 END) AS converted,
       CASE WHEN clicks IS NOT NULL
            THEN converted OR (delivered AND draw(touch_key, 'touch.clicked') < clicks) END AS clicked
FROM sent
WINDOW mine AS (PARTITION BY channel_id, quarter, delivered);

CREATE TEMP TABLE first_touches AS
SELECT key * 4 + 1 AS touch_key, no, campaign_no, 1 AS step, is_newcomer, is_young, discount,
       choices[1 + pick(key, 'touch.channel', len(choices))] AS channel_id,
       coalesce(lead_date, start_date + pick(key, 'touch.day', length // steps)) AS touch_date
FROM audience JOIN campaigns USING (campaign_no)
WHERE touch_date <= getvariable('last_day');
CREATE TEMP TABLE touches AS FROM judged('first_touches');

-- Whom a text message did not move gets a call, and whom the call did not move a manager's visit.
CREATE TEMP MACRO followed(step_no, channel) AS TABLE
SELECT touch_key + 1 AS touch_key, no, campaign_no, step_no AS step, is_newcomer, is_young,
       t.discount, channel AS channel_id,
       start_date + ((step_no - 1) * (length // 3)
                     + pick(touch_key + 1, 'touch.day', length // 3))::INTEGER AS touch_date
FROM touches AS t JOIN campaigns USING (campaign_no)
WHERE steps = 3 AND step = step_no - 1 AND NOT converted
  AND draw(touch_key, 'touch.follow') < 0.55 AND touch_date <= getvariable('last_day');

CREATE TEMP TABLE second_touches AS FROM followed(2, 'CH18');
INSERT INTO touches FROM judged('second_touches');
CREATE TEMP TABLE third_touches AS FROM followed(3, 'CH15');
INSERT INTO touches FROM judged('third_touches');

-- From 1 to 5; who is loyal is somewhat more often satisfied.
CREATE TEMP MACRO loyalty(no) AS 1 - draw(no, 'return');
CREATE TEMP MACRO opinion(touch_key, no) AS
    [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5][1 + floor(13 * (0.2 * loyalty(no)
        + 0.8 * draw(touch_key, 'touch.satisfaction')))::INTEGER];

-- Who opens the app again on days 31 to 60 because of a touch: discount moves most, then the
-- length of the campaign, then how satisfied the customer was; the colour of the page nothing.
CREATE TEMP TABLE campaign_returns AS
SELECT touch_key, t.no, t.channel_id, touch_date + 31 AS from_date,
       from_date + pick(touch_key, 'return.day', 30) AS visit_date,
       year(visit_date) * 12 + month(visit_date) - getvariable('month_zero') AS m,
       0.8 * (1 - loyalty(t.no)) + 0.2 * draw(touch_key, 'return') < CASE WHEN delivered
           THEN 2.2 * t.discount + 0.58 * (length - 7) / 53 + 0.03 * (opinion(touch_key, t.no) - 3) - 0.24
           ELSE 0.3 END
       AND c.has_app AND visit_date <= getvariable('last_day') AND visit_date > c.open_date
       AND (c.close_date IS NULL OR visit_date < c.close_date)
       AND (goal = '召回' OR m < c.idle_from OR m >= c.idle_to) AS comes
FROM touches AS t
JOIN campaigns USING (campaign_no)
JOIN customers AS c USING (no);

DROP TABLE audience;
DROP TABLE first_touches;
DROP TABLE second_touches;
DROP TABLE third_touches;
