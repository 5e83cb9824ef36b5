-- Each query looks for rows that break the claim above it; there must be none.

-- every login of the customer month opens the app once, and nothing else does
SELECT customer_id, month_end, n, login_cnt
FROM (SELECT customer_id, last_day(event_date) AS month_end, count(*) AS n
      FROM fact_event WHERE event_name = '打开APP' AND event_date <= DATE '2026-10-31' GROUP BY ALL)
FULL JOIN (SELECT * FROM fact_cust_month WHERE login_cnt > 0) USING (customer_id, month_end)
WHERE n IS DISTINCT FROM login_cnt;

-- the running month has events up to the last day and none after it
SELECT last FROM (SELECT max(event_date) AS last FROM fact_event) WHERE last <> DATE '2026-11-19';

-- the date of an event is that of its time
SELECT event_id FROM fact_event WHERE event_date <> event_time::DATE;

-- a session is of one visitor and shorter than an hour
SELECT session_id FROM fact_event GROUP BY session_id
HAVING count(DISTINCT visitor_id) > 1 OR max(event_time) - min(event_time) >= INTERVAL 1 HOUR;

-- the steps of a session follow one another in time
SELECT event_id
FROM (SELECT *, lag(event_time) OVER (PARTITION BY session_id ORDER BY event_id) AS before
      FROM fact_event)
WHERE event_time <= before;

-- a session on the phone bank begins with 打开APP unless it is a registration
SELECT session_id FROM fact_event WHERE terminal = '手机银行' GROUP BY session_id
HAVING min_by(event_name, event_time) NOT IN ('打开APP', '进入注册页');

-- 打开APP comes first and only on the phone bank
SELECT event_id
FROM (SELECT *, lag(event_id) OVER (PARTITION BY session_id ORDER BY event_time) AS before
      FROM fact_event)
WHERE event_name = '打开APP' AND (before IS NOT NULL OR terminal <> '手机银行');

-- success comes right after the attempt, in the same session
SELECT event_id
FROM (SELECT *, lag(event_name) OVER (PARTITION BY session_id ORDER BY event_time) AS before
      FROM fact_event)
WHERE coalesce(before, '') <> CASE event_name WHEN '填写资料' THEN '进入注册页'
    WHEN '短信验证' THEN '填写资料' WHEN '注册成功' THEN '短信验证' WHEN '绑卡成功' THEN '发起绑卡'
    WHEN '申购成功' THEN '立即申购' WHEN '投保成功' THEN '立即投保' ELSE coalesce(before, '') END;

-- a failed attempt has a reason and no success after it
SELECT event_id
FROM (SELECT *, lead(event_name) OVER (PARTITION BY session_id ORDER BY event_time) AS after
      FROM fact_event)
WHERE event_name = '发起绑卡' AND (fail_reason IS NULL) <> (after IS NOT DISTINCT FROM '绑卡成功');

-- every customer of an event exists and has opened and not yet closed
SELECT event_id FROM fact_event AS e LEFT JOIN dim_customer AS c USING (customer_id)
WHERE e.customer_id IS NOT NULL
  AND (c.customer_id IS NULL OR event_date < open_date OR event_date > close_date);

-- nobody has a customer number before registration
SELECT event_id
FROM fact_event AS e JOIN (SELECT visitor_id, event_time AS registered FROM fact_event
                           WHERE event_name = '注册成功') USING (visitor_id)
WHERE (event_time < registered) <> (customer_id IS NULL);

-- a device belongs to one customer
SELECT visitor_id FROM fact_event GROUP BY visitor_id HAVING count(DISTINCT customer_id) > 1;

-- who opened online registered on the day of opening, and nobody else did
SELECT customer_id
FROM (SELECT customer_id, event_date FROM fact_event WHERE event_name = '注册成功')
FULL JOIN (SELECT customer_id, open_date
           FROM dim_customer JOIN dim_channel ON channel_id = reg_channel_id
           WHERE channel_group = '线上' AND open_date BETWEEN '2024-10-01' AND '2026-11-19')
    USING (customer_id)
WHERE event_date IS DISTINCT FROM open_date;

-- only page views have a length of stay, and it ends before the next event
SELECT event_id
FROM (SELECT *, lead(event_time) OVER (PARTITION BY session_id ORDER BY event_time) AS after
      FROM fact_event)
WHERE (stay_seconds IS NULL) <> (event_name <> '浏览页面')
   OR stay_seconds > epoch(after - event_time);

-- system and version are given where the terminal has them
SELECT event_id FROM fact_event
WHERE (os IS NULL) <> (terminal = '网上银行') OR (app_version IS NULL) <> (terminal <> '手机银行');

-- the outlet of an event is that of its customer in that month
SELECT event_id
FROM fact_event AS e JOIN fact_cust_month AS c
  ON c.customer_id = e.customer_id AND c.month_end = last_day(e.event_date)
WHERE c.org_id <> e.org_id;
