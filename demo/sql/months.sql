-- Month numbers: 1 is the first published month end, 25 the last, 26 the running month.

CREATE TEMP TABLE months AS
SELECT m,
       last_day(getvariable('last_month_end') + to_months(m - 25)) AS month_end,
       date_trunc('month', month_end)::DATE AS first_day,
       day(month_end)::INTEGER AS days
FROM (SELECT unnest(range(-11, 27))::INTEGER AS m);

-- How busy a day is: weekday shape, holidays, the rush before and the dip at 春节, pay days.
CREATE TEMP TABLE day_weights AS
SELECT m, date, day(date)::INTEGER AS d, is_workday,
       CASE WHEN spring_festival_offset BETWEEN -1 AND 6 THEN 0.35
            WHEN holiday IS NOT NULL THEN 0.62
            ELSE [1.06, 1.02, 1.00, 1.01, 1.12, 0.86, 0.76][weekday] END
       * CASE WHEN spring_festival_offset BETWEEN -12 AND -2 THEN 1.28
              WHEN spring_festival_offset BETWEEN 7 AND 15 THEN 0.90 ELSE 1 END
       * CASE WHEN day IN (10, 15, 25) THEN 1.10 ELSE 1 END
       * CASE WHEN month = 11 AND day = 11 THEN 1.65
              WHEN month = 6 AND day = 18 THEN 1.35
              WHEN month = 12 AND day = 12 THEN 1.20 ELSE 1 END
       * (1 + 0.004 * m) AS txn_weight,
       CASE WHEN spring_festival_offset BETWEEN -1 AND 6 THEN 0.10
            WHEN NOT is_workday THEN 0.40 ELSE 1 END
       * s.opening * (1 + 0.006 * m) AS opening_weight
FROM dim_calendar AS c
JOIN months ON c.date BETWEEN first_day AND month_end
JOIN seasons AS s USING (month)
WHERE m BETWEEN 1 AND 26;

-- A thousand slots per month, shared out by weight: picking a slot picks a day.
CREATE TEMP TABLE day_slots AS
SELECT m, slot::INTEGER AS slot, date
FROM (
    SELECT m, date,
           floor(round(1000 * (sum(w) OVER days - w) / sum(w) OVER month, 6)) AS lo,
           floor(round(1000 * sum(w) OVER days / sum(w) OVER month, 6)) AS hi
    FROM (SELECT m, date, txn_weight::DECIMAL(18, 9) AS w FROM day_weights)
    WINDOW month AS (PARTITION BY m), days AS (PARTITION BY m ORDER BY date)
), unnest(range(lo::BIGINT, least(hi, 1000)::BIGINT)) AS t(slot);

CREATE TEMP TABLE month_weights AS
SELECT m, (sum(txn_weight::DECIMAL(18, 9)) / 30.4)::DOUBLE AS weight FROM day_weights GROUP BY m;

-- Days on which accounts are opened, shared out by weight over the whole window.
SET VARIABLE opening_days = (
    SELECT list(date ORDER BY date, n)
    FROM (SELECT date, unnest(range(round(opening_weight * 5)::BIGINT)) AS n
          FROM day_weights WHERE date <= getvariable('last_day')));
CREATE TEMP MACRO opening_day(key, what) AS
    getvariable('opening_days')[1 + pick(key, what, len(getvariable('opening_days')))];

-- The workday on which something dated `date` is really done.
CREATE TEMP TABLE workdays AS
SELECT date, max(CASE WHEN is_workday THEN date END) OVER (ORDER BY date) AS workday
FROM dim_calendar;
