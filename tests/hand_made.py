"""A work database made by hand, without dbt: empty tables, which a test fills."""

from warehouse.build.load import SCHEMA

# What the macros of the published file read, and what is asked before a further publication.
MARTS = (
    SCHEMA
    + """
create schema if not exists intermediate;
create or replace table intermediate.int_renewed (metric_id varchar, renewed_from date);
create or replace table intermediate.int_marks (
    subject_id varchar, metric_id varchar, period_start date, suspect_reason varchar, stale_reason varchar,
    revision integer
);
create schema if not exists marts;
create or replace table marts.subjects (subject_id varchar, first_release_on date);
create or replace table marts.metrics (metric_id varchar, grain varchar, made_from varchar);
create or replace table marts.observations (
    subject_id varchar, metric_id varchar, period_start date, period_end date, value double, low double,
    high double, state varchar, basis varchar, observed_at timestamptz
);
create or replace table marts.claims (claim_id varchar, position integer);
create or replace table marts.claim_evidence (
    claim_id varchar, metric_id varchar, measure varchar, subject_id varchar, period_start date, value double,
    state varchar, supports varchar, weight double, rival_id varchar, ratio double, ratio_low double,
    ratio_high double, compared_to date, basis varchar, observed_at timestamptz
);
create or replace table marts.build_info (built_at timestamptz, demo boolean);
create or replace table marts.source_status (
    source_id varchar, last_attempt_at timestamptz, last_success_at timestamptz, last_period date,
    lag_days bigint, expected_lag_days integer, late_from timestamptz, stale_from timestamptz, state varchar,
    reason varchar
);
create or replace table marts.series_status (
    subject_id varchar, metric_id varchar, last_period date, observed_at timestamptz, ended_on date,
    lag_days bigint, expected_lag_days integer, late_from timestamptz, stale_from timestamptz, state varchar,
    reason varchar
);
create or replace table marts.events (
    subject_id varchar, metric_id varchar, occurred_on date, ended_on date, kind varchar, title varchar,
    url varchar
);
"""
)
