"""Who works off the queue: takes the one job there is by its name, and refuses whatever else somebody has put there."""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from services import failures

QUEUE = "fallverlauf"
DELIVER = "workers.jobs.deliver"  # by its name: who rings the bell does not load what a worker does
_ID = re.compile("[0-9a-f]{32}")

log = logging.getLogger(failures.LOGGER)


class Bell(Job):
    """A job as it comes out of the queue: nothing in it is believed before `is_own` has looked."""

    unreadable = False

    def restore(self, raw_data: Any) -> Any:
        """Reads what lies there; what cannot be read is a job to refuse, not the end of the worker."""
        try:
            return Job.restore(self, raw_data)
        except Exception:
            self.unreadable = True
            return None

    @property
    def is_own(self) -> bool:
        """Whether this is the delivery of an outbox row, and nothing is to be called beside or after it."""
        besides = (self._success_callback_name, self._failure_callback_name, self._stopped_callback_name)
        if self.unreadable or any(besides) or self.webhooks or self._dependency_ids:
            return False
        try:
            name, instance, given, named = json.loads(self.data)
        except (ValueError, TypeError):  # other than JSON, or than four parts
            return False
        rightly = isinstance(given, list) and len(given) == 1 and isinstance(given[0], str) and not named
        return name == DELIVER and instance is None and rightly and bool(_ID.fullmatch(given[0]))


class Crew(SimpleWorker):
    """The worker. It remembers that it was told to stop, since it also ends when the queue goes or answers too late."""

    job_class = Bell
    stopped = False

    def request_stop(self, signum: Any, frame: Any) -> None:
        """Notes that the process is to end, once its job is done; rq also notes it in the queue, which may be away."""
        self.stopped = True
        with suppress(RedisError):
            SimpleWorker.request_stop(self, signum, frame)

    def heartbeat(self, *given: Any, **more: Any) -> None:
        """Ends a worker that was told to: where that came in the middle of a log line, what rq raised was lost, and
        without a queue it would look for one for ever.
        """
        if self.stopped and self.get_state() != WorkerStatus.BUSY:
            raise StopRequested
        SimpleWorker.heartbeat(self, *given, **more)

    def subscribe(self) -> None:
        """Listens to nobody: rq lets whoever reaches the queue end a worker or its job."""

    def check_for_suspension(self, burst: bool) -> None:
        """Knows no pause: rq lets whoever reaches the queue set one for ever."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Does the job, or throws it away and says so without a word of what was in it."""
        if isinstance(job, Bell) and job.is_own:
            SimpleWorker.execute_job(self, job, queue)
            return
        log.warning("job refused", extra={"queue": QUEUE})
        IntermediateQueue(queue.key, connection=self.connection).remove(job.id)
        self.connection.delete(job.key)


def queue(connection: Redis) -> Queue:
    """The queue: what it holds is JSON, which nothing can be run from."""
    return Queue(QUEUE, connection=connection, job_class=Bell, serializer=JSONSerializer)


def crew(connection: Redis) -> Crew:
    """A worker for it."""
    return Crew([queue(connection)], connection=connection, serializer=JSONSerializer, log_job_description=False)
