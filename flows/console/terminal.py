"""How the stages are shown on a terminal: what runs spins, what has ended leaves a line."""

import logging

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def terminal_handler() -> "TerminalHandler | None":
    """Return what shows the stages where standard error is a terminal; else None."""
    console = Console(stderr=True)
    return TerminalHandler(console) if console.is_terminal else None


class TerminalHandler(logging.Handler):
    """A spinner for each running stage, a bar where its requests are known, a line for each finished one."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[quota]}", markup=False),
            console=console,
            transient=True,
        )
        self._running: dict[str, TaskID] = {}
        self._progress.start()

    def emit(self, record: logging.LogRecord) -> None:
        begins, moves, ends = (getattr(record, name, None) for name in ("begins", "moves", "ends"))
        if begins:
            self._running[begins.name] = self._progress.add_task(begins.name, total=None, quota="")
        elif moves:
            quota = getattr(record, "quota", "")
            task = self._running[moves.name]
            self._progress.update(task, total=moves.total, completed=moves.done, quota=quota)
        else:
            if ends and ends.name in self._running:
                self._progress.remove_task(self._running.pop(ends.name))
            self._progress.console.print(record.getMessage(), markup=False, emoji=False, highlight=False)

    def close(self) -> None:
        self._progress.stop()
        super().close()
