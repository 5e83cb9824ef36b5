-- The tables of the demonstration bank. Names are contract: add, never rename.
-- The note after each table and column becomes its comment in the database.
-- Amounts are 元 in DECIMAL(18,2), rates are fractions in DECIMAL(9,6), flags are 1 or 0.

CREATE TABLE dim_org ( -- 机构表:一行一个网点或总行直属机构(含已撤并网点)
    org_id VARCHAR, -- 机构号
    outlet VARCHAR, -- 网点名称
    sub_branch VARCHAR, -- 支行名称
    branch VARCHAR, -- 分行名称,总行直属机构为“总行直属”
    head_office VARCHAR, -- 法人机构名称
    org_kind VARCHAR, -- 机构类别:网点、总行直属、已撤并
    is_township BOOLEAN, -- 是否乡镇网点
    province VARCHAR, -- 所在省份
    city VARCHAR, -- 所在城市
    county VARCHAR, -- 所在区县
    area VARCHAR, -- 大区:西北、华北、华东、华南
    opened_on DATE, -- 开业日期
    closed_on DATE, -- 撤并日期,在营为空
    merged_into VARCHAR -- 并入的机构号,在营为空
);

CREATE TABLE dim_manager ( -- 客户经理表
    manager_id VARCHAR, -- 客户经理工号
    manager_name VARCHAR, -- 客户经理姓名
    org_id VARCHAR -- 所属机构号
);

CREATE TABLE dim_customer ( -- 客户表:一行一个客户号
    customer_id VARCHAR, -- 客户号
    cust_name VARCHAR, -- 客户姓名(虚拟)
    mobile VARCHAR, -- 手机号(虚拟)
    id_no VARCHAR, -- 证件号(虚拟)
    cust_type VARCHAR, -- 客户类型:个人、小微
    gender VARCHAR, -- 性别:男、女,未知为空
    birth_date DATE, -- 出生日期
    education VARCHAR, -- 学历,未知为空
    occupation VARCHAR, -- 职业,未知为空
    annual_income DECIMAL(18,2), -- 年收入(元),未成年或未知为空
    marital VARCHAR, -- 婚姻状况,未知为空
    has_newborn BOOLEAN, -- 家中是否有新生儿
    family_stage VARCHAR, -- 家庭阶段,未知为空
    interest VARCHAR, -- 兴趣偏好,未知为空
    risk_tolerance VARCHAR, -- 风险承受等级 C1 至 C5,未测评为空
    open_date DATE, -- 首次开户日期
    close_date DATE, -- 销户日期,未销户为空
    reg_channel_id VARCHAR, -- 注册渠道号,未知为空
    org_id VARCHAR, -- 现归属机构号(撤并后为并入机构)
    manager_id VARCHAR, -- 管户客户经理工号,未分配为空
    is_rural BOOLEAN, -- 是否农村客户
    resident_province VARCHAR, -- 常住省份
    resident_city VARCHAR -- 常住城市
);

CREATE TABLE dim_product ( -- 产品表
    product_id VARCHAR, -- 产品号
    product_name VARCHAR, -- 产品名称
    business VARCHAR, -- 业务板块:银行、证券、保险
    product_line VARCHAR, -- 产品线:存款、理财、基金、保险、证券、贷款、信用卡
    product_type VARCHAR, -- 产品类型
    risk_level VARCHAR, -- 产品风险等级 R1 至 R5,不适用为空
    term_band VARCHAR -- 期限段,不适用为空
);

CREATE TABLE dim_channel ( -- 渠道表:注册、交易、贷款申请共用
    channel_id VARCHAR, -- 渠道号
    channel_name VARCHAR, -- 渠道名称
    channel_group VARCHAR, -- 渠道大类:线上、线下
    media VARCHAR, -- 媒介,非广告渠道为空
    keyword VARCHAR, -- 关键词,非搜索广告为空
    ad_series VARCHAR -- 广告系列,非广告渠道为空
);

CREATE TABLE dim_calendar ( -- 日历表:一行一天
    date DATE, -- 日期
    year INTEGER, -- 年
    half INTEGER, -- 半年:1、2
    quarter INTEGER, -- 季:1 至 4
    month INTEGER, -- 月
    day INTEGER, -- 日
    weekday INTEGER, -- 星期:周一为 1,周日为 7
    xun VARCHAR, -- 旬:上旬、中旬、下旬
    iso_year INTEGER, -- ISO 周所属年
    iso_week INTEGER, -- ISO 周序号
    fiscal_year INTEGER, -- 会计年度(公历年)
    is_month_end BOOLEAN, -- 是否月末日
    is_weekend BOOLEAN, -- 是否周六周日
    is_workday BOOLEAN, -- 是否工作日(含调休上班)
    is_trading_day BOOLEAN, -- 是否证券交易日
    holiday VARCHAR, -- 所属法定节假日假期,非假期为空
    holiday_start DATE, -- 该假期首日
    holiday_end DATE, -- 该假期末日
    spring_festival_offset INTEGER, -- 距最近一个春节(正月初一)的天数,节前为负
    certain BOOLEAN -- 放假安排是否已公布,未公布年份按周一至周五推算
);

CREATE TABLE fact_cust_month ( -- 客户月宽表:开户当月起每客户每月末一行
    month_end DATE, -- 月末日期
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 当月归属机构号
    status VARCHAR, -- 客户状态:正常、冻结、销户
    cust_level VARCHAR, -- 客户等级(按月日均AUM):大众、金卡、贵宾、私行
    prev_level_rank INTEGER, -- 上月末等级序号,上月无记录为空
    level_rank INTEGER, -- 等级序号:大众1、金卡2、贵宾3、私行4
    lifecycle VARCHAR, -- 生命周期阶段:新客、成长、成熟、衰退、睡眠、流失
    aum_end DECIMAL(18,2), -- 月末AUM(元)
    aum_avg DECIMAL(18,2), -- 月日均AUM(元)
    days INTEGER, -- 当月日历天数
    login_cnt INTEGER, -- 当月手机银行登录次数
    active_flag INTEGER, -- 当月活跃:登录或主动动账至少一次
    txn_flag INTEGER, -- 当月有主动成功交易
    txn_cnt INTEGER, -- 当月主动成功交易笔数
    months_idle INTEGER, -- 截至本月连续无登录且无动账的月数
    reactivated_flag INTEGER, -- 唤醒:上月为睡眠且本月有动账
    was_dormant_flag INTEGER, -- 上月末为睡眠(连续6个月及以上)
    was_active_3m_flag INTEGER, -- 三个月前活跃
    churn_flag INTEGER, -- 本月首次满足流失条件
    churn_warn_flag INTEGER, -- 流失预警:上月贵宾及以上、AUM环比降30%及以上且登录下降
    prev_active_flag INTEGER, -- 上月活跃
    retained_flag INTEGER, -- 上月活跃且本月活跃
    product_cnt INTEGER, -- 持有产品线数(余额大于零,含贷款)
    new_flag INTEGER, -- 当月首次开户
    closed_flag INTEGER, -- 当月销户
    inflow DECIMAL(18,2), -- 当月资金流入(元)
    outflow DECIMAL(18,2), -- 当月资金流出(元)
    valuation_change DECIMAL(18,2), -- 当月市值及估值变动(元),月末AUM之差=流入-流出+本列
    potential_flag INTEGER -- 高净值潜力:日均AUM不足50万且近3月消费额、交易笔数均达P80
);

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

CREATE TABLE fact_txn ( -- 交易流水:一行一笔
    txn_id VARCHAR, -- 交易流水号
    txn_date DATE, -- 交易日期
    customer_id VARCHAR, -- 客户号
    org_id VARCHAR, -- 交易机构号
    product_id VARCHAR, -- 产品号
    product_line VARCHAR, -- 产品线:存款、理财、基金、保险、贷款
    channel_id VARCHAR, -- 交易渠道号
    is_online INTEGER, -- 是否线上渠道
    txn_type VARCHAR, -- 交易类型
    is_active INTEGER, -- 是否客户主动发起(代发工资、基金定投等为0)
    amount DECIMAL(18,2), -- 交易金额(元)
    fee DECIMAL(18,2), -- 手续费(元)
    success INTEGER, -- 是否成功
    fraud_alert INTEGER, -- 是否触发欺诈预警
    is_fraud INTEGER, -- 是否核实为欺诈
    nth_buy INTEGER, -- 该客户第几次成功购买(理财、基金、保险),非购买为空
    gap_days INTEGER -- 距上一次成功购买的天数,首次及非购买为空
);

CREATE TABLE fact_target ( -- 经营目标:机构每月末目标值
    month_end DATE, -- 月末日期
    org_id VARCHAR, -- 机构号
    metric_id VARCHAR, -- 指标:deposit、loan_bal、aum、new_cust
    target DECIMAL(18,2) -- 目标值:余额类为当月末余额目标,new_cust 为当月户数目标
);

CREATE TABLE etl_load ( -- 装载日志:每表每个数据日期一行
    table_name VARCHAR, -- 表名
    data_date DATE, -- 数据日期
    loaded_at TIMESTAMP, -- 装载完成时间
    row_count BIGINT -- 该数据日期的行数(维表为全表行数)
);

CREATE TABLE demo_info ( -- 演示库说明:虚拟数据
    key VARCHAR, -- 项目
    value VARCHAR -- 内容
);
