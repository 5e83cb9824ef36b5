CREATE TABLE fact_policy ( -- 保单:一行一张
    policy_id VARCHAR, -- 保单号
    issue_date DATE, -- 承保日期
    end_date DATE, -- 保险期满日,长期险为空
    customer_id VARCHAR, -- 投保人客户号
    org_id VARCHAR, -- 出单机构号
    product_id VARCHAR, -- 产品号(险种见产品表)
    channel_id VARCHAR, -- 销售渠道号
    pay_mode VARCHAR, -- 缴费方式:趸交、期交
    first_premium DECIMAL(18,2), -- 首期实收保费(元)
    terminate_date DATE -- 退保或失效日期(失效为应缴日后60天宽限期满),未终止及一年期险为空
);

CREATE TABLE fact_policy_month ( -- 保单月末快照:承保当月起至终止当月每月末一行
    month_end DATE, -- 月末日期
    policy_id VARCHAR, -- 保单号
    customer_id VARCHAR, -- 投保人客户号
    org_id VARCHAR, -- 出单机构号(撤并后为并入机构)
    product_id VARCHAR, -- 产品号
    in_force INTEGER, -- 月末是否有效
    written_premium DECIMAL(18,2), -- 当月原保险保费收入(元),首期与续期
    earned_premium DECIMAL(18,2), -- 当月已赚保费(元):一年期险按保险期间天数分摊,长期险为当月保费乘风险保费占比(年金、教育金3%,终身寿6%,重疾25%)
    due_13m DECIMAL(18,2), -- 当月13个月应收续期保费(元),仅期交保单
    paid_13m DECIMAL(18,2), -- 当月13个月实收续期保费(元)
    expiring INTEGER, -- 当月到期应续,仅一年期保单
    renewed INTEGER, -- 当月到期已续保
    surrender_amount DECIMAL(18,2), -- 当月退保金(元)
    reserve_begin DECIMAL(18,2) -- 月初责任准备金(元),仅长期险
);

CREATE TABLE fact_claim ( -- 赔案:一行一件
    claim_id VARCHAR, -- 赔案号
    report_date DATE, -- 报案日期
    close_date DATE, -- 结案日期,未结案为空
    pay_date DATE, -- 赔款支付日期,未支付为空
    policy_id VARCHAR, -- 保单号
    customer_id VARCHAR, -- 投保人客户号
    org_id VARCHAR, -- 受理机构号
    product_id VARCHAR, -- 产品号
    paid DECIMAL(18,2), -- 赔款金额(元),未支付为零
    outstanding_change DECIMAL(18,2), -- 未决赔款准备金变动(元),期末减期初,记在报案当月(已决为零)
    closed INTEGER, -- 是否结案
    suspicious INTEGER, -- 是否可疑(规则命中,不等于欺诈)
    close_days INTEGER -- 报案至结案天数,未结案为空
);
