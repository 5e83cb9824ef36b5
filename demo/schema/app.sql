CREATE TABLE fact_event ( -- App 行为事件:一行一次
    event_id VARCHAR, -- 事件号
    event_time TIMESTAMP, -- 发生时间
    event_date DATE, -- 发生日期
    visitor_id VARCHAR, -- 访客号(设备),注册前后不变
    customer_id VARCHAR, -- 客户号,注册成功前为空
    org_id VARCHAR, -- 客户当时的归属机构号,无客户号为空
    event_name VARCHAR, -- 事件名称:打开APP(仅手机银行,每次登录一条,注册会话无此事件)、浏览页面、进入注册页、填写资料、短信验证、注册成功、发起绑卡、绑卡成功、立即申购、申购成功、立即投保、投保成功、APP崩溃
    page VARCHAR, -- 页面/功能模块,崩溃与打开为空
    terminal VARCHAR, -- 终端:手机银行、直销银行、微信银行、网上银行
    os VARCHAR, -- 手机系统:Android、iOS、鸿蒙,非手机终端(网上银行)为空
    app_version VARCHAR, -- App 版本,非手机银行为空
    channel_id VARCHAR, -- 来源渠道号(注册渠道或营销触达渠道),自然访问为空
    session_id VARCHAR, -- 会话号
    stay_seconds DECIMAL(18,2), -- 停留时长(秒),仅浏览页面有
    product_id VARCHAR, -- 产品号,与产品无关为空
    fail_reason VARCHAR -- 失败或崩溃原因:记在发起绑卡、立即申购、立即投保与APP崩溃上,成功与放弃为空
);
