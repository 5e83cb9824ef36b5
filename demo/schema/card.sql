CREATE TABLE fact_card ( -- 信用卡:一行一张卡
    card_id VARCHAR, -- 卡号(虚拟)
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 发卡机构号
    product_id VARCHAR, -- 产品号
    channel_id VARCHAR, -- 办卡渠道号
    issue_date DATE, -- 发卡日期
    activate_date DATE, -- 激活日期,未激活为空
    card_kind VARCHAR -- 卡种:普卡、金卡、白金卡、商务卡
);

CREATE TABLE fact_card_month ( -- 信用卡月末快照:发卡当月起每卡每月末一行,销卡次月起无行
    month_end DATE, -- 月末日期
    card_id VARCHAR, -- 卡号(虚拟)
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 发卡机构号(撤并后为并入机构)
    card_kind VARCHAR, -- 卡种:普卡、金卡、白金卡、商务卡
    credit_limit DECIMAL(18,2), -- 授信额度(元)
    used_limit DECIMAL(18,2), -- 应偿余额(元)
    spend_amount DECIMAL(18,2), -- 当月消费金额(元),不含取现与账单分期
    instalment_balance DECIMAL(18,2), -- 分期余额(元)
    overdue_amount DECIMAL(18,2), -- 逾期金额(元)
    active_flag INTEGER, -- 当月有消费或取现
    activated INTEGER, -- 截至月末是否已激活
    status VARCHAR -- 卡状态:正常、冻结、销卡
);
