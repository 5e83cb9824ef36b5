-- Each query looks for rows that break the claim above it; there must be none.

-- a touch lies within its campaign and not in the future
SELECT touch_id FROM fact_touch LEFT JOIN dim_campaign USING (campaign_id)
WHERE campaign_name IS NULL OR touch_date NOT BETWEEN start_date AND end_date
   OR touch_date > DATE '2026-11-19';

-- only a delivered touch is clicked, converts or is rated
SELECT touch_id FROM fact_touch
WHERE delivered = 0 AND (clicked = 1 OR converted = 1 OR satisfaction IS NOT NULL);

-- calls and visits cannot be clicked; elsewhere a conversion was clicked
SELECT touch_id FROM fact_touch
WHERE (clicked IS NULL) <> (channel_id IN ('CH18', 'CH15')) OR clicked < converted;

-- revenue only comes from conversions
SELECT touch_id FROM fact_touch WHERE (revenue > 0) <> (converted = 1);

-- who is acquired was won for a campaign that wins customers and opened in time
SELECT touch_id
FROM fact_touch JOIN dim_campaign USING (campaign_id) JOIN dim_customer USING (customer_id)
WHERE is_acquired = 1 AND (goal <> '获客' OR converted = 0 OR open_date < touch_date
                           OR open_date > end_date + 30);

-- a customer is acquired once
SELECT customer_id FROM fact_touch WHERE is_acquired = 1 GROUP BY customer_id HAVING count(*) > 1;

-- nobody is touched after closing
SELECT touch_id FROM fact_touch JOIN dim_customer USING (customer_id) WHERE touch_date > close_date;

-- came back means the app was opened on days 31 to 60, and is not known earlier
SELECT t.touch_id
FROM fact_touch AS t LEFT JOIN (
    SELECT DISTINCT touch_id FROM fact_touch AS t JOIN fact_event AS e
      ON e.customer_id = t.customer_id AND e.event_name = '打开APP'
     AND e.event_date BETWEEN t.touch_date + 31 AND t.touch_date + 60) AS came USING (touch_id)
WHERE retained_flag IS DISTINCT FROM CASE WHEN t.touch_date <= DATE '2026-09-20'
                                          THEN (came.touch_id IS NOT NULL)::INTEGER END;

-- of three steps the later come on later dates to those who had not converted
SELECT later.touch_id
FROM fact_touch AS later JOIN fact_touch AS earlier USING (campaign_id, customer_id)
WHERE later.touch_id > earlier.touch_id
  AND (later.touch_date <= earlier.touch_date OR earlier.converted = 1);

-- costs are not negative and fall on days of their campaign
SELECT cost_date FROM fact_cost LEFT JOIN dim_campaign USING (campaign_id)
WHERE cost < 0 OR campaign_name IS NULL OR cost_date NOT BETWEEN start_date AND end_date;

-- one row per campaign, channel, day and outlet that pays
SELECT campaign_id FROM fact_cost GROUP BY cost_date, campaign_id, channel_id, org_id
HAVING count(*) > 1;

-- the outlet of a touch is that of its customer in that month
SELECT touch_id
FROM fact_touch AS t JOIN fact_cust_month AS c
  ON c.customer_id = t.customer_id AND c.month_end = last_day(t.touch_date)
WHERE c.org_id <> t.org_id;
