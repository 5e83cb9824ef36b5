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
    annual_income DECIMAL(18,2), -- 年收入(元),学生、未成年或未知为空
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
    resident_city VARCHAR, -- 常住城市
    weekly_online_hours DECIMAL(9,2) -- 每周上网时长(小时,问卷),未答为空
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

CREATE TABLE dim_customer_risk_hist ( -- 风险承受等级历史:一行一段有效期,每客户各段首尾相接
    customer_id VARCHAR, -- 客户号
    risk_tolerance VARCHAR, -- 风险承受等级 C1 至 C5
    valid_from DATE, -- 生效首日(测评日)
    valid_to DATE -- 失效日(不含),仍有效为 9999-12-31
);

CREATE TABLE dim_tag ( -- 标签字典
    tag_id VARCHAR, -- 标签号
    tag_name VARCHAR, -- 标签名称
    tag_group VARCHAR, -- 标签类别:偏好、行为、风险、服务
    description VARCHAR -- 打标规则
);

CREATE TABLE bridge_customer_tag ( -- 客户标签:多对多,一行一个客户的一个标签
    customer_id VARCHAR, -- 客户号
    tag_id VARCHAR, -- 标签号
    weight DECIMAL(9,6), -- 权重,同一客户各标签合计为1
    tagged_on DATE -- 打标日期
);
