-- One row per table and column of the published file, with their comments.
select
    tables.table_name,
    tables.comment as table_comment,
    columns.column_name,
    columns.data_type,
    columns.comment as column_comment
from duckdb_tables() as tables
inner join duckdb_columns() as columns on tables.table_oid = columns.table_oid
where not tables.internal
order by tables.table_name, columns.column_index
