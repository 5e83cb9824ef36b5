-- Service tickets: some customers call often, some sub-branches serve better than others.

CREATE TEMP TABLE service_quality AS
SELECT org_no, round(bell(min(org_no) OVER (PARTITION BY sub_branch), 'service.quality'), 6) AS quality
FROM outlets;

CREATE TEMP TABLE bare_tickets AS
SELECT a.no, a.m, a.org_no, a.open_date, a.close_date AS left_on, a.has_app,
       a.holds_wealth OR a.holds_fund AS invests, a.has_loan, h.no IS NOT NULL AS has_card,
       q.quality,
       (a.no * 64 + a.m + 16) * 8 + a.seq AS key,
       draw(key, 'ticket.kind') AS u,
       CASE WHEN u < 0.15 * (1 - 0.20 * q.quality) THEN '投诉' WHEN u < 0.20 THEN '建议'
            WHEN u < 0.40 THEN '回访' ELSE '咨询' END AS kind
FROM (
    SELECT *, unnest(range(least(4, floor(
               0.028 * (0.25 + 3 * pow(draw(no, 'ticket.pace'), 3)) * CASE WHEN is_idle THEN 0.35 ELSE 1 END
               + draw(no * 64 + m + 16, 'ticket')))::BIGINT)) AS seq
    FROM activity WHERE m BETWEEN 1 AND 26
) AS a
JOIN customers AS c USING (no)
JOIN service_quality AS q ON q.org_no = c.org_no
LEFT JOIN (SELECT DISTINCT substr(customer_id, 2)::INTEGER AS no FROM fact_card) AS h
  ON h.no = a.no;

CREATE TEMP TABLE tickets AS
SELECT t.*, d.date AS create_date,
       CASE WHEN t.kind = '回访' THEN 'CH16'
            ELSE weighted('CH16:9 CH01:6 CH11:3 CH03:2')[1 + pick(key, 'ticket.channel', 20)] END
           AS wanted_channel,
       CASE WHEN wanted_channel = 'CH01' AND NOT has_app THEN 'CH16' ELSE wanted_channel END
           AS channel_id,
       CASE t.kind
            WHEN '咨询' THEN pick(key, 'ticket.days', 2) * pick(key, 'ticket.wait', 3)
            WHEN '投诉' THEN 1 + floor(4 * exp(0.75 * bell(key, 'ticket.days')))::INTEGER
                            + CASE WHEN draw(key, 'ticket.stuck') < 0.015 THEN 180 ELSE 0 END
            WHEN '建议' THEN 2 + pick(key, 'ticket.days', 16)
            ELSE 0 END AS days_needed,
       create_date + days_needed <= getvariable('last_day') AS is_closed,
       draw(key, 'ticket.happy') < CASE t.kind WHEN '投诉' THEN 0.60 WHEN '建议' THEN 0.82
                                                ELSE 0.915 END + 0.035 * quality AS is_happy
FROM bare_tickets AS t
JOIN day_slots AS d ON d.m = t.m AND d.slot = pick(t.key, 'ticket.day', 1000)
WHERE d.date BETWEEN t.open_date AND least(t.left_on, getvariable('last_day'));

INSERT INTO fact_service BY NAME
SELECT numbered('W', key, 10) AS ticket_id, create_date,
       CASE WHEN is_closed THEN create_date + days_needed END AS close_date,
       numbered('C', no, 6) AS customer_id,
       numbered('O', org_no, 3) AS org_id, channel_id, kind,
       CASE WHEN kind = '投诉' THEN
           CASE WHEN has_loan AND draw(key, 'ticket.loan') < 0.45
                THEN ['贷款审批慢', '贷款审批慢', '催收方式'][1 + pick(key, 'ticket.reason', 3)]
                WHEN has_card AND draw(key, 'ticket.card') < 0.30
                THEN ['信用卡账单', '信用卡账单', '信用卡账单', '催收方式'][1 + pick(key, 'ticket.reason', 4)]
                WHEN invests AND draw(key, 'ticket.invests') < 0.45 THEN '理财收益不及预期'
                ELSE weighted(CASE channel_id
                         WHEN 'CH11' THEN '排队时间长:10 手续费争议:4 服务态度:4 系统故障:1 贷款审批慢:1'
                         WHEN 'CH01' THEN '排队时间长:1 手续费争议:6 服务态度:3 系统故障:9 贷款审批慢:1'
                         ELSE '排队时间长:5 手续费争议:6 服务态度:5 系统故障:3 贷款审批慢:1' END)
                     [1 + pick(key, 'ticket.reason', 20)] END END AS reason,
       CASE WHEN is_closed AND draw(key, 'ticket.rated') < 0.55 THEN
           CASE WHEN is_happy THEN 4 + (draw(key, 'ticket.stars') < 0.62)::INTEGER
                ELSE [3, 3, 2, 1][1 + pick(key, 'ticket.stars', 4)] END END AS csat,
       CASE WHEN is_closed AND draw(key, 'ticket.asked') < 0.20 THEN
           CASE WHEN is_happy THEN [7, 8, 8, 9, 9, 10, 10][1 + pick(key, 'ticket.nps', 7)]
                ELSE [2, 3, 4, 5, 6, 7][1 + pick(key, 'ticket.nps', 6)] END END AS nps,
       (is_closed AND draw(key, 'ticket.resolved') < CASE WHEN is_happy THEN 0.97 ELSE 0.72 END)
           ::INTEGER AS resolved
FROM tickets ORDER BY create_date, key;

DROP TABLE bare_tickets;
DROP TABLE tickets;
DROP TABLE service_quality;
