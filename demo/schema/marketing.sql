CREATE TABLE fact_touch ( -- 营销触达:一行一次
    touch_id VARCHAR, -- 触达号
    touch_date DATE, -- 触达日期
    campaign_id VARCHAR, -- 活动号
    customer_id VARCHAR, -- 客户号(获客活动触达的潜客记其后来的客户号)
    org_id VARCHAR, -- 客户当时的归属机构号
    channel_id VARCHAR, -- 触达渠道号
    delivered INTEGER, -- 是否送达(短信送达、推送展示、外呼接通)
    clicked INTEGER, -- 是否点击,不可点击的渠道(外呼、客户经理、柜面)为空
    converted INTEGER, -- 是否转化(完成活动目标动作)
    is_acquired INTEGER, -- 是否由此次触达获客
    revenue DECIMAL(18,2), -- 带来收入(元)
    satisfaction INTEGER, -- 活动满意度评分 1 至 5,未评价为空
    retained_flag INTEGER -- 触达后第31至60天打开过APP,观察期未满为空
);

CREATE TABLE fact_cost ( -- 营销费用:一行一个活动在一个渠道一天的费用
    cost_date DATE, -- 费用日期
    campaign_id VARCHAR, -- 活动号
    org_id VARCHAR, -- 承担机构号:线上渠道为总行营业部,外呼与客户经理为分行所在网点
    channel_id VARCHAR, -- 投放渠道号
    cost DECIMAL(18,2) -- 费用(元):投放与人工费用,加转化客户的奖励
);
