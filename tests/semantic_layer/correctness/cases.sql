-- 1 一个客户的额度不被账户和交易放大
WITH customers /* 授信额度,2026年9—10月 */ AS (
  SELECT
    COALESCE(SUM(customers.credit_limit), 0) AS credit
  FROM dim_customer AS customers
  WHERE
    customers.age <= 25
), balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(
        SUM(balances.end_balance) FILTER(WHERE
          customers.age <= 25 AND balances.product_line = '存款'),
        0
      )
    END AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_customer AS customers
    ON balances.customer_id = customers.customer_id
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), txns /* 交易金额,2026年9—10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_customer AS customers
    ON txns.customer_id = customers.customer_id
  WHERE
    txns.txn_date BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND customers.age <= 25
)
SELECT
  customers.credit AS credit,
  balances.deposit AS deposit,
  txns.txn_amount AS txn_amount
FROM customers
CROSS JOIN balances
CROSS JOIN txns;

-- 2 两个事实并列,互不相乘
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    COALESCE(customers.gender, '未知') AS gender,
    COALESCE(SUM(balances.end_balance) FILTER(WHERE
      balances.product_line = '存款'), 0) AS deposit,
    COUNT(*) FILTER(WHERE
      balances.product_line = '存款') AS counted_
  FROM fact_balance AS balances
  LEFT JOIN dim_customer AS customers
    ON balances.customer_id = customers.customer_id
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), loans /* 贷款余额,2026年10月末 */ AS (
  SELECT
    COALESCE(customers.gender, '未知') AS gender,
    COALESCE(SUM(loans.balance), 0) AS loan_balance
  FROM fact_loan_month AS loans
  LEFT JOIN dim_customer AS customers
    ON loans.customer_id = customers.customer_id
  WHERE
    loans.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), keys /* 要列出的全部分组 */ AS (
  SELECT
    gender
  FROM balances
  WHERE
    counted_ > 0
  UNION
  SELECT
    gender
  FROM loans
)
SELECT
  keys.gender AS gender,
  balances.deposit AS deposit,
  loans.loan_balance AS loan_balance
FROM keys
LEFT JOIN balances
  ON keys.gender = balances.gender
LEFT JOIN loans
  ON keys.gender = loans.gender
ORDER BY
  CASE keys.gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  keys.gender ASC;

-- 3 比率由分子分母重算
WITH txns /* 手续费、交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(customers.gender, '未知') AS gender,
    COALESCE(SUM(txns.fee), 0) AS fee,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_customer AS customers
    ON txns.customer_id = customers.customer_id
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
)
SELECT
  txns.gender AS gender,
  txns.fee / NULLIF(txns.txn_amount, 0) AS fee_rate
FROM txns
ORDER BY
  CASE txns.gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  txns.gender ASC;

-- 4 分母为零没有值
WITH loans /* 不良贷款余额、贷款余额,2026年10月末 */ AS (
  SELECT
    COALESCE(owning_org.branch, '未知') AS branch,
    COALESCE(SUM(loans.balance) FILTER(WHERE
      loans.class5 IN ('次级', '可疑', '损失')), 0) AS npl_balance,
    COALESCE(SUM(loans.balance), 0) AS loan_balance
  FROM fact_loan_month AS loans
  LEFT JOIN dim_org AS owning_org
    ON loans.org_id = owning_org.org_id
  WHERE
    loans.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), all_branch /* 全部分行 */ AS (
  SELECT DISTINCT
    orgs.branch AS branch
  FROM dim_org AS orgs
  WHERE
    NOT orgs.branch IS NULL
)
SELECT
  branch,
  loans.npl_balance / NULLIF(loans.loan_balance, 0) AS npl_rate
FROM all_branch
FULL JOIN loans
  USING (branch)
ORDER BY
  ROUND(loans.npl_balance / NULLIF(loans.loan_balance, 0), 12) DESC,
  branch ASC;

-- 4 整数相除不截断
WITH txns /* 交易金额、交易笔数,2026年11月1—19日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount,
    COUNT(*) AS txn_cnt
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-11-01' AS DATE) AND CAST('2026-11-19' AS DATE)
)
SELECT
  txns.txn_amount / NULLIF(txns.txn_cnt, 0) AS avg_amount,
  txns.txn_cnt > 0 AND txns.txn_cnt < 30.0 AS "avg_amount.small"
FROM txns;

-- 5 去重数逐级重数
WITH txns /* 交易客户数,2026年10月1日—11月19日 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COUNT(DISTINCT txns.customer_id) AS txn_cust
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-11-19' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-10-01'),
    ('2026-11-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(txns.txn_cust, 0) AS txn_cust
FROM keys
LEFT JOIN txns
  ON keys.month = txns.month
ORDER BY
  keys.month ASC;

-- 5 空的客户号不是客户
WITH visits /* 到访客户数、到访次数,2026年10月 */ AS (
  SELECT
    COUNT(DISTINCT visits.customer_id) AS visitors,
    COUNT(*) AS visits
  FROM visit AS visits
  WHERE
    visits.day BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
)
SELECT
  visits.visitors AS visitors,
  visits.visits AS visits
FROM visits;

-- 6 存量按月取期末,合计取最后一期
WITH balances /* 存款余额,2026年8—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', balances.month_end) AS DATE) AS month,
    COALESCE(SUM(balances.end_balance) FILTER(WHERE
      balances.product_line = '存款'), 0) AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', balances.month_end)
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-08-01'),
    ('2026-09-01'),
    ('2026-10-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  balances.deposit AS deposit
FROM keys
LEFT JOIN balances
  ON keys.month = balances.month
ORDER BY
  keys.month ASC;

-- 7 期末在筛选之前定
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(
        SUM(balances.end_balance) FILTER(WHERE
          balances.is_demand = 0
          AND owning_org.outlet = '银川城东支行'
          AND balances.product_line = '存款'),
        0
      )
    END AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), balances_2 /* 存款余额(最近),2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(
        SUM(balances.end_balance) FILTER(WHERE
          balances.is_demand = 0
          AND owning_org.outlet = '银川城东支行'
          AND balances.product_line = '存款'),
        0
      )
    END AS deposit_known
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    balances.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.month_end = (
      SELECT
        MAX(balances_known.month_end)
      FROM fact_balance AS balances_known
      WHERE
        balances_known.account_id = balances.account_id
        AND balances_known.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
        AND balances.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    )
)
SELECT
  balances.deposit AS deposit,
  balances_2.deposit_known AS deposit_known
FROM balances
CROSS JOIN balances_2;

-- 8 日均按日历天数加权
WITH balances /* 存款日均,2026年9—10月 */ AS (
  SELECT
    COALESCE(SUM(balances.avg_balance * balances.days), 0) / 61 AS deposit_avg
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.product_line = '存款'
)
SELECT
  balances.deposit_avg AS deposit_avg
FROM balances;

-- 9 未满期比同期天数
WITH txns /* 交易金额,2026年11月1—19日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-11-01' AS DATE) AND CAST('2026-11-19' AS DATE)
), txns_yoy /* 同比基期:交易金额,2025年11月1—19日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2025-11-01' AS DATE) AND CAST('2025-11-19' AS DATE)
)
SELECT
  txns.txn_amount AS txn_amount,
  txns_yoy.txn_amount AS "txn_amount.yoy.value"
FROM txns
CROSS JOIN txns_yoy;

-- 10 上期按期间对应,不按行
WITH txns /* 交易金额,2026年9—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), txns_mom /* 环比基期:交易金额,2026年8—9月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-09-30' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), txns_mom_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key,
    CAST(given.unit AS DATE) AS unit
  FROM (VALUES
    ('2026-09-01', '2026-08-01'),
    ('2026-10-01', '2026-09-01')) AS given(key, unit)
), txns_mom_by_key AS (
  SELECT
    txns_mom_keys.key AS month,
    txns_mom.txn_amount AS txn_amount
  FROM txns_mom
  JOIN txns_mom_keys
    ON txns_mom.month = txns_mom_keys.unit
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-09-01'),
    ('2026-10-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(txns.txn_amount, 0) AS txn_amount,
  COALESCE(txns_mom_by_key.txn_amount, 0) AS "txn_amount.mom.value"
FROM keys
LEFT JOIN txns
  ON keys.month = txns.month
LEFT JOIN txns_mom_by_key
  ON keys.month = txns_mom_by_key.month
ORDER BY
  keys.month ASC;

-- 11 时间筛选不筛掉去年
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), txns_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key
  FROM (VALUES
    ('2026-10-01')) AS given(key)
), txns_by_key AS (
  SELECT
    txns_keys.key AS month,
    txns.txn_amount AS txn_amount
  FROM txns
  CROSS JOIN txns_keys
), txns_yoy /* 同比基期:交易金额,2025年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2025-10-01' AS DATE) AND CAST('2025-10-31' AS DATE)
), txns_yoy_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key
  FROM (VALUES
    ('2026-10-01')) AS given(key)
), txns_yoy_by_key AS (
  SELECT
    txns_yoy_keys.key AS month,
    txns_yoy.txn_amount AS txn_amount
  FROM txns_yoy
  CROSS JOIN txns_yoy_keys
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-10-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(txns_by_key.txn_amount, 0) AS txn_amount,
  COALESCE(txns_yoy_by_key.txn_amount, 0) AS "txn_amount.yoy.value"
FROM keys
LEFT JOIN txns_by_key
  ON keys.month = txns_by_key.month
LEFT JOIN txns_yoy_by_key
  ON keys.month = txns_yoy_by_key.month
ORDER BY
  keys.month ASC;

-- 12 闰年的二月是一行
WITH txns /* 交易金额,2025年2月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2025-02-01' AS DATE) AND CAST('2025-02-28' AS DATE)
), txns_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key
  FROM (VALUES
    ('2025-02-01')) AS given(key)
), txns_by_key AS (
  SELECT
    txns_keys.key AS month,
    txns.txn_amount AS txn_amount
  FROM txns
  CROSS JOIN txns_keys
), txns_yoy /* 同比基期:交易金额,2024年2月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2024-02-01' AS DATE) AND CAST('2024-02-29' AS DATE)
), txns_yoy_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key
  FROM (VALUES
    ('2025-02-01')) AS given(key)
), txns_yoy_by_key AS (
  SELECT
    txns_yoy_keys.key AS month,
    txns_yoy.txn_amount AS txn_amount
  FROM txns_yoy
  CROSS JOIN txns_yoy_keys
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2025-02-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(txns_by_key.txn_amount, 0) AS txn_amount,
  COALESCE(txns_yoy_by_key.txn_amount, 0) AS "txn_amount.yoy.value"
FROM keys
LEFT JOIN txns_by_key
  ON keys.month = txns_by_key.month
LEFT JOIN txns_yoy_by_key
  ON keys.month = txns_yoy_by_key.month
ORDER BY
  keys.month ASC;

-- 13 节日比节日
WITH txns /* 交易金额,2026年10月1—7日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-07' AS DATE)
), txns_yoy /* 同比基期:交易金额,2025年10月1—12日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2025-10-01' AS DATE) AND CAST('2025-10-12' AS DATE)
)
SELECT
  txns.txn_amount AS txn_amount,
  txns_yoy.txn_amount AS "txn_amount.yoy.value"
FROM txns
CROSS JOIN txns_yoy;

-- 13 交易日按日历数
WITH txns /* 交易金额,2026年11月2—3日 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-11-02' AS DATE) AND CAST('2026-11-03' AS DATE)
), txns_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key
  FROM (VALUES
    ('2026-11-03')) AS given(key)
), txns_by_key AS (
  SELECT
    txns_keys.key AS date,
    txns.txn_amount AS txn_amount
  FROM txns
  CROSS JOIN txns_keys
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.date AS DATE) AS date
  FROM (VALUES
    ('2026-11-03')) AS given(date)
)
SELECT
  keys.date AS date,
  COALESCE(txns_by_key.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN txns_by_key
  ON keys.date = txns_by_key.date
ORDER BY
  keys.date ASC;

-- 14 较年初比上年末
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), balances_ytd_open /* 年初:存款余额,2025年12月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2025-12-01' AS DATE) AND CAST('2025-12-31' AS DATE)
)
SELECT
  balances.deposit AS deposit,
  balances_ytd_open.deposit AS "deposit.ytd_open.value"
FROM balances
CROSS JOIN balances_ytd_open;

-- 15 累计跨过没有数的月,不出现未来的月
WITH txns /* 交易金额,2026年1月1日—11月19日 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-01-01' AS DATE) AND CAST('2026-11-19' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), txns_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key,
    CAST(given.unit AS DATE) AS unit,
    CAST(given.last_unit AS DATE) AS last_unit
  FROM (VALUES
    ('2026-08-01', '2026-01-01', '2026-08-01'),
    ('2026-09-01', '2026-01-01', '2026-09-01'),
    ('2026-10-01', '2026-01-01', '2026-10-01'),
    ('2026-11-01', '2026-01-01', '2026-11-01')) AS given(key, unit, last_unit)
), txns_by_key AS (
  SELECT
    txns_keys.key AS month,
    SUM(txns.txn_amount) AS txn_amount
  FROM txns
  JOIN txns_keys
    ON txns.month BETWEEN txns_keys.unit AND txns_keys.last_unit
  GROUP BY
    1
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-08-01'),
    ('2026-09-01'),
    ('2026-10-01'),
    ('2026-11-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(txns_by_key.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN txns_by_key
  ON keys.month = txns_by_key.month
ORDER BY
  keys.month ASC;

-- 16 滚动去重不是逐日相加
WITH txns_windows /* 每一期对应的起止日 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key,
    CAST(given.first_day AS DATE) AS first_day,
    CAST(given.next_day AS DATE) AS next_day
  FROM (VALUES
    ('2026-11-03', '2026-10-05', '2026-11-04'),
    ('2026-11-04', '2026-10-06', '2026-11-05')) AS given(key, first_day, next_day)
), txns_once /* 同一天里各数一次 */ AS (
  SELECT DISTINCT
    txns.customer_id,
    txns.txn_date
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-05' AS DATE) AND CAST('2026-11-04' AS DATE)
), txns /* 交易客户数,2026年10月5日—11月4日 */ AS (
  SELECT
    txns_windows.key AS date,
    COUNT(DISTINCT txns.customer_id) AS txn_cust
  FROM txns_once AS txns
  JOIN txns_windows
    ON txns.txn_date >= txns_windows.first_day AND txns.txn_date < txns_windows.next_day
  GROUP BY
    1
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.date AS DATE) AS date
  FROM (VALUES
    ('2026-11-03'),
    ('2026-11-04')) AS given(date)
)
SELECT
  keys.date AS date,
  COALESCE(txns.txn_cust, 0) AS txn_cust
FROM keys
LEFT JOIN txns
  ON keys.date = txns.date
ORDER BY
  keys.date ASC;

-- 17 指标自己的条件只管自己
WITH txns /* 成功交易金额、交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount) FILTER(WHERE
      txns.success = 1), 0) AS ok_amount,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_customer AS customers
    ON txns.customer_id = customers.customer_id
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND customers.gender = '女'
)
SELECT
  txns.ok_amount AS ok_amount,
  txns.txn_amount AS txn_amount
FROM txns;

-- 18 先按客户汇总,再数客户
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), customer_txn_amount /* 每个对象的交易金额 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    txns.txn_amount AS txn_amount
  FROM txns
), chosen_customer /* 圈选的对象 */ AS (
  SELECT
    customers.customer_id AS customer_id
  FROM dim_customer AS customers
  JOIN customer_txn_amount
    ON customers.customer_id = customer_txn_amount.customer_id
  WHERE
    customer_txn_amount.txn_amount > 30
), cust_month_reported /* 有没有这一期的数据 */ AS (
  SELECT
    1 AS reported
  FROM fact_cust_month AS cust_month
  WHERE
    cust_month.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  LIMIT 1
), cust_month /* 客户数,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN (
        SELECT
          COUNT(*)
        FROM cust_month_reported
      ) > 0
      THEN COUNT(DISTINCT cust_month.customer_id)
    END AS cust_cnt
  FROM fact_cust_month AS cust_month
  WHERE
    cust_month.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND cust_month.customer_id IN (
      SELECT
        customer_id
      FROM chosen_customer
    )
)
SELECT
  cust_month.cust_cnt AS cust_cnt
FROM cust_month;

-- 19 只在一个事实里的月份留下
WITH cust_month /* 新增客户数,2026年8—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', cust_month.month_end) AS DATE) AS month,
    COALESCE(SUM(cust_month.new_flag), 0) AS new_cust
  FROM fact_cust_month AS cust_month
  WHERE
    cust_month.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', cust_month.month_end)
), txns /* 交易金额,2026年8—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-08-01'),
    ('2026-09-01'),
    ('2026-10-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(cust_month.new_cust, 0) AS new_cust,
  COALESCE(txns.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN cust_month
  ON keys.month = cust_month.month
LEFT JOIN txns
  ON keys.month = txns.month
ORDER BY
  keys.month ASC;

-- 20 找不到机构的归未知,各组相加等于合计
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    COALESCE(owning_org.branch, '未知') AS branch,
    COALESCE(SUM(balances.end_balance) FILTER(WHERE
      balances.product_line = '存款'), 0) AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), all_branch /* 全部分行 */ AS (
  SELECT DISTINCT
    orgs.branch AS branch
  FROM dim_org AS orgs
  WHERE
    NOT orgs.branch IS NULL
)
SELECT
  branch,
  balances.deposit AS deposit
FROM all_branch
FULL JOIN balances
  USING (branch)
ORDER BY
  deposit DESC,
  branch ASC;

-- 21 每个标签都数到,合计另算
WITH tags /* 有标签的客户数,2026年1月1日—11月20日 */ AS (
  SELECT
    COALESCE(tags.tag, '未知') AS tag,
    COUNT(DISTINCT tags.customer_id) AS tagged
  FROM customer_tag AS tags
  GROUP BY
    1
)
SELECT
  tags.tag AS tag,
  tags.tagged AS tagged
FROM tags
ORDER BY
  tagged DESC,
  tags.tag ASC;

-- 22 指明角色的机构
WITH transfers_by_code /* 先按代码汇总,再取名称 */ AS (
  SELECT
    transfers.to_org,
    COALESCE(SUM(transfers.amount), 0) AS transferred
  FROM transfer AS transfers
  WHERE
    transfers.day BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), transfers /* 转账金额,2026年10月 */ AS (
  SELECT
    COALESCE(payee_org.outlet, '未知') AS outlet,
    SUM(transfers.transferred) AS transferred
  FROM transfers_by_code AS transfers
  LEFT JOIN dim_org AS payee_org
    ON transfers.to_org = payee_org.org_id
  GROUP BY
    1
), all_outlet /* 全部网点 */ AS (
  SELECT DISTINCT
    orgs.outlet AS outlet
  FROM dim_org AS orgs
  WHERE
    NOT orgs.outlet IS NULL
)
SELECT
  outlet,
  COALESCE(transfers.transferred, 0) AS transferred
FROM all_outlet
FULL JOIN transfers
  USING (outlet)
ORDER BY
  transferred DESC,
  outlet ASC;

-- 23 按当时的归属
WITH txns_by_code /* 先按代码汇总,再取名称 */ AS (
  SELECT
    txns.org_id,
    txns.txn_date,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1,
    2
), txns /* 交易金额,2026年9—10月 */ AS (
  SELECT
    COALESCE("then".manager, '未知') AS manager,
    SUM(txns.txn_amount) AS txn_amount
  FROM txns_by_code AS txns
  LEFT JOIN org_manager AS "then"
    ON txns.org_id = "then".org_id
    AND txns.txn_date >= "then".valid_from
    AND (
      "then".valid_to IS NULL OR txns.txn_date < "then".valid_to
    )
  GROUP BY
    1
)
SELECT
  txns.manager AS manager,
  txns.txn_amount AS txn_amount
FROM txns
ORDER BY
  txn_amount DESC,
  txns.manager ASC;

-- 23 按现在的归属
WITH txns_by_code /* 先按代码汇总,再取名称 */ AS (
  SELECT
    txns.org_id,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), txns /* 交易金额,2026年9—10月 */ AS (
  SELECT
    COALESCE(now.manager, '未知') AS manager,
    SUM(txns.txn_amount) AS txn_amount
  FROM txns_by_code AS txns
  LEFT JOIN (
    SELECT
      org_id,
      manager
    FROM org_manager
    WHERE
      valid_to IS NULL
  ) AS now
    ON txns.org_id = now.org_id
  GROUP BY
    1
)
SELECT
  txns.manager AS manager,
  txns.txn_amount AS txn_amount
FROM txns
ORDER BY
  txn_amount DESC,
  txns.manager ASC;

-- 26 多的一边的条件是半连接
WITH txns /* 交易笔数,2026年10月 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    COUNT(*) AS txn_cnt
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND txns.success = 0
  GROUP BY
    1
), customer_txn_cnt /* 每个对象的交易笔数 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    txns.txn_cnt AS txn_cnt
  FROM txns
), chosen_customer /* 圈选的对象 */ AS (
  SELECT
    customers.customer_id AS customer_id
  FROM dim_customer AS customers
  JOIN customer_txn_cnt
    ON customers.customer_id = customer_txn_cnt.customer_id
  WHERE
    customer_txn_cnt.txn_cnt >= 1
), balances_reported /* 有没有这一期的数据 */ AS (
  SELECT
    1 AS reported
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  LIMIT 1
), balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN (
        SELECT
          COUNT(*)
        FROM balances_reported
      ) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.customer_id IN (
      SELECT
        customer_id
      FROM chosen_customer
    )
)
SELECT
  balances.deposit AS deposit
FROM balances;

-- 27 前几名之外有合计
WITH txns_by_code /* 先按代码汇总,再取名称 */ AS (
  SELECT
    txns.org_id,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(txn_org.outlet, '未知') AS outlet,
    SUM(txns.txn_amount) AS txn_amount
  FROM txns_by_code AS txns
  LEFT JOIN dim_org AS txn_org
    ON txns.org_id = txn_org.org_id
  GROUP BY
    1
), all_outlet /* 全部网点 */ AS (
  SELECT DISTINCT
    orgs.outlet AS outlet
  FROM dim_org AS orgs
  WHERE
    NOT orgs.outlet IS NULL
), measured /* 指标 */ AS (
  SELECT
    outlet,
    COALESCE(txns.txn_amount, 0) AS txn_amount
  FROM all_outlet
  FULL JOIN txns
    USING (outlet)
), ranked /* 排名,并列同名次 */ AS (
  SELECT
    measured.outlet AS outlet,
    txn_amount,
    RANK() OVER (ORDER BY txn_amount DESC) AS rank_
  FROM measured
)
SELECT
  ranked.outlet AS outlet,
  txn_amount
FROM ranked
WHERE
  NOT txn_amount IS NULL AND rank_ <= 1
ORDER BY
  txn_amount DESC,
  ranked.outlet ASC;

-- 28 占比合起来是一
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE balances.is_demand
      WHEN 1
      THEN '活期'
      WHEN 0
      THEN '定期'
      ELSE COALESCE(CAST(balances.is_demand AS TEXT), '未知')
    END AS is_demand,
    COALESCE(SUM(balances.end_balance), 0) AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.product_line = '存款'
  GROUP BY
    1
), measured /* 指标 */ AS (
  SELECT
    balances.is_demand AS is_demand,
    balances.deposit AS deposit
  FROM balances
)
SELECT
  measured.is_demand AS is_demand,
  deposit,
  CASE
    WHEN MIN(deposit) OVER () >= 0
    THEN deposit / NULLIF(SUM(deposit) OVER (), 0)
  END AS "deposit.share"
FROM measured
ORDER BY
  CASE measured.is_demand WHEN '活期' THEN 0 WHEN '定期' THEN 1 ELSE 2 END ASC,
  measured.is_demand ASC;

-- 28 去掉筛选的占比
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(
        SUM(balances.end_balance) FILTER(WHERE
          balances.is_demand = 1 AND balances.product_line = '存款'),
        0
      )
    END AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), balances_unfiltered /* unfiltered:存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), measured /* 指标 */ AS (
  SELECT
    balances.deposit AS deposit,
    balances_unfiltered.deposit AS "deposit.whole"
  FROM balances
  CROSS JOIN balances_unfiltered
)
SELECT
  deposit,
  CASE WHEN MIN(deposit) OVER () >= 0 THEN deposit / NULLIF("deposit.whole", 0) END AS "deposit.share"
FROM measured;

-- 29 金额是十进制数
WITH txns /* 交易金额、手续费,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount,
    COALESCE(SUM(txns.fee), 0) AS fee
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
)
SELECT
  txns.txn_amount - txns.fee AS net_amount
FROM txns;

-- 30 周一为首日
WITH txns /* 交易金额,2026年10月26日—11月8日 */ AS (
  SELECT
    CAST(DATE_TRUNC('WEEK', txns.txn_date) AS DATE) AS week,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-26' AS DATE) AND CAST('2026-11-08' AS DATE)
  GROUP BY
    DATE_TRUNC('WEEK', txns.txn_date)
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.week AS DATE) AS week
  FROM (VALUES
    ('2026-10-26'),
    ('2026-11-02')) AS given(week)
)
SELECT
  STRFTIME(keys.week, '%G-W%V') AS week,
  COALESCE(txns.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN txns
  ON keys.week = txns.week
ORDER BY
  keys.week ASC;

-- 30 旬
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    CAST(CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) - INTERVAL (
      -10 * CASE
        WHEN (
          (
            DAY(txns.txn_date) - 1
          ) // 10
        ) IS NULL OR 2 IS NULL
        THEN NULL
        ELSE LEAST((
          DAY(txns.txn_date) - 1
        ) // 10, 2)
      END
    ) DAY AS DATE) AS xun,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.xun AS DATE) AS xun
  FROM (VALUES
    ('2026-10-01'),
    ('2026-10-11'),
    ('2026-10-21')) AS given(xun)
)
SELECT
  STRFTIME(keys.xun, '%Y-%m-') || CASE DAY(keys.xun) WHEN 1 THEN '上旬' WHEN 11 THEN '中旬' ELSE '下旬' END AS xun,
  COALESCE(txns.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN txns
  ON keys.xun = txns.xun
ORDER BY
  keys.xun ASC;

-- 31 权限在每一段里
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    owning_org.branch IN ('银川分行')
    AND balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), balances_mom /* 环比基期:存款余额,2026年9月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    owning_org.branch IN ('银川分行')
    AND balances.month_end BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-09-30' AS DATE)
)
SELECT
  balances.deposit AS deposit,
  balances_mom.deposit AS "deposit.mom.value"
FROM balances
CROSS JOIN balances_mom;

-- 31 圈选的子查询也有权限
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_org AS txn_org
    ON txns.org_id = txn_org.org_id
  WHERE
    txn_org.branch IN ('银川分行')
    AND txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), customer_txn_amount /* 每个对象的交易金额 */ AS (
  SELECT
    txns.customer_id AS customer_id,
    txns.txn_amount AS txn_amount
  FROM txns
), chosen_customer /* 圈选的对象 */ AS (
  SELECT
    customers.customer_id AS customer_id
  FROM dim_customer AS customers
  LEFT JOIN dim_org AS customer_org
    ON customers.org_id = customer_org.org_id
  LEFT JOIN customer_txn_amount
    ON customers.customer_id = customer_txn_amount.customer_id
  WHERE
    customer_org.branch IN ('银川分行')
    AND NOT customers.customer_id IS NULL
    AND COALESCE(customer_txn_amount.txn_amount, 0) >= 0
), cust_month_reported /* 有没有这一期的数据 */ AS (
  SELECT
    1 AS reported
  FROM fact_cust_month AS cust_month
  LEFT JOIN dim_org AS owning_org
    ON cust_month.org_id = owning_org.org_id
  WHERE
    owning_org.branch IN ('银川分行')
    AND cust_month.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  LIMIT 1
), cust_month /* 客户数,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN (
        SELECT
          COUNT(*)
        FROM cust_month_reported
      ) > 0
      THEN COUNT(DISTINCT cust_month.customer_id)
    END AS cust_cnt
  FROM fact_cust_month AS cust_month
  LEFT JOIN dim_org AS owning_org
    ON cust_month.org_id = owning_org.org_id
  WHERE
    owning_org.branch IN ('银川分行')
    AND cust_month.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND cust_month.customer_id IN (
      SELECT
        customer_id
      FROM chosen_customer
    )
)
SELECT
  cust_month.cust_cnt AS cust_cnt
FROM cust_month;

-- 33 古怪的名字和取值
WITH orders /* 订单金额,2026年10月 */ AS (
  SELECT
    COALESCE(CAST(orders."group" AS TEXT), '未知') AS kind,
    COALESCE(SUM(orders."金额(元)"), 0) AS ordered
  FROM "订单 select" AS orders
  WHERE
    orders.day BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
)
SELECT
  orders.kind AS kind,
  orders.ordered AS ordered
FROM orders
ORDER BY
  ordered DESC,
  orders.kind ASC;

-- 33 取值只是取值
WITH orders /* 订单金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(orders."金额(元)"), 0) AS ordered
  FROM "订单 select" AS orders
  WHERE
    orders.day BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND orders."group" IN (''' or 1=1 --', 'it''s')
)
SELECT
  orders.ordered AS ordered
FROM orders;

-- 34 按月定义的比率逐月列出
WITH cust_month /* 月活客户数,2026年8—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', cust_month.month_end) AS DATE) AS month,
    COUNT(DISTINCT cust_month.customer_id) AS mau
  FROM fact_cust_month AS cust_month
  WHERE
    cust_month.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND cust_month.active_flag = 1
  GROUP BY
    DATE_TRUNC('MONTH', cust_month.month_end)
), cust_month_2 /* 客户数,2026年8—10月 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', cust_month.month_end) AS DATE) AS month,
    COUNT(DISTINCT cust_month.customer_id) AS cust_cnt
  FROM fact_cust_month AS cust_month
  WHERE
    cust_month.month_end BETWEEN CAST('2026-08-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', cust_month.month_end)
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-08-01'),
    ('2026-09-01'),
    ('2026-10-01')) AS given(month)
)
SELECT
  STRFTIME(keys.month, '%Y-%m') AS month,
  COALESCE(cust_month.mau, 0) / NULLIF(cust_month_2.cust_cnt, 0) AS active_rate,
  cust_month_2.cust_cnt > 0 AND cust_month_2.cust_cnt < 30.0 AS "active_rate.small"
FROM keys
LEFT JOIN cust_month
  ON keys.month = cust_month.month
LEFT JOIN cust_month_2
  ON keys.month = cust_month_2.month
ORDER BY
  keys.month ASC;

-- 35 没有数的分行也列出:流量是零
WITH cust_month /* 新增客户数,2026年10月 */ AS (
  SELECT
    COALESCE(owning_org.branch, '未知') AS branch,
    COALESCE(SUM(cust_month.new_flag), 0) AS new_cust
  FROM fact_cust_month AS cust_month
  LEFT JOIN dim_org AS owning_org
    ON cust_month.org_id = owning_org.org_id
  WHERE
    cust_month.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), all_branch /* 全部分行 */ AS (
  SELECT DISTINCT
    orgs.branch AS branch
  FROM dim_org AS orgs
  WHERE
    NOT orgs.branch IS NULL
)
SELECT
  branch,
  COALESCE(cust_month.new_cust, 0) AS new_cust
FROM all_branch
FULL JOIN cust_month
  USING (branch)
ORDER BY
  new_cust DESC,
  branch ASC;

-- 36 有日数据时用日表
WITH balances_day /* 存款余额,2026年11月19日 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances_day.end_balance) FILTER(WHERE
        balances_day.product_line = '存款'), 0)
    END AS deposit
  FROM fact_balance_day AS balances_day
  WHERE
    balances_day.date = CAST('2026-11-19' AS DATE)
)
SELECT
  balances_day.deposit AS deposit
FROM balances_day;

-- 36 月末月表与日表一致
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(
        SUM(balances.end_balance) FILTER(WHERE
          owning_org.branch = '银川分行' AND balances.product_line = '存款'),
        0
      )
    END AS deposit
  FROM fact_balance AS balances
  LEFT JOIN dim_org AS owning_org
    ON balances.org_id = owning_org.org_id
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
)
SELECT
  balances.deposit AS deposit
FROM balances;

