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
