-- 20 branches with 385 outlets, two units of the head office, and one outlet merged mid-history.

CREATE TEMP TABLE outlets AS
WITH places AS (
    SELECT branch, sub_branch, city, county, 1 AS part, 1 AS position,
           sub_branch || '营业部' AS outlet, false AS is_township
    FROM sub_branches
    UNION ALL
    SELECT branch, sub_branch, city, county, 2,
           generate_subscripts(string_split(streets, ' '), 1),
           unnest(string_split(streets, ' ')) || '分理处', false
    FROM sub_branches WHERE streets <> ''
    UNION ALL
    SELECT branch, sub_branch, city, county, 3,
           generate_subscripts(string_split(towns, ' '), 1),
           unnest(string_split(towns, ' ')) || '分理处', true
    FROM sub_branches WHERE towns <> ''
), everything AS (
    SELECT 1 AS rank, share, branch, sub_branch, part, position, outlet, is_township,
           province, city, county, area, growth, wealth, '网点' AS org_kind,
           CASE part WHEN 1 THEN 3.0 WHEN 2 THEN 1.6 ELSE 0.8 END AS footfall,
           CASE part WHEN 1 THEN 1.2 WHEN 2 THEN 1.0 ELSE 0.72 END AS affluence
    FROM places JOIN branches USING (branch)
    UNION ALL
    SELECT 0, share, '总行直属', '总行直属', 1, position, outlet, false,
           '宁夏回族自治区', '银川市', '金凤区', '西北', 0.08, wealth, '总行直属',
           CASE position WHEN 1 THEN 17 ELSE 3 END, 1.0
    FROM (VALUES (1, '总行营业部', 1.6, 0.02), (2, '信用卡中心', 0.4, 0.02))
        AS units(position, outlet, wealth, share)
), numbered AS (
    SELECT row_number() OVER (
               ORDER BY rank, share DESC, branch, sub_branch, part, position) AS org_no, *
    FROM everything
), weighed AS (
    SELECT *, numbered('O', org_no, 3) AS org_id,
           round(footfall * (0.5 + 1.5 * draw(org_no, 'outlet.footfall')), 6) AS pull
    FROM numbered
)
SELECT *,
       share * pull / sum(pull::DECIMAL(18, 6)) OVER (PARTITION BY branch)::DOUBLE AS weight,
       wealth * affluence * (0.8 + 0.4 * draw(org_no, 'outlet.wealth')) AS local_wealth,
       growth + 0.06 * (draw(org_no, 'outlet.growth') - 0.5) AS local_growth
FROM weighed;

SET VARIABLE merged_no = (SELECT max(org_no) + 1 FROM outlets);
SET VARIABLE merged_id = numbered('O', getvariable('merged_no'), 3);
SET VARIABLE heir_no = (SELECT org_no FROM outlets WHERE outlet = '青山路分理处');
SET VARIABLE merged_m = 9;
SET VARIABLE merged_on = (SELECT month_end FROM months WHERE m = getvariable('merged_m'));

INSERT INTO dim_org BY NAME
SELECT org_id, outlet, sub_branch, branch, '示例银行' AS head_office, org_kind, is_township,
       province, city, county, area,
       make_date(1984 + pick(org_no, 'outlet.year', 23), 1 + pick(org_no, 'outlet.month', 12), 18)
           AS opened_on
FROM outlets ORDER BY org_no;

INSERT INTO dim_org BY NAME
SELECT getvariable('merged_id') AS org_id, '矿务街分理处' AS outlet, sub_branch, branch,
       '示例银行' AS head_office, '已撤并' AS org_kind, false AS is_township,
       province, city, county, area, DATE '1996-05-18' AS opened_on,
       getvariable('merged_on') AS closed_on,
       org_id AS merged_into
FROM outlets WHERE org_no = getvariable('heir_no');

-- Growth per account of each outlet; the rest of its growth comes from new customers and accounts.
CREATE TEMP TABLE outlet_growth AS
SELECT org_no, m, round(pow(1 + local_growth - 0.05, m / 12.0), 8) AS factor
FROM outlets, months;

-- Where a place on the unit line falls: outlets take a stretch as long as their weight.
CREATE TEMP TABLE outlet_stretches AS
SELECT org_no,
       ((sum(w) OVER upto - w) / sum(w) OVER ())::DOUBLE AS lo
FROM (SELECT org_no, weight::DECIMAL(18, 12) AS w FROM outlets)
WINDOW upto AS (ORDER BY org_no);

CREATE TEMP TABLE branch_outlets AS
SELECT branch, org_id, row_number() OVER (PARTITION BY branch ORDER BY org_no) - 1 AS seat,
       count(*) OVER (PARTITION BY branch) AS seats
FROM outlets;
