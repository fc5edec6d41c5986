"""What takes up the scheduled runs in this process, one at a time, until it is told to end."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterable

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner

from flows.console.say import say_problem


class UntilTold(Runner):
    """Prefect's runner, which cancels what runs when it is told to end, in Prefect too.

    Its own way with SIGTERM leaves the run's process and state as they were, and shows a traceback.
    """

    server_gone: Callable[[], bool]
    _ending: "asyncio.Task[None] | None" = None

    def handle_sigterm(self, *_: object, **__: object) -> None:
        """End soon; asked for by a signal, which may come at any moment."""
        if self.server_gone():
            self._leave()
        if not self.started:
            raise KeyboardInterrupt
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(lambda: setattr(self, "_ending", loop.create_task(self._end())))

    async def _end(self) -> None:
        if self.started:
            await self.astop()

    def _leave(self) -> None:
        """End at once, with the run in hand: without a server both would ask for it again for minutes.

        The next start marks the run as crashed.
        """
        for flow_run_id in self._process_manager.flow_run_ids():
            if process := self._process_manager.get(flow_run_id):
                process.hard_kill()
        say_problem("barometer: serve: its Prefect server has ended, and so does this")
        os._exit(1)


def one_at_a_time(deployments: Iterable[RunnerDeployment], server_gone: Callable[[], bool]) -> UntilTold:
    """Bring up the deployments, and return what runs them."""
    # What it tells of its own end is of no use to anybody.
    logging.getLogger("prefect.runner").setLevel(logging.CRITICAL)
    # A schedule that is paused at the end would not catch up at the next start.
    # One run at a time: SQLite locks up under several that begin at once.
    runner = UntilTold(pause_on_shutdown=False, limit=1)
    runner.server_gone = server_gone
    for deployment in deployments:
        runner.add_deployment(deployment)
    return runner


def run_until_told(runner: UntilTold) -> None:
    """Run what is scheduled until SIGTERM or SIGINT."""
    signal.signal(signal.SIGINT, runner.handle_sigterm)
    asyncio.run(runner.start())
