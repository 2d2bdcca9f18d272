"""The processes of the service, each runnable by itself and loading only what it needs."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from services import failures
from services.failures import Said
from services.office import startup
from services.office.health import beat
from services.office.office import Office, open_office
from services.settings import Settings
from workers import logs
from workers.stopping import at_signal
from workers.supervisor import SUPERVISED

PULSE = 3.0  # seconds
NO_QUEUE = "Valkey ist nicht erreichbar oder nimmt die Anmeldung nicht an."
GRACE = 2  # seconds a page may take when the web process ends

log = logging.getLogger(failures.LOGGER)


def web(host: str, port: int, listening: int | None = None) -> None:
    """Serves the pages until told to stop; `listening` is the descriptor of a socket that is open already."""
    import uvicorn

    from services.messages import mail
    from services.web.app import create_app
    from services.web.http.connections import Connection

    settings = _begin("web")
    with startup.open_patiently(settings, _say) as office:
        if settings.public_address is not None:
            with office.write() as tx:
                mail.set_address(tx.conn, settings.public_address)
        config = uvicorn.Config(
            create_app(office, host),
            host=host,
            port=port,
            http=Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=GRACE,
        )
        gc.collect()
        gc.freeze()  # what is loaded stays; looking through it again and again would hold up all pages together
        sockets = None if listening is None else [socket.socket(fileno=listening)]
        uvicorn.Server(config).run(sockets=sockets)


def worker() -> None:
    """Works off the queue until told to stop; waits while there is no queue."""
    from workers import jobs

    settings = _begin("worker")
    address = _redis(settings)
    with startup.open_patiently(settings, _say) as office:
        jobs.work_in(office)
        stop = Event()
        Thread(target=_pulse, args=(office, "worker", stop), daemon=True).start()
        _work_off(address)
        stop.set()


def _work_off(address: str) -> None:
    from redis.exceptions import RedisError

    from workers.crew import crew as opened
    from workers.dispatcher import connect

    told = startup.Told("Valkey", _say)
    while True:
        with startup.ended_by_signal():  # until RQ listens itself, which it does once it is registered
            _await_queue(address, told)
            crew = opened(connect(address))
            crew.max_connection_wait_time = PULSE
            with suppress(RedisError):  # taking its leave needs a queue, too
                crew.work(logging_level="WARNING")
        if crew.stopped:
            return


def _await_queue(address: str, told: startup.Told) -> None:
    from redis.exceptions import RedisError

    from workers.dispatcher import connect

    while True:
        try:
            with connect(address) as asked:  # of its own: RQ lengthens the patience of a connection not yet used
                asked.ping()
        except RedisError:
            told.reason(NO_QUEUE)
            time.sleep(PULSE)
        else:
            told.end()
            return


def scheduler() -> None:
    """Ticks until told to stop."""
    from workers.dispatcher import connect
    from workers.scheduler import Scheduler

    settings = _begin("scheduler")
    redis = connect(_redis(settings))
    with startup.open_patiently(settings, _say) as office:
        Scheduler(office, redis).run(at_signal())


def checkpoint() -> None:
    """Writes the checkpoint of the day, for a scheduler, and ends."""
    from workers import witness

    with open_office(_begin("scheduler")) as office:
        witness.bear(office)


def deliveries() -> None:
    """Takes the files that were left overnight, for a scheduler, and ends."""
    from workers.deliveries import take_all

    with open_office(_begin("scheduler")) as office:
        take_all(office)


def uploads() -> None:
    """Checks and imports what was handed in through a page, for a scheduler, and ends."""
    from services.exchange.uploads.work import work_off

    with open_office(_begin("scheduler")) as office:
        work_off(office)


def _redis(settings: Settings) -> str:
    if settings.redis is None:
        raise Said(
            "FALLVERLAUF_REDIS fehlt: erwartet wird redis://HOST:PORT/0 („serve“ ohne Zusatz bringt Valkey mit)."
        )
    return settings.redis


def _begin(process: str) -> Settings:
    settings = Settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    logs.configure(settings.data, process)
    if os.environ.get(SUPERVISED):
        Thread(target=_end_with_supervisor, daemon=True).start()
    return settings


def _say(sentence: str) -> None:
    """On standard error, where whoever started the process looks, and in the log."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
    log.info("waiting", extra={"sentence": sentence})


def _end_with_supervisor() -> None:
    """A supervisor that was killed tells nobody; but then the pipe to its children ends."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _pulse(office: Office, name: str, stop: Event) -> None:
    while not stop.is_set():
        try:
            with office.write() as tx:
                beat(tx.conn, name)
        except SQLAlchemyError as error:
            log.warning("heartbeat", extra={"error": type(error).__name__})
        stop.wait(PULSE)


def main(arguments: list[str]) -> int:
    """`web HOST PORT [DESCRIPTOR]` or the name of another process, as they start one another."""
    name, *rest = arguments
    roles: dict[str, Callable[[], None]] = {
        "web": lambda: web(rest[0], int(rest[1]), int(rest[2]) if rest[2:] else None),
        "worker": worker,
        "scheduler": scheduler,
        "checkpoint": checkpoint,
        "deliveries": deliveries,
        "uploads": uploads,
    }
    try:
        roles[name]()
    except Exception as error:
        said = failures.sentence(error) or failures.unexpected(error, Settings().data)
        sys.stderr.write(f"{said}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
