CREATE TABLE fact_broker_month ( -- 证券客户月末快照:有证券账户的客户每月末一行
    month_end DATE, -- 月末日期
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 当月归属机构号
    asset DECIMAL(18,2), -- 月末证券资产(元),与该客户证券账户月末余额一致
    asset_avg DECIMAL(18,2), -- 月日均证券资产(元)
    days INTEGER, -- 当月日历天数
    margin_balance DECIMAL(18,2), -- 月末融资融券余额(元)
    valid_flag INTEGER -- 证券有效户:月日均证券资产不低于1000元
);

CREATE TABLE fact_trade ( -- 证券成交:一行一笔,仅交易日有
    trade_id VARCHAR, -- 成交号
    trade_date DATE, -- 成交日期
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 客户当时的归属机构号
    security_type VARCHAR, -- 证券类别:股票、基金、债券
    side VARCHAR, -- 买卖方向:买入、卖出
    amount DECIMAL(18,2), -- 成交金额(元)
    commission DECIMAL(18,2), -- 佣金(元),含规费
    levy DECIMAL(18,2) -- 代收规费(元)
);
