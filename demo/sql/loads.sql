-- The load log: daily tables arrive every morning, month tables on the second of the next month.

INSERT INTO etl_load BY NAME
WITH loads AS (
    SELECT 'fact_txn' AS table_name, txn_date AS data_date, count(*) AS row_count
    FROM fact_txn WHERE txn_date <= getvariable('last_day') GROUP BY ALL
    UNION ALL SELECT 'fact_balance_day', date, count(*) FROM fact_balance_day GROUP BY ALL
    UNION ALL
    SELECT 'fact_loan_apply', d.date, count(apply_id)
    FROM dim_calendar AS d LEFT JOIN fact_loan_apply ON apply_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL SELECT 'fact_aum_day', date, count(*) FROM fact_aum_day GROUP BY ALL
    UNION ALL SELECT 'fact_loan_day', date, count(*) FROM fact_loan_day GROUP BY ALL
    UNION ALL
    SELECT 'fact_card', d.date, count(card_id)
    FROM dim_calendar AS d LEFT JOIN fact_card ON issue_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL SELECT 'fact_card_month', month_end, count(*) FROM fact_card_month GROUP BY ALL
    UNION ALL SELECT 'fact_profit', month_end, count(*) FROM fact_profit GROUP BY ALL
    UNION ALL
    SELECT 'fact_trade', d.date, count(trade_id)
    FROM dim_calendar AS d LEFT JOIN fact_trade ON trade_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL
    SELECT 'fact_policy', d.date, count(policy_id)
    FROM dim_calendar AS d LEFT JOIN fact_policy ON issue_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL
    SELECT 'fact_claim', d.date, count(claim_id)
    FROM dim_calendar AS d LEFT JOIN fact_claim ON report_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL
    SELECT 'fact_service', d.date, count(ticket_id)
    FROM dim_calendar AS d LEFT JOIN fact_service ON create_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL SELECT 'fact_broker_month', month_end, count(*) FROM fact_broker_month GROUP BY ALL
    UNION ALL SELECT 'fact_policy_month', month_end, count(*) FROM fact_policy_month GROUP BY ALL
    UNION ALL SELECT 'dim_tag', getvariable('last_day'), count(*) FROM dim_tag
    UNION ALL SELECT 'bridge_customer_tag', getvariable('last_day'), count(*) FROM bridge_customer_tag
    UNION ALL
    SELECT 'dim_customer_risk_hist', getvariable('last_day'), count(*) FROM dim_customer_risk_hist
    UNION ALL SELECT 'fact_event', event_date, count(*) FROM fact_event GROUP BY ALL
    UNION ALL
    SELECT 'fact_touch', d.date, count(touch_id)
    FROM dim_calendar AS d LEFT JOIN fact_touch ON touch_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL
    SELECT 'fact_cost', d.date, count(cost)
    FROM dim_calendar AS d LEFT JOIN fact_cost ON cost_date = d.date
    WHERE d.date BETWEEN getvariable('first_day') AND getvariable('last_day') GROUP BY ALL
    UNION ALL SELECT 'fact_cust_month', month_end, count(*) FROM fact_cust_month GROUP BY ALL
    UNION ALL SELECT 'fact_balance', month_end, count(*) FROM fact_balance GROUP BY ALL
    UNION ALL SELECT 'fact_loan_month', month_end, count(*) FROM fact_loan_month GROUP BY ALL
    UNION ALL SELECT 'fact_target', month_end, count(*) FROM fact_target GROUP BY ALL
    UNION ALL SELECT 'dim_org', getvariable('last_day'), count(*) FROM dim_org
    UNION ALL SELECT 'dim_manager', getvariable('last_day'), count(*) FROM dim_manager
    UNION ALL SELECT 'dim_customer', getvariable('last_day'), count(*) FROM dim_customer
    UNION ALL SELECT 'dim_product', getvariable('last_day'), count(*) FROM dim_product
    UNION ALL SELECT 'dim_campaign', getvariable('last_day'), count(*) FROM dim_campaign
    UNION ALL SELECT 'dim_channel', getvariable('last_day'), count(*) FROM dim_channel
    UNION ALL SELECT 'dim_calendar', getvariable('last_day'), count(*) FROM dim_calendar
)
SELECT table_name, data_date,
       data_date + INTERVAL 1 DAY + INTERVAL 6 HOUR
           + CASE WHEN table_name IN ('fact_cust_month', 'fact_balance', 'fact_loan_month',
                                      'fact_card_month', 'fact_profit', 'fact_broker_month',
                                      'fact_policy_month',
                                      'fact_target') THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END
           + to_minutes(pick(datediff('day', DATE '2000-01-01', data_date), 'load:' || table_name, 50))
           AS loaded_at,
       row_count
FROM loads ORDER BY data_date, table_name;
