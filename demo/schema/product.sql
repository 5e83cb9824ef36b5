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

CREATE TABLE dim_campaign ( -- 营销活动表
    campaign_id VARCHAR, -- 活动号
    campaign_name VARCHAR, -- 活动名称
    goal VARCHAR, -- 活动目标:获客、活客、留客、召回
    campaign_type VARCHAR, -- 活动形式:红包、满减券、加息券、抽奖、广告投放
    discount DECIMAL(9,6), -- 优惠力度(折让比例,0.2 即让利两成)
    page_color VARCHAR, -- 活动页主色:红、蓝、绿、金
    start_date DATE, -- 开始日期
    end_date DATE -- 结束日期(含)
);
