CREATE TABLE fact_loan_month ( -- 个人贷款月末快照:结清当月余额为零,核销后无行
    month_end DATE, -- 月末日期
    loan_id VARCHAR, -- 借据号
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 当月归属机构号
    product_id VARCHAR, -- 产品号
    balance DECIMAL(18,2), -- 贷款余额(元)
    overdue_amount DECIMAL(18,2), -- 逾期本金(元)
    overdue_days INTEGER, -- 逾期天数,未逾期为0
    class5 VARCHAR, -- 五级分类:正常、关注、次级、可疑、损失
    provision DECIMAL(18,2), -- 贷款损失准备(元)
    prepaid_flag INTEGER, -- 本月提前结清
    lost_flag INTEGER, -- 提前结清且其后3个月无新放款,观察期未满为空
    is_inclusive INTEGER, -- 是否普惠贷款
    is_agri INTEGER, -- 是否涉农贷款
    guarantee VARCHAR, -- 担保方式:信用、保证、抵押、质押
    annual_rate DECIMAL(9,6), -- 执行年利率
    disburse_date DATE, -- 放款日期
    maturity_date DATE -- 到期日
);

CREATE TABLE fact_loan_apply ( -- 贷款申请:一行一笔申请
    apply_id VARCHAR, -- 申请号
    apply_date DATE, -- 申请日期
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 受理机构号
    product_id VARCHAR, -- 产品号
    channel_id VARCHAR, -- 申请渠道号
    apply_amount DECIMAL(18,2), -- 申请金额(元)
    approved INTEGER, -- 是否通过,未审结为空
    approve_date DATE, -- 审结日期,未审结为空
    disbursed_amount DECIMAL(18,2), -- 放款金额(元),未放款为空
    disburse_date DATE, -- 放款日期,未放款为空
    loan_id VARCHAR -- 借据号,未放款为空
);

CREATE TABLE fact_loan_day ( -- 机构每日个人贷款余额:月末日与贷款月末快照逐分一致
    date DATE, -- 日期
    org_id VARCHAR, -- 当日归属机构号
    end_balance DECIMAL(18,2) -- 日终贷款余额(元)
);
