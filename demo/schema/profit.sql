CREATE TABLE fact_profit ( -- 账户效益(管理会计口径):存款、理财、基金、保险、贷款、信用卡账户每月末一行
    month_end DATE, -- 月末日期
    account_id VARCHAR, -- 账户号、借据号或卡号
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 当月归属机构号
    product_id VARCHAR, -- 产品号
    product_line VARCHAR, -- 产品线:存款、理财、基金、保险、贷款、信用卡
    net_interest DECIMAL(18,2), -- 利息净收入(元)
    fee_income DECIMAL(18,2), -- 手续费及佣金净收入(元)
    op_cost DECIMAL(18,2), -- 运营成本(元)
    credit_cost DECIMAL(18,2), -- 信用成本(元)
    tax DECIMAL(18,2), -- 税费(元)
    capital DECIMAL(18,2) -- 经济资本占用(元)
);
