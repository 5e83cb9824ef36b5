-- Tags by rule on the newest month, weights that add up to one, and the history of risk levels.

INSERT INTO dim_tag BY NAME
SELECT tag_id, tag_name, tag_group, description FROM tags ORDER BY tag_id;

SET VARIABLE tag_from = (SELECT first_day FROM months WHERE m = 23);

CREATE TEMP TABLE tag_dealings AS
SELECT customer_id,
       count(*) FILTER (txn_type = '基金定投') AS plans,
       count(*) FILTER (txn_type = '代发工资') AS wages,
       count(*) FILTER (txn_type = '消费支付') AS payments,
       count(*) FILTER (txn_type = '缴费') AS bills,
       count(*) FILTER (channel_id = 'CH11') AS visits,
       max(amount) FILTER (txn_type = '转账转出') AS largest
FROM fact_txn
WHERE success = 1 AND txn_date BETWEEN getvariable('tag_from') AND getvariable('last_month_end')
GROUP BY customer_id;

CREATE TEMP TABLE tag_holdings AS
SELECT customer_id,
       sum(end_balance) FILTER (product_line = '理财') AS wealth,
       sum(end_balance) FILTER (product_line = '存款' AND is_demand = 0) AS term_deposit,
       bool_or(product_line IN ('理财', '基金') AND end_balance > 0) AS invests
FROM fact_balance WHERE month_end = getvariable('last_month_end')
GROUP BY customer_id;

CREATE TEMP TABLE tag_policies AS
SELECT customer_id, bool_or(product_id = 'P407') AS has_car
FROM fact_policy_month WHERE month_end = getvariable('last_month_end') AND in_force = 1
GROUP BY customer_id;

CREATE TEMP TABLE tag_pasts AS
SELECT customer_id, max(churn_warn_flag) AS warned,
       sum(aum_end) FILTER (month_end = last_day(getvariable('tag_from') - 1)) AS aum_before
FROM fact_cust_month WHERE month_end >= getvariable('tag_from') - 1
GROUP BY customer_id;

CREATE TEMP TABLE tagged AS
SELECT customer_id, open_date, unnest([
           CASE WHEN wealth >= 50000 THEN 1 END,
           CASE WHEN plans > 0 THEN 2 END,
           CASE WHEN term_deposit >= 100000 AND term_deposit >= 0.8 * aum_end THEN 3 END,
           CASE WHEN customer_id IN (
                    FROM fact_trade SELECT customer_id
                    WHERE security_type = '股票' AND trade_date
                        BETWEEN getvariable('tag_from') AND getvariable('last_month_end'))
                THEN 4 END,
           CASE WHEN has_car IS NOT NULL THEN 5 END,
           CASE WHEN has_car OR interest = '汽车' THEN 6 END,
           CASE WHEN interest = '旅游' THEN 7 END,
           CASE WHEN interest = '亲子' THEN 8 END,
           CASE WHEN wages > 0 THEN 9 END,
           CASE WHEN login_cnt >= 6 THEN 10 END,
           CASE WHEN visits >= 3 THEN 11 END,
           CASE WHEN largest >= 50000 THEN 12 END,
           CASE WHEN customer_id IN (
                    FROM fact_card_month SELECT customer_id WHERE month_end >= getvariable('tag_from')
                    GROUP BY customer_id HAVING sum(spend_amount) >= 20000)
                THEN 13 END,
           CASE WHEN payments >= 15 THEN 14 END,
           CASE WHEN bills >= 4 THEN 15 END,
           CASE WHEN potential_flag = 1 THEN 16 END,
           CASE WHEN lifecycle = '睡眠' THEN 17 END,
           CASE WHEN warned = 1 THEN 18 END,
           CASE WHEN customer_id IN (
                    FROM fact_loan_month SELECT customer_id
                    WHERE month_end = getvariable('last_month_end') AND overdue_days > 0)
                THEN 19 END,
           CASE WHEN aum_before >= 50000 AND aum_end <= 0.5 * aum_before THEN 20 END,
           CASE WHEN risk_tolerance IN ('C4', 'C5') THEN 21 END,
           CASE WHEN risk_tolerance IS NULL AND age >= 18 AND invests THEN 22 END,
           CASE WHEN has_newborn THEN 23 END,
           CASE WHEN age >= 60 THEN 24 END,
           CASE WHEN customer_id IN (
                    FROM fact_service SELECT customer_id
                    WHERE kind = '投诉' AND create_date <= getvariable('last_month_end')
                      AND create_date > last_day(getvariable('last_month_end') - INTERVAL 6 MONTH))
                THEN 25 END,
           CASE WHEN level_rank >= 3 AND manager_id IS NOT NULL THEN 26 END,
           CASE WHEN lifecycle = '流失' THEN 27 END,
           CASE WHEN lifecycle = '新客' THEN 28 END]) AS tag_no
FROM fact_cust_month AS c
JOIN (SELECT *, datesub('year', birth_date, getvariable('last_month_end')) AS age
      FROM dim_customer) AS d USING (customer_id)
LEFT JOIN tag_dealings USING (customer_id)
LEFT JOIN tag_holdings USING (customer_id)
LEFT JOIN tag_policies USING (customer_id)
LEFT JOIN tag_pasts USING (customer_id)
WHERE month_end = getvariable('last_month_end') AND status <> '销户';

INSERT INTO bridge_customer_tag BY NAME
SELECT customer_id, tag_id,
       CASE WHEN tag_no = first_no THEN 1 - (sum(share) OVER mine - share) ELSE share END AS weight,
       CASE WHEN is_monthly = 1 THEN least(getvariable('last_day'), getvariable('last_month_end') + 2)
            ELSE greatest(open_date, getvariable('last_month_end') - pick(key, 'tag.on', 400)) END
           AS tagged_on
FROM (
    SELECT *, substr(customer_id, 2)::INTEGER * 32 + tag_no AS key, min(tag_no) OVER mine AS first_no,
           1 + pick(key, 'tag.weight', 9) AS part,
           round(part / sum(part) OVER mine, 6)::DECIMAL(9, 6) AS share
    FROM tagged WHERE tag_no IS NOT NULL
    WINDOW mine AS (PARTITION BY customer_id)
)
JOIN tags ON tag_id = numbered('TG', tag_no, 2)
WINDOW mine AS (PARTITION BY customer_id)
ORDER BY customer_id, tag_id;

-- Assessed once to three times; each time the level moved one step, and the last one is today's.
CREATE TEMP TABLE assessments AS
WITH assessed AS (
    SELECT no, substr(risk_tolerance, 2)::INTEGER AS level_now, d.open_date,
           coalesce(d.close_date, getvariable('last_day')) - d.open_date AS span,
           CASE WHEN span < 400 THEN 1 ELSE 1 + pick(no, 'risk.times', 3) END AS times
    FROM customers JOIN dim_customer AS d ON d.customer_id = numbered('C', no, 6)
    WHERE risk_tolerance IS NOT NULL
), walked AS (
    SELECT *,
           CASE level_now WHEN 1 THEN 2 WHEN 5 THEN 4
                ELSE level_now + CASE WHEN draw(no, 'risk.step') < 0.5 THEN 1 ELSE -1 END END AS level_1,
           CASE level_1 WHEN 1 THEN 2 WHEN 5 THEN 4
                ELSE level_1 + CASE WHEN draw(no, 'risk.step.2') < 0.5 THEN 1 ELSE -1 END END AS level_2
    FROM assessed
)
SELECT no, seq, [level_now, level_1, level_2][times - seq] AS level,
       -- The first soon after opening, the others each in their part of the time since.
       open_date + CASE WHEN seq = 0 THEN least(span, pick(no, 'risk.first', 60))
                        ELSE (span * (seq + 0.2 + 0.6 * draw(no * 4 + seq, 'risk.on')) / times)::INTEGER
                        END::INTEGER AS valid_from
FROM walked, (SELECT unnest(range(3))::INTEGER AS seq) WHERE seq < times;

INSERT INTO dim_customer_risk_hist BY NAME
SELECT numbered('C', no, 6) AS customer_id, 'C' || level AS risk_tolerance, valid_from,
       coalesce(lead(valid_from) OVER (PARTITION BY no ORDER BY seq), DATE '9999-12-31') AS valid_to
FROM assessments ORDER BY no, seq;

DROP TABLE assessments;
DROP TABLE tagged;
DROP TABLE tag_dealings;
DROP TABLE tag_holdings;
DROP TABLE tag_policies;
DROP TABLE tag_pasts;
