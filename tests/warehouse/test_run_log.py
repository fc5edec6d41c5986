"""The run log survives what ends a process."""

from dataclasses import replace

from warehouse.archive.run_log import Run, append_run, last_run
from warehouse.config.settings import Settings


def test_the_newest_whole_line_counts(settings: Settings):
    """Without a log there is no run; a line cut by a crash is passed over, and the next one stands alone."""
    assert last_run(settings) is None

    settings.data.mkdir()
    now = settings.clock()
    first = Run(now, now, None, {"source pypi": "stale"}, [{"stage": "build", "seconds": 1.5}])
    append_run(settings, first)
    with settings.run_log.open("ab") as log:
        log.write(b'{"started_at": "2025-')
    assert last_run(settings) == first

    second = replace(first, blocked="☂", told={})
    append_run(settings, second)
    assert last_run(settings) == second
    assert len(settings.run_log.read_bytes().splitlines()) == 3
