"""What the copy of the packages' metadata is asked: one query, which tells all months of a family.

Table: https://github.com/ClickHouse/clickpy, one row for each uploaded file.
"""

# One row for each month, the first of which stands for all that was released until it was over.
# - A project and a package are called in several spellings, which are one name:
#   https://packaging.python.org/en/latest/specifications/name-normalization/
# - A requirement begins with the whole name; one behind an extra is only offered.
# - A release is of the month of its first file, and requires what any of its files requires: an sdist often
#   tells nothing. Files that are added later are no release.
# - A project stands as its latest release of the month does, until another month has one.
# - Every stage keeps count of the files that it was made from: what they sum to, beside the number that the
#   table says it holds, tells whether all were read.
# - The totals are of all months: rows that sum to less were cut.
DEPENDENTS = """
WITH
    concat(
        '(?i)^ *(',
        arrayStringConcat(arrayMap(one -> replaceAll(one, '-', '[-_.]+'), {packages:Array(String)}), '|'),
        ')([^a-z0-9._-]|$)'
    ) AS whole_name,
    '(?i);(.*[^a-z0-9_])?extra([^a-z0-9_]|$)' AS behind_an_extra,
    releases AS (
        SELECT
            lower(replaceRegexpAll(name, '[-_.]+', '-')) AS project,
            toDateTime(min(upload_time), 'UTC') AS released_at,
            max(arrayExists(
                one -> match(one, whole_name) AND NOT match(one, behind_an_extra), requires_dist
            )) AS requires,
            max(arrayExists(one -> match(one, whole_name), requires_dist)) AS names,
            count() AS files
        FROM pypi.projects
        GROUP BY project, version
    ),
    months AS (
        SELECT
            project,
            greatest(toStartOfMonth(released_at), {until:Date}) AS month,
            NOT has({packages:Array(String)}, project) AS is_another,
            is_another AND max(requires) AS is_requiring,
            is_another AND argMax(requires, released_at) AS requires_now,
            is_another AND argMax(names AND NOT requires, released_at) AS offers_now,
            sum(files) AS files
        FROM releases
        GROUP BY project, month
    ),
    changes AS (
        SELECT
            *,
            lagInFrame(requires_now) OVER earlier AS required_before,
            lagInFrame(offers_now) OVER earlier AS offered_before
        FROM months
        WINDOW earlier AS (
            PARTITION BY project ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    )
SELECT
    month,
    count() AS released,
    countIf(is_requiring) AS requiring,
    countIf(requires_now AND NOT required_before) AS began,
    countIf(required_before AND NOT requires_now) AS ceased,
    countIf(offers_now AND NOT offered_before) AS began_to_offer,
    countIf(offered_before AND NOT offers_now) AS ceased_to_offer,
    sum(files) AS loaded,
    max((SELECT count() FROM pypi.projects)) AS held
FROM changes
GROUP BY month WITH TOTALS
ORDER BY month
LIMIT {row_limit:UInt32}
"""
# Below the thousand rows that the service returns at most, and far above the months there are.
ROW_LIMIT = 900
