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
