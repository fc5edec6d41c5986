-- One row per subject, package and stretch of days on which the same packages count, both days included; `components`
-- is how many these are. Stretches are left out in which a channel named for the subject does not count: channels
-- that come and go would make a sum rise and fall without a download more or less.
with counted as (
    {{ counted_components('anaconda', 'package') }}
),

channels as (
    select
        subject_id,
        count(distinct split_part(package, '/', 1)) as channels
    from counted
    group by subject_id
),

whole as (
    select
        counted.subject_id,
        counted.first_day
    from counted
    inner join channels using (subject_id)
    group by all
    having count(distinct split_part(counted.package, '/', 1)) = any_value(channels.channels)
)

select counted.*
from counted
semi join whole using (subject_id, first_day)
