-- Each query looks for rows that break the claim above it; there must be none.

-- the weights of a customer add up to exactly one
SELECT customer_id FROM bridge_customer_tag
GROUP BY customer_id HAVING sum(weight) <> 1 OR min(weight) <= 0;

-- tags are put on customers who are still there, after opening and by the last day
SELECT customer_id FROM bridge_customer_tag JOIN dim_customer USING (customer_id)
WHERE tagged_on < open_date OR tagged_on > DATE '2026-11-19' OR close_date <= DATE '2026-10-31';

-- groups of tags are the four of the column note, names are unique
SELECT tag_name FROM dim_tag WHERE tag_group NOT IN ('偏好', '行为', '风险', '服务')
UNION ALL
SELECT tag_name FROM dim_tag GROUP BY tag_name HAVING count(*) > 1;

-- 潜力股 covers the potential customers of the newest month and nobody else
SELECT customer_id
FROM (FROM bridge_customer_tag JOIN dim_tag USING (tag_id) SELECT customer_id, 1 AS tagged
      WHERE tag_name = '潜力股')
FULL JOIN (FROM fact_cust_month SELECT customer_id, 1 AS flagged
           WHERE month_end = DATE '2026-10-31' AND potential_flag = 1) USING (customer_id)
WHERE tagged IS NULL OR flagged IS NULL;

-- 新生儿家庭 covers the customers with a newborn who have not left
SELECT customer_id
FROM (FROM bridge_customer_tag JOIN dim_tag USING (tag_id) SELECT customer_id, 1 AS tagged
      WHERE tag_name = '新生儿家庭')
FULL JOIN (FROM fact_cust_month JOIN dim_customer USING (customer_id) SELECT customer_id, 1 AS born
           WHERE month_end = DATE '2026-10-31' AND status <> '销户' AND has_newborn)
    USING (customer_id)
WHERE tagged IS NULL OR born IS NULL;

-- 理财达人 hold at least 50,000 of wealth products
SELECT customer_id
FROM (FROM bridge_customer_tag JOIN dim_tag USING (tag_id) SELECT customer_id, 1 AS tagged
      WHERE tag_name = '理财达人')
FULL JOIN (FROM fact_balance JOIN fact_cust_month USING (month_end, customer_id)
           SELECT customer_id, sum(end_balance) AS wealth
           WHERE month_end = DATE '2026-10-31' AND product_line = '理财' AND status <> '销户'
           GROUP BY customer_id HAVING wealth >= 50000) USING (customer_id)
WHERE tagged IS NULL OR wealth IS NULL;

-- 近期投诉 covers the customers who complained in the last six months
SELECT customer_id
FROM (FROM bridge_customer_tag JOIN dim_tag USING (tag_id) SELECT customer_id, 1 AS tagged
      WHERE tag_name = '近期投诉')
FULL JOIN (FROM fact_service JOIN fact_cust_month USING (customer_id)
           SELECT DISTINCT customer_id, 1 AS complained
           WHERE kind = '投诉' AND month_end = DATE '2026-10-31' AND status <> '销户'
             AND create_date BETWEEN DATE '2026-05-01' AND DATE '2026-10-31') USING (customer_id)
WHERE tagged IS NULL OR complained IS NULL;

-- most customers have one to five tags
SELECT share
FROM (SELECT avg((n BETWEEN 1 AND 5)::INTEGER) AS share
      FROM (SELECT count(tag_id) AS n FROM dim_customer LEFT JOIN bridge_customer_tag
            USING (customer_id) GROUP BY customer_id))
WHERE share < 0.6;

-- risk levels follow each other without gap, the level changing each time
SELECT customer_id
FROM (SELECT *, lead(valid_from) OVER mine AS next_from, lead(risk_tolerance) OVER mine AS next_level
      FROM dim_customer_risk_hist WINDOW mine AS (PARTITION BY customer_id ORDER BY valid_from))
WHERE valid_to <> coalesce(next_from, DATE '9999-12-31') OR valid_from >= valid_to
   OR risk_tolerance = next_level OR risk_tolerance NOT BETWEEN 'C1' AND 'C5';

-- the newest risk level is that of the customer, and who was never assessed has none
SELECT customer_id
FROM dim_customer AS c FULL JOIN (FROM dim_customer_risk_hist WHERE valid_to = DATE '9999-12-31') AS h
    USING (customer_id)
WHERE c.risk_tolerance IS DISTINCT FROM h.risk_tolerance;

-- assessments happen between opening and the last day
SELECT customer_id FROM dim_customer_risk_hist JOIN dim_customer USING (customer_id)
WHERE valid_from < open_date OR valid_from > least(close_date, DATE '2026-11-19');

-- one to three assessments per customer
SELECT customer_id FROM dim_customer_risk_hist GROUP BY customer_id HAVING count(*) > 3;
