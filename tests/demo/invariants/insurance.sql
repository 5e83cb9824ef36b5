-- Each query looks for rows that break the claim above it; there must be none.

-- one-year policies end a year after issue, long ones have no end
SELECT policy_id FROM fact_policy JOIN dim_product USING (product_id)
WHERE product_line <> '保险'
   OR (term_band = '1年') <> (end_date IS NOT NULL)
   OR end_date NOT BETWEEN issue_date + 364 AND issue_date + 366
   OR (end_date IS NOT NULL AND (pay_mode <> '趸交' OR terminate_date IS NOT NULL));

-- policies are issued to customers of the bank, by the last day
SELECT policy_id FROM fact_policy JOIN dim_customer USING (customer_id)
WHERE issue_date < open_date OR issue_date >= close_date OR issue_date > DATE '2026-11-19'
   OR issue_date < DATE '2021-09-01' OR first_premium <= 0 OR pay_mode NOT IN ('趸交', '期交');

-- a policy is surrendered or lapses after issue, by the last day
SELECT policy_id FROM fact_policy
WHERE terminate_date <= issue_date OR terminate_date > DATE '2026-11-19';

-- policies are sold at five channels
SELECT policy_id FROM fact_policy JOIN dim_channel USING (channel_id)
WHERE channel_name NOT IN ('手机银行', '柜面', '客户经理', '电销外呼', '合作商户');

-- each policy has one row per month from issue to its end
SELECT policy_id, n, expected
FROM (SELECT policy_id, count(month_end) AS n,
             greatest(0, 1 + datediff('month', greatest(any_value(issue_date), DATE '2024-10-01'),
                 least(any_value(coalesce(end_date, terminate_date, DATE '9999-12-31')),
                       DATE '2026-10-31'))) AS expected
      FROM fact_policy LEFT JOIN fact_policy_month USING (policy_id) GROUP BY ALL)
WHERE n <> expected;

-- a month of a policy agrees with the policy
SELECT policy_id FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
WHERE m.customer_id <> p.customer_id OR m.product_id <> p.product_id
   OR in_force <> (coalesce(end_date, terminate_date, DATE '9999-12-31') > month_end)::INTEGER
   OR month_end < issue_date;

-- the first premium is written in the month of issue, later ones on anniversaries of instalments
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE (last_day(issue_date) = month_end AND written_premium <> first_premium)
   OR written_premium NOT IN (0, first_premium)
   OR (last_day(issue_date) <> month_end AND written_premium > 0
       AND (pay_mode <> '期交' OR month(issue_date) <> month(month_end)));

-- written premiums of the months of issue are the first premiums
SELECT month_end
FROM (SELECT last_day(issue_date) AS month_end, sum(first_premium) AS first FROM fact_policy
      WHERE issue_date BETWEEN DATE '2024-10-01' AND DATE '2026-10-31' GROUP BY ALL)
FULL JOIN (SELECT month_end, sum(written_premium) AS written
           FROM fact_policy_month AS m JOIN fact_policy USING (policy_id)
           WHERE last_day(issue_date) = month_end GROUP BY ALL) USING (month_end)
WHERE first IS DISTINCT FROM written;

-- a one-year premium is earned to the cent over its term
SELECT policy_id
FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE issue_date >= DATE '2024-10-01' AND end_date <= DATE '2026-10-31'
GROUP BY policy_id HAVING sum(earned_premium) <> any_value(first_premium);

-- a month earns its days of the year
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE end_date IS NOT NULL
  AND abs(earned_premium - first_premium * greatest(0, least(end_date, month_end + 1)
          - greatest(issue_date, date_trunc('month', month_end)::DATE)) / (end_date - issue_date))
      > 0.011;

-- a long policy earns the share of risk in the premium written
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
JOIN dim_product AS d ON d.product_id = fact_policy.product_id
WHERE end_date IS NULL AND abs(earned_premium - written_premium
    * MAP {'年金险': 0.03, '教育金险': 0.03, '终身寿险': 0.06, '重疾险': 0.25}[product_type]) > 0.006;

-- the second premium is due twelve months after issue, while the policy has not ended
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE due_13m <> CASE WHEN pay_mode = '期交'
                       AND last_day((issue_date + INTERVAL 12 MONTH)::DATE) = month_end
                       AND (issue_date + INTERVAL 12 MONTH)::DATE
                           < coalesce(terminate_date, DATE '9999-12-31')
                      THEN first_premium ELSE 0 END
   OR paid_13m NOT IN (0, due_13m) OR paid_13m > written_premium;

-- who does not pay the second premium loses the policy 60 days later
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE due_13m > paid_13m
  AND coalesce(terminate_date, DATE '9999-12-31') > (issue_date + INTERVAL 12 MONTH)::DATE + 60
  AND (issue_date + INTERVAL 12 MONTH)::DATE + 60 <= DATE '2026-11-19';

-- one-year policies expire in the month of their end, and are renewed by a policy issued that day
SELECT m.policy_id
FROM fact_policy_month AS m JOIN fact_policy AS p USING (policy_id)
LEFT JOIN fact_policy AS next ON next.customer_id = p.customer_id
    AND next.product_id = p.product_id AND next.issue_date = p.end_date
WHERE expiring <> coalesce(last_day(p.end_date) = month_end, false)::INTEGER
   OR renewed <> (expiring = 1 AND next.policy_id IS NOT NULL)::INTEGER;

-- only long policies have reserves, none in the month of issue, always thereafter
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE (reserve_begin > 0) <> (end_date IS NULL AND last_day(issue_date) < month_end)
   OR reserve_begin < 0;

-- surrender pays at most the reserve, in the last month of a long policy
SELECT policy_id FROM fact_policy_month JOIN fact_policy USING (policy_id)
WHERE surrender_amount > reserve_begin OR surrender_amount < 0
   OR (surrender_amount > 0 AND (in_force = 1
       OR last_day(terminate_date) IS DISTINCT FROM month_end));

-- claims are reported while the policy is in force
SELECT claim_id FROM fact_claim AS c JOIN fact_policy AS p USING (policy_id)
WHERE report_date <= issue_date
   OR report_date >= coalesce(end_date, terminate_date, DATE '9999-12-31')
   OR report_date > DATE '2026-11-19' OR c.customer_id <> p.customer_id
   OR c.product_id <> p.product_id;

-- dates of a claim are in order and agree with its flags
SELECT claim_id FROM fact_claim
WHERE pay_date <= report_date OR pay_date > close_date OR close_date > DATE '2026-11-19'
   OR (closed = 1) <> (close_date IS NOT NULL)
   OR close_days IS DISTINCT FROM close_date - report_date
   OR (paid > 0) <> (pay_date IS NOT NULL) OR paid < 0 OR suspicious NOT IN (0, 1);

-- only open claims leave an estimate
SELECT claim_id FROM fact_claim WHERE (outstanding_change > 0) <> (closed = 0)
   OR outstanding_change < 0;

-- a merged outlet issues no policy and takes no claim or ticket after its last day
SELECT policy_id FROM fact_policy JOIN dim_org USING (org_id) WHERE issue_date > closed_on
UNION ALL
SELECT policy_id FROM fact_policy_month JOIN dim_org USING (org_id) WHERE month_end > closed_on
UNION ALL
SELECT claim_id FROM fact_claim JOIN dim_org USING (org_id) WHERE report_date > closed_on
UNION ALL
SELECT ticket_id FROM fact_service JOIN dim_org USING (org_id) WHERE create_date > closed_on
UNION ALL
SELECT trade_id FROM fact_trade JOIN dim_org USING (org_id) WHERE trade_date > closed_on;

-- families with a newborn hold education policies more often than others
SELECT newborn, others
FROM (SELECT avg(holds::INTEGER) FILTER (has_newborn) AS newborn,
             avg(holds::INTEGER) FILTER (NOT has_newborn) AS others
      FROM (SELECT has_newborn, customer_id IN (
                FROM fact_policy SELECT customer_id WHERE product_id = 'P406') AS holds
            FROM dim_customer))
WHERE newborn < 3 * others;

-- claims and premiums are in a plausible proportion, and few claims are suspicious
SELECT ratio, suspicious
FROM (SELECT sum(paid) FILTER (pay_date BETWEEN DATE '2024-10-01' AND DATE '2026-10-31')
                 / (SELECT sum(earned_premium) FROM fact_policy_month) AS ratio,
             avg(suspicious) AS suspicious FROM fact_claim)
WHERE ratio NOT BETWEEN 0.2 AND 1.2 OR suspicious > 0.15;
