CREATE TABLE fact_balance ( -- 账户月末余额快照:账户存续期间每月末一行,销户当月余额为零
    month_end DATE, -- 月末日期
    account_id VARCHAR, -- 账户号
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 当月归属机构号
    product_id VARCHAR, -- 产品号
    product_line VARCHAR, -- 产品线:存款、理财、基金、保险、证券
    is_demand INTEGER, -- 是否活期(仅存款为1)
    currency VARCHAR, -- 账户币种:CNY、USD、HKD、EUR
    fx_rate DECIMAL(9,6), -- 月末折人民币汇率,人民币为1
    end_balance_ccy DECIMAL(18,2), -- 月末原币余额
    end_balance DECIMAL(18,2), -- 月末余额,折人民币(元)
    avg_balance DECIMAL(18,2), -- 月日均余额,折人民币(元)
    days INTEGER, -- 当月日历天数
    open_date DATE, -- 账户开立日期
    maturity_date DATE -- 到期日,无期限为空
);

CREATE TABLE fact_balance_day ( -- 机构每日余额:月末日与账户月末快照逐分一致
    date DATE, -- 日期
    org_id VARCHAR, -- 当日归属机构号
    product_line VARCHAR, -- 产品线:存款、理财、基金、保险、证券
    is_demand INTEGER, -- 是否活期(仅存款为1)
    end_balance DECIMAL(18,2) -- 日终余额,折人民币(元)
);

CREATE TABLE fact_aum_day ( -- 机构每日AUM:存款、理财、基金、保险、证券合计,月末日与客户月宽表逐分一致
    date DATE, -- 日期
    org_id VARCHAR, -- 当日归属机构号
    end_balance DECIMAL(18,2) -- 日终AUM(元)
);
