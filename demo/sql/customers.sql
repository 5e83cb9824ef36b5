-- Customers with the marginals of the bank: age, gender and income are dealt out by rank,
-- so that the averages hold at every size.

CREATE TEMP TABLE ranked AS
SELECT no,
       (row_number() OVER (ORDER BY draw(no, 'age'), no) - 0.5) / getvariable('customers') AS age_q,
       (row_number() OVER (ORDER BY draw(no, 'gender'), no) - 0.5) / getvariable('customers')
           AS gender_q
FROM (SELECT unnest(range(1, getvariable('customers') + 1)) AS no);

-- Hours online per week, told by those who answered: from 4 to 69, 30 on average.
CREATE TEMP TABLE online_hours AS
SELECT no, round(4 + 65 * q * sqrt(q), 1) AS weekly_online_hours
FROM (SELECT no, (row_number() OVER (ORDER BY draw(no, 'online') - 0.25 * age_q, no) - 0.5)
                 / count(*) OVER () AS q
      FROM ranked WHERE draw(no, 'online.known') < 0.86);

CREATE TEMP TABLE people AS
WITH aged AS (
    SELECT *,
           CASE WHEN age_q < 0.1600 THEN 8 + 12 * age_q / 0.16
                WHEN age_q < 0.3533 THEN 20 + 10 * (age_q - 0.1600) / 0.1933
                WHEN age_q < 0.5453 THEN 30 + 10 * (age_q - 0.3533) / 0.1920
                WHEN age_q < 0.7353 THEN 40 + 10 * (age_q - 0.5453) / 0.1900
                WHEN age_q < 0.9053 THEN 50 + 10 * (age_q - 0.7353) / 0.1700
                WHEN age_q < 0.9703 THEN 60 + 10 * (age_q - 0.9053) / 0.0650
                ELSE 70 + 14 * (age_q - 0.9703) / 0.0297 END AS age_exact
    FROM ranked
), placed AS (
    SELECT a.*, s.org_no
    FROM (SELECT *, draw(no, 'org') AS spot FROM aged) AS a
    ASOF JOIN outlet_stretches AS s ON a.spot >= s.lo
), sorted AS (
    SELECT p.no, o.org_no, o.org_id, o.branch, o.is_township, o.province, o.city, o.local_wealth,
           floor(age_exact)::INTEGER AS age,
           getvariable('as_of') - (round(age_exact * 365.2425) + 1)::INTEGER AS birth_date,
           CASE WHEN gender_q < 0.63 THEN '男' WHEN gender_q < 0.9965 THEN '女' END AS gender,
           draw(no, 'rural') < CASE WHEN o.is_township THEN 0.66 ELSE 0.07 END AS is_rural,
           draw(no, 'education') - 0.12 * (age > 55)::INTEGER
               + 0.06 * (age BETWEEN 25 AND 40)::INTEGER AS schooling,
           draw(no, 'job') AS job
    FROM placed AS p JOIN outlets AS o USING (org_no)
)
SELECT *,
       CASE WHEN age < 18 THEN '高中及以下'
            WHEN draw(no, 'education.known') < 0.02 THEN NULL
            WHEN schooling < 0.34 THEN '高中及以下' WHEN schooling < 0.62 THEN '大专'
            WHEN schooling < 0.94 THEN '本科' ELSE '硕士及以上' END AS education,
       CASE WHEN age < 22 THEN '学生' WHEN age >= 60 THEN '退休人员'
            WHEN draw(no, 'job.known') < 0.03 THEN NULL
            WHEN is_rural AND job < 0.55 THEN '农民'
            WHEN job < 0.34 THEN '企业职工' WHEN job < 0.54 THEN '个体工商户'
            WHEN job < 0.66 THEN '自由职业' WHEN job < 0.75 THEN '工程技术'
            WHEN job < 0.84 THEN '教师' WHEN job < 0.92 THEN '公务员' ELSE '医护人员' END
           AS occupation,
       CASE WHEN age < 22 THEN '未婚' WHEN draw(no, 'marital.known') < 0.04 THEN NULL
            WHEN draw(no, 'marital') < CASE WHEN age < 27 THEN 0.78 WHEN age < 35 THEN 0.30
                                            ELSE 0.07 END THEN '未婚'
            WHEN draw(no, 'marital.end') < 0.07 THEN '离异' ELSE '已婚' END AS marital,
       coalesce(marital = '已婚', false) AND age BETWEEN 23 AND 40
           AND draw(no, 'newborn') < 0.09 AS has_newborn,
       CASE WHEN age < 22 OR draw(no, 'income.known') < 0.02 THEN NULL ELSE
            round(exp(0.55 * gauss(no, 'income'))
                  * CASE schooling < 0.62 WHEN true THEN 0.8 ELSE 1.25 END
                  * CASE WHEN is_rural THEN 0.7 WHEN age >= 60 THEN 0.6
                         ELSE 1 END
                  * sqrt(local_wealth), 4)::DECIMAL(18, 4) END AS raw_income
FROM sorted;

-- Planted: a group of two, educated people in their working years.
UPDATE people SET occupation = '飞行员'
WHERE no IN (SELECT no FROM people WHERE age BETWEEN 30 AND 45 AND NOT is_rural
             AND schooling > 0.7 ORDER BY no LIMIT 2);

-- Planted: one customer in eight of 杭州分行 came in the last ten months, one after the other.
CREATE TEMP TABLE late_comers AS
SELECT no, months.first_day + pick(no, 'late', 27) AS came_on
FROM (SELECT no, row_number() OVER (ORDER BY draw(no, 'late.turn'), no) AS turn
      FROM people WHERE branch = '杭州分行')
JOIN months ON m = [24, 20, 22, 17, 25, 19, 23, 18, 21, 16][1 + (turn // 8) % 10]
WHERE turn % 8 = 2;

CREATE TEMP TABLE tenures AS
SELECT no,
       CASE WHEN came_on IS NOT NULL THEN greatest(came_on, birth_date + 30)
            WHEN draw(no, 'newcomer') < 0.17
            THEN opening_day(no, 'open')
            ELSE greatest(birth_date + 30, getvariable('first_day') - 1
                 - (5800 * draw(no, 'open') * sqrt(draw(no, 'open.recent')))::INTEGER) END
           AS open_date,
       CASE WHEN draw(no, 'closer') < 0.008
            THEN getvariable('first_day') - 1 - pick(no, 'close.early', 300)
            WHEN draw(no, 'closer') < 0.060
            THEN greatest(getvariable('first_day'), open_date + 12)
                 + pick(no, 'close', getvariable('last_day') - getvariable('first_day') + 60)
            END AS drawn_close,
       CASE WHEN drawn_close BETWEEN open_date + 10 AND getvariable('last_day')
            THEN drawn_close END AS close_date
FROM people LEFT JOIN late_comers USING (no);

-- What the bank does not see: wealth, habits, when a customer falls asleep or moves money away.
CREATE TEMP TABLE customers AS
SELECT p.no, p.org_no, p.branch, p.age, t.open_date, t.close_date,
       (year(open_date) * 12 + month(open_date)) - getvariable('month_zero') AS open_m,
       (year(close_date) * 12 + month(close_date)) - getvariable('month_zero') AS close_m,
       round(least(7600 * exp(1.62 * gauss(no, 'wealth') + 0.35 * gauss(no, 'income'))
             * local_wealth * CASE WHEN age < 18 THEN 0.18 WHEN age < 26 THEN 0.5
                                   WHEN age < 35 THEN 0.9 WHEN age < 60 THEN 1.35 ELSE 1.6 END,
             60000000), 2) AS wealth,
       round(ln(greatest(wealth, 100) / 20000), 6) AS affluence,
       draw(no, 'app') < CASE WHEN age < 15 THEN 0.25 WHEN age < 50 THEN 0.80 WHEN age < 60 THEN 0.55
                              ELSE 0.28 END AS has_app,
       age BETWEEN 22 AND 59 AND draw(no, 'salaried') < 0.42 AS is_salaried,
       round(CASE WHEN age < 18 THEN 0.5 WHEN age < 50 THEN 1.2 WHEN age < 60 THEN 0.9 ELSE 0.65 END
             * (0.10 + 8.8 * pow(draw(no, 'pace'), 4) + 24 * pow(draw(no, 'pace.heavy'), 14)), 6)
           AS pace,
       round(0.03 + 5 * pow(draw(no, 'logins'), 3), 6) AS login_pace,
       CASE WHEN draw(no, 'idle') < 0.17 THEN -99 WHEN draw(no, 'idle') < 0.33
            THEN pick(no, 'idle.from', 32) - 5 ELSE 99 END AS idle_from,
       CASE WHEN draw(no, 'idle') < 0.17
            THEN CASE WHEN draw(no, 'idle.wakes') < 0.2 THEN pick(no, 'idle.to', 27) ELSE 99 END
            WHEN draw(no, 'idle.wakes') < 0.5 THEN idle_from + 3 + pick(no, 'idle.to', 9)
            ELSE 99 END AS idle_to,
       CASE WHEN draw(no, 'leaves') < 0.08 + 0.04 * greatest(0, least(affluence, 3))
            THEN pick(no, 'leaves.m', 29) - 2 ELSE 99 END AS leave_m,
       round(0.02 + 0.25 * draw(no, 'leaves.rest'), 6) AS leave_rest,
       CASE WHEN draw(no, 'frozen') < 0.004 THEN pick(no, 'frozen.m', 27) ELSE 99 END AS frozen_from,
       frozen_from + 1 + pick(no, 'frozen.length', 8) AS frozen_to,
       CASE WHEN p.org_no = getvariable('heir_no') AND draw(no, 'merged') < 0.35
            AND open_m <= getvariable('merged_m') THEN getvariable('merged_no') ELSE p.org_no END
           AS old_org_no
FROM people AS p JOIN tenures AS t USING (no);

-- Planted: every other of the wealthiest eighth of 杭州分行 takes the money away.
UPDATE customers
SET leave_m = [23, 18, 25, 20, 24, 17, 22, 21][1 + turn // 2 % 8],
    leave_rest = 0.03 + 0.08 * leave_rest, idle_from = 99, idle_to = 99
FROM (SELECT no AS rich_no, row_number() OVER (ORDER BY wealth DESC, no) - 1 AS turn,
             count(*) OVER () AS everyone
      FROM customers WHERE branch = '杭州分行' AND open_m < 8 AND close_date IS NULL)
WHERE no = rich_no AND turn % 2 = 1 AND turn < everyone / 8;

-- Two to five customer managers per outlet.
CREATE TEMP TABLE managers AS
SELECT row_number() OVER (ORDER BY org_no, seat) AS manager_no, org_no, seat,
       1 + pick(org_no, 'managers', CASE WHEN is_township THEN 2 ELSE 4 END) AS seats
FROM outlets, (SELECT unnest(range(4)) AS seat) WHERE seat < seats;

CREATE TEMP MACRO surname(key, what) AS
    substr('王李张刘陈马杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾'
           || '丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文哈纳',
           1 + (112 * draw(key, what) * sqrt(draw(key, what || '.common')))::INTEGER, 1);
CREATE TEMP MACRO given_name(key, what) AS
    substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红梅建云海燕春雪佳欣宇浩然子涵梓轩思雨嘉怡俊晨阳博文晓东宁振龙飞鹏辉峰斌鑫波凯旭瑞雅婷慧颖琳倩萍洁莉',
           1 + pick(key, what, 76), 1);
CREATE TEMP MACRO person_name(key, what) AS
    surname(key, what || '.surname') || given_name(key, what || '.first')
    || CASE WHEN draw(key, what || '.double') < 0.68
            THEN given_name(key, what || '.second') ELSE '' END;

INSERT INTO dim_manager BY NAME
SELECT numbered('M', manager_no, 4) AS manager_id,
       person_name(manager_no, 'manager') AS manager_name, org_id
FROM managers JOIN outlets USING (org_no) ORDER BY manager_no;

SET VARIABLE income_scale = (
    SELECT 95700 / (sum(raw_income)::DOUBLE / count(raw_income)) FROM people);

INSERT INTO dim_customer BY NAME
SELECT numbered('C', no, 6) AS customer_id,
       person_name(no, 'customer') AS cust_name,
       -- No operator gives out 12x numbers, and no identity number ends in V.
       '12' || lpad(pick(no, 'mobile', 1000000000)::VARCHAR, 9, '0') AS mobile,
       '640' || lpad(pick(no, 'id.area', 999)::VARCHAR, 3, '0') || strftime(birth_date, '%Y%m%d')
           || lpad(pick(no, 'id.number', 999)::VARCHAR, 3, '0') || 'V' AS id_no,
       CASE WHEN p.age BETWEEN 24 AND 62 AND draw(no, 'small') < 0.07 THEN '小微' ELSE '个人' END
           AS cust_type,
       gender, birth_date, education, occupation,
       round(raw_income::DOUBLE * getvariable('income_scale'), -2) AS annual_income,
       marital, has_newborn,
       CASE WHEN draw(no, 'family.known') < 0.05 THEN NULL WHEN has_newborn THEN '新生儿家庭'
            WHEN p.age >= 60 THEN '退休家庭' WHEN p.age < 22 THEN '在校学生'
            WHEN coalesce(marital, '') <> '已婚' THEN '单身青年'
            WHEN p.age < 30 THEN '二人世界' WHEN p.age < 50 THEN '学龄子女家庭' ELSE '成年子女家庭' END
           AS family_stage,
       CASE WHEN draw(no, 'interest.known') >= 0.08
            THEN ['理财', '运动', '旅游', '美食', '数码', '亲子', '汽车', '影音'][1 + pick(no, 'interest', 8)] END
           AS interest,
       CASE WHEN p.age >= 18 AND draw(no, 'risk.known') >= 0.12
            THEN weighted('C1:2 C2:4 C3:4 C4:2 C5:1')
                     [1 + pick(no, 'risk', CASE WHEN p.age >= 60 THEN 8 ELSE 13 END)] END
           AS risk_tolerance,
       c.open_date, c.close_date,
       CASE WHEN draw(no, 'channel.known') >= 0.01 THEN
            CASE WHEN c.open_m < 1 OR draw(no, 'channel.branch') < 0.45
                 THEN weighted('CH11:4 CH22:2 CH21:1 CH15:1 CH13:1 CH01:1')
                          [1 + pick(no, 'channel', 10)]
                 ELSE weighted('CH01:3 CH03:1 CH05:1 CH21:2 CH23:1 CH31:1 CH32:1 CH33:1 CH34:1 '
                               || 'CH35:1 CH41:1 CH42:1 CH43:1 CH44:2 CH45:1 CH46:2 CH47:1 CH48:2 '
                               || 'CH51:1')[1 + pick(no, 'channel', 25)] END
            END AS reg_channel_id,
       p.org_id,
       CASE WHEN c.affluence > 0.2 OR draw(no, 'managed') < 0.25
            THEN numbered('M', m.manager_no, 4) END AS manager_id,
       is_rural,
       CASE WHEN home < 0.93 THEN p.province ELSE away[1] END AS resident_province,
       CASE WHEN home < 0.93 THEN p.city ELSE away[2] END AS resident_city,
       weekly_online_hours
FROM (SELECT *, draw(no, 'home') AS home, draw(no, 'manager') AS manager_draw,
             [['北京市', '北京市'], ['上海市', '上海市'], ['广东省', '深圳市'], ['浙江省', '杭州市'], ['浙江省', '宁波市'],
              ['陕西省', '西安市'], ['甘肃省', '兰州市'], ['内蒙古自治区', '鄂尔多斯市'], ['四川省', '成都市'],
              ['宁夏回族自治区', '银川市']][1 + pick(no, 'away', 10)] AS away
      FROM people) AS p
JOIN customers AS c USING (no)
LEFT JOIN online_hours USING (no)
LEFT JOIN managers AS m ON m.org_no = p.org_no AND m.seat = floor(manager_draw * m.seats)::BIGINT
ORDER BY no;

-- Planted: six people who hold two customer numbers each.
UPDATE dim_customer AS twin
SET cust_name = same.cust_name, mobile = same.mobile, id_no = same.id_no,
    birth_date = same.birth_date, gender = same.gender, education = same.education,
    occupation = same.occupation, marital = same.marital,
    has_newborn = same.has_newborn, family_stage = same.family_stage
FROM (
    SELECT pair, any_value(COLUMNS(c.* EXCLUDE (customer_id)) ORDER BY birth_date, customer_id)
    FROM (SELECT *, substr(customer_id, 5)::INTEGER % 500 AS pair FROM dim_customer
          WHERE customer_id IN ('C000110', 'C000120', 'C000130', 'C000140', 'C000150', 'C000160',
                                'C000610', 'C000620', 'C000630', 'C000640', 'C000650', 'C000660'))
        AS c
    GROUP BY pair
) AS same
WHERE twin.customer_id IN ('C000' || (same.pair)::VARCHAR, 'C000' || (same.pair + 500)::VARCHAR);
