-- Policies, their months, and claims. An insurance account is a policy; others hold one besides.

CREATE TEMP TABLE insured AS
SELECT a.no * 8 + k.kind AS key, a.no, k.kind, a.open_date AS first_issue, a.close_date AS left_on
FROM accounts AS a JOIN policy_kinds AS k USING (product_id);

INSERT INTO insured
SELECT key, no, kind, first_issue, left_on
FROM (
    SELECT c.no * 8 + k.kind AS key, c.no, k.kind, c.close_date AS left_on,
           CASE WHEN c.open_m < 1 AND draw(key, 'policy.early') < 0.62
                THEN getvariable('first_day') - 1
                     - (draw(key, 'policy.start')
                        * least(1095, getvariable('first_day') - 1 - c.open_date))::INTEGER
                ELSE greatest(c.open_date, opening_day(key, 'policy.start')) END AS first_issue
    FROM customers AS c JOIN people AS p USING (no), policy_kinds AS k
    WHERE c.age BETWEEN 20 AND 65
      AND draw(key, 'policy.held') < CASE
          WHEN k.product_id = 'P406' AND p.has_newborn THEN 0.36
          ELSE k.extra * least(1.6, exp(0.25 * c.affluence)) END
)
WHERE key NOT IN (SELECT key FROM insured) AND first_issue < coalesce(left_on, DATE '9999-12-31');

-- A one-year policy is renewed as a new one while `stays` is below the chance to get that far.
CREATE TEMP TABLE policies AS
WITH terms AS (
    SELECT i.*, k.* EXCLUDE (kind), c.affluence, c.has_app, c.org_no, c.old_org_no,
           unnest(range(CASE WHEN is_one_year = 1 THEN 7 ELSE 1 END)) AS term,
           i.key * 8 + term AS policy_no,
           (first_issue + to_years(term::INTEGER))::DATE AS issue_date,
           weighted(channels)[1 + pick(i.key, 'policy.channel', 10)] AS wanted_channel
    FROM insured AS i JOIN policy_kinds AS k USING (kind) JOIN customers AS c USING (no)
), issued AS (
    SELECT *,
           CASE WHEN is_one_year = 1
                THEN (first_issue + to_years((term + 1)::INTEGER))::DATE END AS end_date,
           CASE WHEN wanted_channel = 'CH01' AND NOT has_app THEN 'CH11' ELSE wanted_channel END
               AS channel_id,
           is_one_year = 0 AND draw(key, 'policy.mode') < regular AS is_regular,
           greatest(premium * 0.3, least(1500000, premium * exp(sigma * bell(key, 'policy.premium')
               + wealth * greatest(-2, least(affluence, 4))))) AS yearly,
           round(CASE WHEN is_one_year = 1
                      THEN yearly * (0.92 + 0.14 * draw(policy_no, 'policy.discount'))
                      WHEN is_regular THEN greatest(1, round(yearly / 100)) * 100
                      ELSE greatest(1, round(yearly * single_times / 1000)) * 1000 END, 2)
               ::DECIMAL(18, 2) AS first_premium,
           draw(key, 'policy.pays') AS pays,
           0.91 + CASE channel_id WHEN 'CH15' THEN 0.02 WHEN 'CH18' THEN -0.06 ELSE 0 END
               AS second_year,
           -- The first year whose premium is not paid.
           CASE WHEN NOT is_regular THEN 99 WHEN pays >= second_year THEN 1
                WHEN pays >= second_year * 0.960 THEN 2 WHEN pays >= second_year * 0.935 THEN 3
                WHEN pays >= second_year * 0.915 THEN 4 WHEN pays >= second_year * 0.900 THEN 5
                ELSE 99 END AS unpaid_year
    FROM terms
    WHERE issue_date <= getvariable('last_day')
      AND issue_date < coalesce(left_on, DATE '9999-12-31')
      AND (term = 0 OR draw(key, 'policy.stays') < round(pow(renewal, term), 6))
), ended AS (
    SELECT *,
           CASE WHEN unpaid_year < 99
                THEN (issue_date + to_years(unpaid_year) + INTERVAL 60 DAY)::DATE END AS lapse_date,
           CASE WHEN is_one_year = 0 THEN least(
                CASE WHEN left_on IS NOT NULL THEN greatest(left_on, issue_date + 45) END,
                CASE WHEN draw(key, 'policy.surrender') < 0.08
                     THEN issue_date + 400 + pick(key, 'policy.surrender.on', 1500) END) END
               AS surrender_date,
           least(lapse_date, surrender_date) AS drawn_end
    FROM issued
)
SELECT policy_no, numbered('B', policy_no, 9) AS policy_id, key, no, term, product_id,
       org_no, old_org_no, channel_id, issue_date, end_date, is_one_year, is_regular, yearly,
       first_premium, unpaid_year, risk_share, reserve_share, frequency, severity, close_days,
       CASE WHEN drawn_end <= getvariable('last_day') THEN drawn_end END AS terminate_date,
       coalesce(lapse_date <= surrender_date, surrender_date IS NULL) AS is_lapse,
       coalesce(end_date, terminate_date, DATE '9999-12-31') AS covered_until,
       year(issue_date) * 12 + month(issue_date) - getvariable('month_zero') AS issue_m,
       year(covered_until) * 12 + month(covered_until) - getvariable('month_zero') AS last_m,
       lead(policy_no) OVER (PARTITION BY key ORDER BY term) IS NOT NULL AS is_renewed
FROM ended;

INSERT INTO fact_policy BY NAME
SELECT policy_id, issue_date, end_date, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN issue_date <= getvariable('merged_on') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       product_id, channel_id, CASE WHEN is_regular THEN '期交' ELSE '趸交' END AS pay_mode,
       first_premium, terminate_date
FROM policies ORDER BY issue_date, policy_no;

CREATE TEMP TABLE policy_path AS
SELECT p.*, t.m, t.month_end, t.first_day, t.m - p.issue_m AS age_m,
       (p.issue_date + to_years((age_m // 12)::INTEGER))::DATE AS due_date,
       p.is_regular AND age_m > 0 AND age_m % 12 = 0 AND due_date < p.covered_until AS is_due,
       is_due AND age_m // 12 < p.unpaid_year AS is_paid,
       -- Premiums paid before this month.
       CASE WHEN age_m = 0 THEN 0 WHEN NOT p.is_regular THEN 1
            ELSE 1 + least((age_m - 1) // 12, p.unpaid_year - 1) END AS payments,
       CASE WHEN p.is_one_year = 0 THEN
           round(p.first_premium::DOUBLE * payments * p.reserve_share * (1 + 0.0018 * age_m), 2)
           ELSE 0 END AS reserve,
       -- The share of the year that has run, up to this month end and the one before.
       least(1, (t.month_end + 1 - p.issue_date) / (p.end_date - p.issue_date)) AS run,
       greatest(0, (t.first_day - p.issue_date) / (p.end_date - p.issue_date)) AS run_before
FROM policies AS p
JOIN months AS t ON t.m BETWEEN greatest(1, p.issue_m) AND least(25, p.last_m);

INSERT INTO fact_policy_month BY NAME
SELECT month_end, policy_id, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN m <= getvariable('merged_m') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       product_id, (covered_until > month_end)::INTEGER AS in_force,
       CASE WHEN age_m = 0 OR is_paid THEN first_premium ELSE 0 END AS written_premium,
       CASE WHEN is_one_year = 1
            THEN round(first_premium::DOUBLE * run, 2) - round(first_premium::DOUBLE * run_before, 2)
            WHEN age_m = 0 OR is_paid THEN round(first_premium::DOUBLE * risk_share, 2)
            ELSE 0 END AS earned_premium,
       CASE WHEN is_due AND age_m = 12 THEN first_premium ELSE 0 END AS due_13m,
       CASE WHEN is_paid AND age_m = 12 THEN first_premium ELSE 0 END AS paid_13m,
       (is_one_year = 1 AND m = last_m)::INTEGER AS expiring,
       (is_one_year = 1 AND m = last_m AND is_renewed)::INTEGER AS renewed,
       CASE WHEN is_one_year = 0 AND m = last_m AND NOT is_lapse
            THEN round(reserve * (0.86 + 0.10 * draw(policy_no, 'policy.value')), 2)
            ELSE 0 END AS surrender_amount,
       reserve AS reserve_begin
FROM policy_path ORDER BY month_end, policy_no;
DROP TABLE policy_path;

-- Some customers claim again and again.
CREATE TEMP TABLE bare_claims AS
SELECT * EXCLUDE (key), claim_no * 8
           + unnest(range(least(8, floor(rate + draw(claim_no, 'claim.rest')))::BIGINT)) AS key
FROM (
    SELECT *, unnest(range(CASE WHEN is_one_year = 1 THEN 1 ELSE 6 END)) AS y,
           policy_no * 8 + y AS claim_no, draw(no, 'claim.serial') < 0.014 AS is_serial,
           frequency * CASE WHEN is_serial AND is_one_year = 1 THEN 13
                            ELSE 0.5 + 1.5 * pow(draw(no, 'claim.rate'), 2) END AS rate
    FROM policies WHERE frequency > 0
);

CREATE TEMP TABLE claims AS
SELECT *, (issue_date + to_years(y::INTEGER))::DATE + pick(key, 'claim.on', 365) AS report_date,
       draw(key, 'claim.suspicious') < CASE WHEN report_date < issue_date + 30 THEN 0.22
                                            WHEN is_serial THEN 0.10 ELSE 0.028 END AS is_suspicious,
       1 + floor(close_days * exp(0.7 * bell(key, 'claim.days')))::INTEGER
           + CASE WHEN is_suspicious THEN 12 + pick(key, 'claim.review', 40) ELSE 0 END
           + CASE WHEN draw(key, 'claim.disputed') < 0.006 THEN 260 ELSE 0 END AS days_needed,
       report_date + days_needed <= getvariable('last_day') AS is_closed,
       draw(key, 'claim.refused') < CASE WHEN is_suspicious THEN 0.40 ELSE 0.05 END AS is_refused,
       round(greatest(50, yearly * severity * exp(0.75 * bell(key, 'claim.amount'))), 2) AS estimate
FROM bare_claims
WHERE report_date BETWEEN greatest(issue_date + CASE WHEN is_one_year = 1 THEN 1 ELSE 90 END,
                                   getvariable('first_day') - 365)
                      AND least(covered_until - 1, getvariable('last_day'));

INSERT INTO fact_claim BY NAME
SELECT numbered('K', key, 11) AS claim_id, report_date,
       CASE WHEN is_closed THEN report_date + days_needed END AS close_date,
       CASE WHEN is_closed AND NOT is_refused
            THEN report_date + days_needed - pick(key, 'claim.paid', least(3, days_needed)) END
           AS pay_date,
       policy_id, numbered('C', no, 6) AS customer_id,
       numbered('O', CASE WHEN report_date <= getvariable('merged_on') THEN old_org_no
                     ELSE org_no END, 3) AS org_id,
       product_id, CASE WHEN is_closed AND NOT is_refused THEN estimate ELSE 0 END AS paid,
       CASE WHEN is_closed THEN 0 ELSE estimate END AS outstanding_change,
       is_closed::INTEGER AS closed, is_suspicious::INTEGER AS suspicious,
       CASE WHEN is_closed THEN days_needed END AS close_days
FROM claims ORDER BY report_date, key;

DROP TABLE bare_claims;
DROP TABLE claims;
DROP TABLE policies;
DROP TABLE insured;
