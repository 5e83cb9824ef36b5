-- 上个月各分行新增客户数
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

-- 存款余额
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
)
SELECT
  balances.deposit AS deposit
FROM balances;

-- 各性别存款余额同比、较年初
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
), balances_yoy /* 同比基期:存款余额,2025年10月末 */ AS (
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
    balances.month_end BETWEEN CAST('2025-10-01' AS DATE) AND CAST('2025-10-31' AS DATE)
  GROUP BY
    1
), balances_ytd_open /* 年初:存款余额,2025年12月末 */ AS (
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
    balances.month_end BETWEEN CAST('2025-12-01' AS DATE) AND CAST('2025-12-31' AS DATE)
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
  FROM balances_yoy
  WHERE
    counted_ > 0
  UNION
  SELECT
    gender
  FROM balances_ytd_open
  WHERE
    counted_ > 0
), measured /* 指标 */ AS (
  SELECT
    keys.gender AS gender,
    balances.deposit AS deposit,
    balances_yoy.deposit AS "deposit.yoy.value",
    balances_ytd_open.deposit AS "deposit.ytd_open.value"
  FROM keys
  LEFT JOIN balances
    ON keys.gender = balances.gender
  LEFT JOIN balances_yoy
    ON keys.gender = balances_yoy.gender
  LEFT JOIN balances_ytd_open
    ON keys.gender = balances_ytd_open.gender
)
SELECT
  measured.gender AS gender,
  deposit,
  "deposit.yoy.value",
  deposit - "deposit.yoy.value" AS "deposit.yoy.diff",
  CASE
    WHEN "deposit.yoy.value" > 0
    THEN (
      deposit - "deposit.yoy.value"
    ) / NULLIF("deposit.yoy.value", 0)
  END AS "deposit.yoy.rate",
  "deposit.ytd_open.value",
  deposit - "deposit.ytd_open.value" AS "deposit.ytd_open.diff",
  CASE
    WHEN "deposit.ytd_open.value" > 0
    THEN (
      deposit - "deposit.ytd_open.value"
    ) / NULLIF("deposit.ytd_open.value", 0)
  END AS "deposit.ytd_open.rate"
FROM measured
ORDER BY
  CASE measured.gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  measured.gender ASC;

-- 按月交易金额同比
WITH txns /* 交易金额,2026年10月1日—11月19日 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-11-19' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), txns_yoy /* 同比基期:交易金额,2025年10月1日—11月19日 */ AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', txns.txn_date) AS DATE) AS month,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2025-10-01' AS DATE) AND CAST('2025-11-19' AS DATE)
  GROUP BY
    DATE_TRUNC('MONTH', txns.txn_date)
), txns_yoy_keys /* 各期的对应 */ AS (
  SELECT
    CAST(given.key AS DATE) AS key,
    CAST(given.unit AS DATE) AS unit
  FROM (VALUES
    ('2026-10-01', '2025-10-01'),
    ('2026-11-01', '2025-11-01')) AS given(key, unit)
), txns_yoy_by_key AS (
  SELECT
    txns_yoy_keys.key AS month,
    txns_yoy.txn_amount AS txn_amount
  FROM txns_yoy
  JOIN txns_yoy_keys
    ON txns_yoy.month = txns_yoy_keys.unit
), keys /* 要列出的全部分组 */ AS (
  SELECT
    CAST(given.month AS DATE) AS month
  FROM (VALUES
    ('2026-10-01'),
    ('2026-11-01')) AS given(month)
), measured /* 指标 */ AS (
  SELECT
    keys.month AS month,
    COALESCE(txns.txn_amount, 0) AS txn_amount,
    COALESCE(txns_yoy_by_key.txn_amount, 0) AS "txn_amount.yoy.value"
  FROM keys
  LEFT JOIN txns
    ON keys.month = txns.month
  LEFT JOIN txns_yoy_by_key
    ON keys.month = txns_yoy_by_key.month
)
SELECT
  STRFTIME(measured.month, '%Y-%m') AS month,
  txn_amount,
  "txn_amount.yoy.value",
  txn_amount - "txn_amount.yoy.value" AS "txn_amount.yoy.diff",
  CASE
    WHEN "txn_amount.yoy.value" > 0
    THEN (
      txn_amount - "txn_amount.yoy.value"
    ) / NULLIF("txn_amount.yoy.value", 0)
  END AS "txn_amount.yoy.rate"
FROM measured
ORDER BY
  measured.month ASC;

-- 不良率最高的一个分行
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
), measured /* 指标 */ AS (
  SELECT
    branch,
    loans.npl_balance / NULLIF(loans.loan_balance, 0) AS npl_rate
  FROM all_branch
  FULL JOIN loans
    USING (branch)
), ranked /* 排名,并列同名次 */ AS (
  SELECT
    measured.branch AS branch,
    npl_rate,
    RANK() OVER (
      ORDER BY npl_rate IS NULL ASC, measured.branch = '未知' ASC, ROUND(npl_rate, 12) DESC
    ) AS rank_
  FROM measured
)
SELECT
  ranked.branch AS branch,
  npl_rate
FROM ranked
WHERE
  NOT npl_rate IS NULL AND rank_ <= 1
ORDER BY
  ranked.branch = '未知' ASC,
  ROUND(npl_rate, 12) DESC,
  ranked.branch ASC;

-- 费率高于平均的性别
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
), txns_whole /* 全部:手续费、交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.fee), 0) AS fee,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), measured /* 指标 */ AS (
  SELECT
    txns.gender AS gender,
    txns.fee / NULLIF(txns.txn_amount, 0) AS fee_rate,
    txns_whole.fee / NULLIF(txns_whole.txn_amount, 0) AS "fee_rate.whole"
  FROM txns
  CROSS JOIN txns_whole
)
SELECT
  measured.gender AS gender,
  fee_rate
FROM measured
WHERE
  ROUND(fee_rate, 12) > ROUND("fee_rate.whole", 12)
ORDER BY
  CASE measured.gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  measured.gender ASC;

-- 交易金额占比
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(customers.gender, '未知') AS gender,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_customer AS customers
    ON txns.customer_id = customers.customer_id
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), measured /* 指标 */ AS (
  SELECT
    txns.gender AS gender,
    txns.txn_amount AS txn_amount
  FROM txns
)
SELECT
  measured.gender AS gender,
  txn_amount,
  CASE
    WHEN MIN(txn_amount) OVER () >= 0
    THEN txn_amount / NULLIF(SUM(txn_amount) OVER (), 0)
  END AS "txn_amount.share"
FROM measured
ORDER BY
  CASE measured.gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  measured.gender ASC;

-- 按月累计
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

-- 日均
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) / 31 AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
), txns_2 /* 日均交易客户数,2026年10月 */ AS (
  SELECT
    CAST(txns.txn_date AS DATE) AS unit,
    COUNT(DISTINCT txns.customer_id) AS dau
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), txns_2_mean /* 各期之和除以期数 */ AS (
  SELECT
    COALESCE(SUM(dau), 0) / 31 AS dau
  FROM txns_2
), balances /* 存款日均,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(balances.avg_balance * balances.days), 0) / 31 AS deposit_avg
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.product_line = '存款'
)
SELECT
  txns.txn_amount AS "txn_amount.per_day",
  txns_2_mean.dau AS dau,
  balances.deposit_avg AS deposit_avg
FROM txns
CROSS JOIN txns_2_mean
CROSS JOIN balances;

-- 两个事实
WITH loans /* 贷款余额,2026年10月末 */ AS (
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
), txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(customers.gender, '未知') AS gender,
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
  gender,
  loans.loan_balance AS loan_balance,
  COALESCE(txns.txn_amount, 0) AS txn_amount
FROM loans
FULL JOIN txns
  USING (gender)
ORDER BY
  CASE gender WHEN '男' THEN 0 WHEN '女' THEN 1 ELSE 2 END ASC,
  gender ASC;

-- 存款超过100的客户数
WITH balances /* 存款余额,2026年10月末 */ AS (
  SELECT
    balances.customer_id AS customer_id,
    COALESCE(SUM(balances.end_balance), 0) AS deposit
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND balances.product_line = '存款'
  GROUP BY
    1
), customer_deposit /* 每个对象的存款余额 */ AS (
  SELECT
    balances.customer_id AS customer_id,
    balances.deposit AS deposit
  FROM balances
), chosen_customer /* 圈选的对象 */ AS (
  SELECT
    customers.customer_id AS customer_id
  FROM dim_customer AS customers
  JOIN customer_deposit
    ON customers.customer_id = customer_deposit.customer_id
  WHERE
    customer_deposit.deposit > 100
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

-- 筛选
WITH txns /* 交易金额,2026年10月 */ AS (
  SELECT
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  LEFT JOIN dim_org AS txn_org
    ON txns.org_id = txn_org.org_id
  WHERE
    txns.txn_date BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)
    AND (
      NOT txn_org.branch = '银川分行' OR txn_org.branch IS NULL
    )
)
SELECT
  txns.txn_amount AS txn_amount
FROM txns;

-- 两段时间
WITH txns /* 交易金额,2026年9—10月 */ AS (
  SELECT
    CASE
      WHEN txns.txn_date >= CAST('2026-09-01' AS DATE)
      AND txns.txn_date < CAST('2026-10-01' AS DATE)
      THEN 0
      WHEN txns.txn_date >= CAST('2026-10-01' AS DATE)
      AND txns.txn_date < CAST('2026-11-01' AS DATE)
      THEN 1
    END AS period,
    COALESCE(SUM(txns.amount), 0) AS txn_amount
  FROM fact_txn AS txns
  WHERE
    txns.txn_date BETWEEN CAST('2026-09-01' AS DATE) AND CAST('2026-10-31' AS DATE)
  GROUP BY
    1
), keys /* 要列出的全部分组 */ AS (
  SELECT
    period
  FROM (VALUES
    (0),
    (1)) AS given(period)
)
SELECT
  CASE keys.period WHEN 0 THEN '2026年9月' WHEN 1 THEN '2026年10月' END AS period,
  COALESCE(txns.txn_amount, 0) AS txn_amount
FROM keys
LEFT JOIN txns
  ON keys.period = txns.period
ORDER BY
  keys.period ASC;

-- 按旬
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

-- 最近已知余额
WITH balances /* 存款余额(最近),2026年9月末 */ AS (
  SELECT
    CASE
      WHEN COUNT(*) > 0
      THEN COALESCE(SUM(balances.end_balance) FILTER(WHERE
        balances.product_line = '存款'), 0)
    END AS deposit_known
  FROM fact_balance AS balances
  WHERE
    balances.month_end BETWEEN CAST('2026-07-01' AS DATE) AND CAST('2026-09-30' AS DATE)
    AND balances.month_end = (
      SELECT
        MAX(balances_known.month_end)
      FROM fact_balance AS balances_known
      WHERE
        balances_known.account_id = balances.account_id
        AND balances_known.month_end BETWEEN CAST('2026-07-01' AS DATE) AND CAST('2026-09-30' AS DATE)
        AND balances.month_end BETWEEN CAST('2026-07-01' AS DATE) AND CAST('2026-09-30' AS DATE)
    )
)
SELECT
  balances.deposit_known AS deposit_known
FROM balances;

