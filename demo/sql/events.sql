-- App behaviour. A session is laid out as a list of steps first and spread into events last.
-- Sessions on the phone bank begin with 打开APP, as many as the customer month counts logins;
-- registrations and visits to the other terminals have no 打开APP.

SET VARIABLE visit_hours = weighted('6:1 7:3 8:5 9:7 10:7 11:5 12:6 13:4 14:4 15:4 16:4 17:4 18:5 '
                                    || '19:7 20:8 21:7 22:4');
SET VARIABLE pages = weighted('首页:5 转账:4 生活缴费:3 我的:3 理财:2 基金:1 存款:2 贷款:1 信用卡:2 '
                              || '保险:1 资讯:1 客服:1');
SET VARIABLE try_channels = weighted('CH01:3 CH03:1 CH05:1 CH31:1 CH32:1 CH33:1 CH41:1 CH42:1 CH44:3 '
                                     || 'CH45:1 CH46:2 CH47:1 CH48:3');
-- The newest version, by the number of days before today.
SET VARIABLE versions = (
    SELECT list(app_version ORDER BY age)
    FROM (SELECT age, min_by(app_version, age_days) AS app_version
          FROM range(1100) AS t(age) JOIN app_versions ON age_days >= age GROUP BY age));
CREATE TEMP MACRO start_second(key, what) AS
    getvariable('visit_hours')[1 + pick(key, what, len(getvariable('visit_hours')))]::INTEGER * 3600
    + pick(key, what || '.second', 3600);
CREATE TEMP MACRO register_second(key) AS 28800 + pick(key, 'register.second', 43200);

-- Who opened an account online registers on that day; for each of them two or three give up.
CREATE TEMP TABLE registrations AS
SELECT no, 33 AS reached, open_date AS date, reg_channel_id AS channel_id,
       no * 16384 + 255 AS key
FROM dim_customer
JOIN dim_channel ON channel_id = reg_channel_id AND channel_group = '线上'
JOIN (SELECT no, numbered('C', no, 6) AS customer_id FROM customers) USING (customer_id)
WHERE open_date BETWEEN getvariable('first_day') AND getvariable('last_day');

CREATE TEMP TABLE tries AS
-- Some who register had given up once before.
SELECT no, 30 + pick(key, 'try.reached', 3) AS reached, date - 1 - pick(key, 'try.before', 20) AS date,
       channel_id, key - 1 AS key
FROM registrations WHERE draw(key, 'try.again') < 0.18
UNION ALL
SELECT visitor_no, CASE WHEN draw(visitor_no, 'try.reached') < 0.45 THEN 30
                        WHEN draw(visitor_no, 'try.reached') < 0.76 THEN 31 ELSE 32 END,
       opening_day(visitor_no, 'try'),
       getvariable('try_channels')[1 + pick(visitor_no, 'try.channel', 20)],
       visitor_no * 16384 + 255
FROM (SELECT getvariable('customers') + unnest(range(1, (2.5 * count(*))::BIGINT)) AS visitor_no
      FROM registrations);

CREATE TEMP TABLE devices AS
SELECT no, printf('V%08X', (no::UBIGINT * 2654435761) & 4294967295) AS visitor_id,
       CASE WHEN draw(no, 'os') < 0.54 THEN 'Android' WHEN draw(no, 'os') < 0.86 THEN 'iOS'
            ELSE '鸿蒙' END AS os,
       -- How long a new version waits on this device.
       (120 * pow(draw(no, 'upgrade'), 3))::INTEGER AS upgrade_days
FROM (SELECT no FROM customers UNION SELECT no FROM tries);

CREATE TEMP TABLE device_owners AS
SELECT no, visitor_id,
       CASE WHEN c.no IS NOT NULL THEN numbered('C', no, 6) END AS customer_id,
       numbered('O', org_no, 3) AS org_id,
       numbered('O', old_org_no, 3) AS old_org_id
FROM devices LEFT JOIN customers AS c USING (no);

CREATE TEMP TABLE sessions AS
SELECT v.no, v.m, v.key, v.date, v.channel_id, 34 AS reached, draw(v.key, 'session.kind') AS kind,
       CASE WHEN r.key IS NULL THEN start_second(v.key, 'session')
            ELSE register_second(r.key) + 3600
                 + pick(v.key, 'session', 79199 - register_second(r.key)) END AS start,
       CASE WHEN is_phone THEN '手机银行' WHEN kind < 0.5 THEN '网上银行' WHEN kind < 0.8 THEN '微信银行'
            ELSE '直销银行' END AS terminal
FROM visit_days AS v LEFT JOIN registrations AS r ON r.no = v.no AND r.date = v.date
UNION ALL
SELECT no, year(date) * 12 + month(date) - getvariable('month_zero'), key, date, channel_id,
       reached, CASE WHEN reached = 33 AND draw(key, 'register.bind') < 0.7 THEN 0.01 ELSE 1 END,
       register_second(key),
       CASE WHEN channel_id = 'CH05' THEN '直销银行' WHEN channel_id IN ('CH03', 'CH46', 'CH47')
            THEN '微信银行' ELSE '手机银行' END
FROM (FROM registrations UNION ALL BY NAME FROM tries)
WHERE date >= getvariable('first_day');
DROP TABLE visit_days;

CREATE TEMP TABLE placed_sessions AS
SELECT s.*, CASE WHEN terminal <> '网上银行' THEN os END AS device_os,
       CASE WHEN terminal = '手机银行'
            THEN getvariable('versions')[1 + (getvariable('as_of') - date)::INTEGER + upgrade_days]
            END AS app_version,
       kind BETWEEN 0.004 AND 0.026 AND terminal <> '网上银行' AND reached >= 33 AS is_binding
FROM sessions AS s JOIN devices USING (no);
DROP TABLE sessions;

-- Planted: on Android with version 9.3.1 two fifths of the cards that bind elsewhere do not bind.
CREATE TEMP TABLE bindings AS
SELECT key, row_number() OVER (mine ORDER BY draw(key, 'bind'), key)
           <= round(0.86 * count(*) OVER mine
                    * CASE WHEN device_os = 'Android' AND app_version = '9.3.1' THEN 0.6 ELSE 1 END)
           AS is_bound
FROM placed_sessions WHERE is_binding
WINDOW mine AS (PARTITION BY device_os, app_version);

-- Step numbers are those of event_steps; 10 is any page.
CREATE TEMP TABLE scripts AS
SELECT s.* EXCLUDE (kind, is_binding, m, start),
       10000000000 + key AS session_no, 'S' || session_no::VARCHAR AS session_id,
       epoch_us(date::TIMESTAMP) + start * 1000000::BIGINT AS began,
       15 + floor(285 * pow(draw(key, 'session.gap'), 2))::INTEGER AS gap,
       CASE WHEN is_binding THEN is_bound ELSE draw(key, 'session.done') < 0.7 END AS is_done,
       list_concat(
           CASE WHEN reached < 34 THEN range(30, reached + 1)
                WHEN terminal = '手机银行' THEN [1, 11] ELSE [11] END,
           CASE WHEN is_binding
                THEN CASE WHEN reached = 33 THEN [40] ELSE [15, 40] END
                     || CASE WHEN is_bound THEN [41] ELSE [] END
                WHEN reached < 34 THEN []
                WHEN kind < 0.004 AND terminal = '手机银行' THEN [10, 70]
                WHEN kind BETWEEN 0.03 AND 0.30
                THEN CASE WHEN kind < 0.15 THEN [12, 10, 50, 51] WHEN kind < 0.22 THEN [13, 10, 52, 53]
                          ELSE [14, 10, 60, 61] END
                     [:2 + CASE WHEN draw(key, 'session.apply') > 0.25 THEN 0 WHEN is_done THEN 2
                                ELSE 1 END]
                ELSE [10, 10, 10, 10, 10, 10][:(5.4 * pow(draw(key, 'session.length'), 2))::INTEGER]
                END) AS steps
FROM placed_sessions AS s LEFT JOIN bindings USING (key)
ORDER BY date, start, key;
DROP TABLE placed_sessions;

CREATE TEMP TABLE line_choices AS
SELECT code, list(product_id ORDER BY product_id) AS choices
FROM event_steps JOIN dim_product
  ON product_line = CASE code // 10 * 10 WHEN 60 THEN '保险' WHEN 50 THEN page END
 AND code >= 50 AND code < 70
GROUP BY code;

INSERT INTO fact_event BY NAME
SELECT 'E' || (session_no * 100 + i)::VARCHAR AS event_id,
       make_timestamp(began + 1000000 * ((i - 1) * gap + pick(e.key * 16 + i, 'event.time', gap // 2)))
           AS event_time,
       date AS event_date, v.visitor_id,
       CASE WHEN reached >= 33 AND code <> 30 AND code <> 31 AND code <> 32
            THEN v.customer_id END AS customer_id,
       CASE WHEN reached >= 33 AND code <> 30 AND code <> 31 AND code <> 32
            THEN CASE WHEN date <= getvariable('merged_on') THEN v.old_org_id ELSE v.org_id END
            END AS org_id,
       event_name,
       CASE WHEN code = 10
            THEN getvariable('pages')[1 + pick(e.key * 16 + i, 'event.page', len(getvariable('pages')))]
            ELSE s.page END AS page,
       terminal, device_os AS os, app_version, channel_id,
       session_id,
       CASE WHEN event_name = '浏览页面'
            THEN round(gap * (0.12 + 0.38 * draw(e.key * 16 + i, 'event.stay')), 2) END AS stay_seconds,
       choices[1 + pick(e.key, 'event.product', len(choices))] AS product_id,
       CASE WHEN code = 70
            THEN ['内存不足', '网络异常', '系统不兼容', '程序异常'][1 + pick(e.key, 'event.crash', 4)]
            WHEN code = 40 AND NOT is_done
            THEN ['预留手机号不符', '验证码超时', '发卡行拒绝', '证件信息不一致'][1 + pick(e.key, 'event.refused', 4)]
            WHEN code IN (50, 52) AND NOT is_done
            THEN ['余额不足', '风险等级不匹配', '产品额度已满', '客户取消'][1 + pick(e.key, 'event.refused', 4)]
            WHEN code = 60 AND NOT is_done
            THEN ['健康告知不符', '余额不足', '客户取消'][1 + pick(e.key, 'event.refused', 3)]
            END AS fail_reason
FROM (SELECT * EXCLUDE (steps), unnest(steps) AS code, generate_subscripts(steps, 1) AS i FROM scripts)
    AS e
JOIN event_steps AS s USING (code)
LEFT JOIN line_choices USING (code)
JOIN device_owners AS v USING (no);
DROP TABLE scripts;
