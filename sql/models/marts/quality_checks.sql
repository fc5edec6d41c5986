-- One row per check of this build. What a failed one concerns is not in this file; the check was run on what
-- would have been. Filled when all checks have run.
select
    check_id,
    source_id,
    severity,
    passed,
    failing_rows,
    detail,
    checked_at
from {{ source('raw', 'checks') }}
