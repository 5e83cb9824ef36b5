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
    gap_days INTEGER, -- 距上一次成功购买的天数,首次及非购买为空
    payee_account VARCHAR -- 收款账号,仅转账转出有
);
