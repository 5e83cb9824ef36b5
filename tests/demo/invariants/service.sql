-- Each query looks for rows that break the claim above it; there must be none.

-- tickets belong to customers at the time, in the window
SELECT ticket_id FROM fact_service JOIN dim_customer USING (customer_id)
WHERE create_date < open_date OR create_date > dim_customer.close_date
   OR create_date NOT BETWEEN DATE '2024-10-01' AND DATE '2026-11-19';

-- the outlet of a ticket is the outlet of its customer in that month
SELECT ticket_id
FROM fact_service AS s JOIN fact_cust_month AS c
    ON c.customer_id = s.customer_id AND c.month_end = last_day(s.create_date)
WHERE s.org_id <> c.org_id;

-- kinds and channels of tickets are those that exist
SELECT ticket_id FROM fact_service JOIN dim_channel USING (channel_id)
WHERE kind NOT IN ('咨询', '投诉', '建议', '回访')
   OR channel_name NOT IN ('电话银行', '手机银行', '柜面', '微信银行');

-- complaints and only complaints have a reason
SELECT ticket_id FROM fact_service WHERE (kind = '投诉') <> (reason IS NOT NULL);

-- reasons are the eight of the list
SELECT ticket_id FROM fact_service
WHERE reason NOT IN ('排队时间长', '手续费争议', '服务态度', '系统故障', '理财收益不及预期', '信用卡账单',
                     '催收方式', '贷款审批慢');

-- tickets close after they open, by the last day
SELECT ticket_id FROM fact_service
WHERE close_date < create_date OR close_date > DATE '2026-11-19';

-- open tickets are neither rated nor resolved
SELECT ticket_id FROM fact_service
WHERE close_date IS NULL AND (csat IS NOT NULL OR nps IS NOT NULL OR resolved = 1);

-- ratings stay on their scales
SELECT ticket_id FROM fact_service
WHERE csat NOT BETWEEN 1 AND 5 OR nps NOT BETWEEN 0 AND 10 OR resolved NOT IN (0, 1);

-- most answers are good, those of complaints less so
SELECT good, complaints
FROM (SELECT avg((csat >= 4)::INTEGER) AS good,
             avg((csat >= 4)::INTEGER) FILTER (kind = '投诉') AS complaints FROM fact_service)
WHERE good NOT BETWEEN 0.75 AND 0.95 OR complaints >= good;

-- only holders of a credit card complain about its bill
SELECT ticket_id FROM fact_service ANTI JOIN fact_card USING (customer_id)
WHERE reason = '信用卡账单';
