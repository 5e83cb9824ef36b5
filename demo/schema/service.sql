CREATE TABLE fact_service ( -- 客服工单:一行一单
    ticket_id VARCHAR, -- 工单号
    create_date DATE, -- 受理日期
    close_date DATE, -- 办结日期,未办结为空
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 客户当时的归属机构号
    channel_id VARCHAR, -- 受理渠道号
    kind VARCHAR, -- 工单类别:咨询、投诉、建议、回访
    reason VARCHAR, -- 原因,仅投诉有
    csat INTEGER, -- 满意度评分 1 至 5,未评价为空
    nps INTEGER, -- 推荐意愿 0 至 10,未评价为空
    resolved INTEGER -- 是否解决
);
