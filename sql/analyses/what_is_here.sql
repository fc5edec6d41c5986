-- Which tables and columns are there, and what do they hold?
select
    columns.table_name,
    tables.estimated_size as row_count,
    columns.column_name,
    columns.data_type as type,
    columns.comment as meaning
from duckdb_columns() as columns
inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
where not columns.internal
order by columns.table_name, columns.column_index
