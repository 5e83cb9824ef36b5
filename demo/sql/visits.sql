-- The day of every visit to the phone bank and to the other terminals, months 1 to 26.

-- How often each customer visits; the running month ends on the last day.
CREATE TEMP TABLE visit_counts AS
SELECT a.no, t.m, floor(app_visits * elapsed + CASE WHEN t.m = 26 THEN draw(a.no, 'visits.rest')
                                                    ELSE 0 END)::INTEGER AS idle_visits,
       -- Several transactions share a login.
       ceil(0.4 * coalesce(app_txns, 0) / getvariable('busy'))::INTEGER AS txn_visits
FROM activity AS a
JOIN (SELECT m, greatest(0, least(month_end, getvariable('last_day')) - first_day + 1) / days
                AS elapsed
      FROM months) AS t ON t.m = a.m
LEFT JOIN (SELECT substr(customer_id, 2)::INTEGER AS no,
                  year(txn_date) * 12 + month(txn_date) - getvariable('month_zero') AS m,
                  count(*) AS app_txns
           FROM fact_txn
           WHERE channel_id = 'CH01' AND is_active = 1 AND customer_id < 'C99'
             AND txn_date <= getvariable('last_day')
           GROUP BY ALL) AS d ON d.no = a.no AND d.m = a.m
WHERE a.m >= 1 AND elapsed > 0 AND idle_visits + txn_visits > 0;

SET VARIABLE last_slot = (
    SELECT max(slot) + 1 FROM day_slots WHERE m = 26 AND date <= getvariable('last_day'));

-- A key has room for 256 visits: 0 to 179 on the phone, 180 to 199 after a touch, then the others.
CREATE TEMP TABLE visit_grid AS
SELECT no, m, key, seq, is_idle, pick(key, 'visit.day', CASE WHEN m = 26 THEN getvariable('last_slot')
                                                             ELSE 999 END) AS slot
FROM (SELECT no, m, seq, is_idle, no * 16384 + (m + 16) * 256 + seq AS key
      FROM (SELECT no, m, unnest(range(idle_visits + txn_visits)) AS seq,
                   seq > 0 OR txn_visits = 0 AS is_idle
            FROM visit_counts
            UNION ALL
            SELECT no, m, 200 + unnest(range(floor(0.1 * (idle_visits + txn_visits)
                                                   + draw(no * 64 + m, 'visits.other'))::BIGINT)), false
            FROM visit_counts));

-- Whom a touch did not bring back comes at most to do transactions in that time.
CREATE TEMP TABLE visit_days AS
WITH dated AS (
    SELECT v.no, v.m, v.key, v.seq, v.is_idle,
           CASE WHEN d.date < c.open_date
                THEN c.open_date + pick(v.key, 'visit.first',
                    (least(t.month_end, coalesce(c.close_date, t.month_end), getvariable('last_day'))
                     - c.open_date + 1)::INTEGER)
                WHEN d.date > c.close_date
                THEN t.first_day + pick(v.key, 'visit.last', (c.close_date - t.first_day + 1)::INTEGER)
                ELSE d.date END AS date
    FROM visit_grid AS v
    JOIN day_slots AS d ON d.m = v.m AND d.slot = v.slot
    JOIN customers AS c USING (no)
    JOIN months AS t ON t.m = v.m
)
SELECT no, m, key, seq < 200 AS is_phone, NULL AS channel_id, date
FROM dated
WHERE NOT is_idle OR NOT EXISTS (
    FROM campaign_returns AS r
    WHERE NOT r.comes AND r.no = dated.no AND dated.date BETWEEN r.from_date AND r.from_date + 29)
UNION ALL
SELECT no, m, no * 16384 + (m + 16) * 256 + 179 + row_number() OVER (
           PARTITION BY no, m ORDER BY touch_key), true, channel_id, visit_date
FROM campaign_returns WHERE comes;
DROP TABLE visit_counts;
DROP TABLE visit_grid;

CREATE TEMP TABLE logins AS
SELECT no, m, count(*)::INTEGER AS logins FROM visit_days WHERE is_phone GROUP BY ALL;
