"""`serve`: the whole service in one go, or one of its processes by itself."""

from __future__ import annotations

import errno
import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from services.failures import Said
from workers import keeper
from workers.stopping import Stop, at_signal
from workers.supervisor import environment
from workers.valkey import prepared

if TYPE_CHECKING:
    from services.office.office import Office
    from services.settings import Settings

PORTS = 20  # so many ports after the wished one are tried
FIRST = ("case_manager", "job_academy", "placement", "intake", "team_lead", "unit_lead", "qs")
CASES = 5_930  # synthetic ones of the demo; with those shaped by hand about 6,000

app = typer.Typer(help="Startet Fallverlauf: Seiten, Worker, Scheduler und Valkey.", invoke_without_command=True)

Host = Annotated[str, typer.Option(help="Adresse, auf der die Seiten erreichbar sind.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port der Seiten; 0: irgendein freier.")]
Demo = Annotated[bool, typer.Option("--demo", help="Legt die Demo an, wenn noch keine Daten da sind.")]
DemoCases = Annotated[int, typer.Option(min=0, max=20_000, hidden=True, help="So viele erzeugte Fälle dazu.")]


@app.callback()
def everything(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    demo: Demo = False,
    demo_cases: DemoCases = CASES,
) -> None:
    """Startet alles zusammen und hält es am Laufen, bis Strg+C gedrückt wird."""
    if context.invoked_subcommand is None:
        from services.settings import Settings

        with _sentences():
            serve(Settings(), host, port, demo_cases=demo_cases if demo else None)


@app.command()
def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Startet nur die Seiten."""
    from workers import processes

    with _sentences():
        processes.web(host, port)


@app.command()
def worker() -> None:
    """Startet nur einen Worker."""
    from workers import processes

    with _sentences():
        processes.worker()


@app.command()
def scheduler() -> None:
    """Startet nur den Scheduler."""
    from workers import processes

    with _sentences():
        processes.scheduler()


@contextmanager
def _sentences() -> Iterator[None]:
    """One sentence and exit status 1 for what keeps the service from starting; other failures have theirs already."""
    try:
        yield
    except Said as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None


def serve(settings: Settings, host: str, port: int, *, demo_cases: int | None = None) -> None:
    """Runs until SIGINT or SIGTERM; `demo_cases`: with the demo, and so many synthetic cases in it.

    Raises `Said` and what opening an office raises.
    """
    from services.office.office import open_office
    from services.people import way_in
    from workers import logs

    way_in.require_host(settings, host)
    settings.data.mkdir(parents=True, exist_ok=True)
    stop = at_signal()
    with _alone(settings.data) as lock:
        with open_office(settings, keeper.say) as office:
            logs.configure(settings.data, "serve")
            _prepare(office, host, demo_cases, stop)
            listening = _listening(host, port)
            plan = _plan(office, host, listening)
        keeper.go_on(plan, [lock], stop)


def _prepare(office: Office, host: str, demo_cases: int | None, stop: Stop) -> None:
    """Builds the demo where it is wished for and missing, and looks whether these data may be served here."""
    from services.demo import ensure
    from services.people.way_in import require
    from workers import witness

    def tell(count: int, whole: int) -> None:
        if stop.is_set():  # nothing is kept of a demo that is not whole
            raise KeyboardInterrupt
        typer.echo(f"{count} von {whole} Fällen der Demo sind angelegt.", err=True)

    if demo_cases is not None and ensure(office, demo_cases, tell):
        witness.bear(office)  # here, where what it takes is gone afterwards
        typer.echo("Die Demo ist angelegt.", err=True)
    with office.read() as tx:
        require(tx.conn, office.vault, office.settings, host)


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """One `serve` at a time on a data directory; the descriptor of its lock."""
    with (folder / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Said(
                f"In {folder} läuft Fallverlauf schon: bitte dort beenden oder FALLVERLAUF_DATA anders setzen."
            ) from None
        yield file.fileno()


def _listening(host: str, port: int) -> socket.socket:
    """An open socket at the port, or at the next free one; it outlives a restart of the web process."""
    for wanted in [0] if port == 0 else range(port, min(port + PORTS, 65535) + 1):
        try:
            found = socket.create_server((host, wanted), family=_family(host), backlog=128)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise Said(f"Die Adresse {host} gibt es auf diesem Rechner nicht.") from None
            continue
        if wanted != port:
            typer.echo(f"Port {port} ist belegt, Fallverlauf nimmt {wanted}.", err=True)
        return found
    raise Said(f"Von Port {port} an ist keiner frei; bitte mit --port einen anderen nennen.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _address(host: str, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _plan(office: Office, host: str, listening: socket.socket) -> keeper.Plan:
    """Also notes where the pages are served, for what links in mails begin with."""
    from services.messages import mail

    settings, address = office.settings, _address(host, listening)
    with office.write() as tx:
        mail.set_address(tx.conn, settings.public_address or address)
    valkey = prepared(settings.data / "valkey") if settings.redis is None else None
    return keeper.Plan(
        str(settings.data), host, listening.fileno(), environment(settings), valkey, _greeting(office, address)
    )


def _greeting(office: Office, address: str) -> list[str]:
    from services.people import directory
    from services.people.way_in import NO_PROVIDER, WayIn, way_in

    with office.read() as tx:
        way = way_in(tx.conn, office.vault, office.settings)
        empty = directory.organisation(tx).is_empty
    match way:
        case WayIn.PICK:
            how = ["Anmelden als (Person auf der Seite wählen):", *(f"  {line}" for line in _log_ins(office))]
        case WayIn.INVITE:
            how = [f"{NO_PROVIDER}: nur auf diesem Rechner, angemeldet wird mit einem Einmal-Link.", _next(empty)]
        case WayIn.PROVIDER:
            how = ["Angemeldet wird über den Anmeldedienst."]
    return [f"Fallverlauf läuft: {address}", *how, "Beenden mit Strg+C."]


def _next(empty: bool) -> str:
    if empty:
        return "Das Verzeichnis ist leer. Die erste Person der EDV: fallverlauf invite KENNUNG --first"
    return "Ein Link für jemanden aus dem Verzeichnis: fallverlauf invite KENNUNG"


def _log_ins(office: Office) -> list[str]:
    """One person of each role that has a place in the house; only invented data are ever greeted with names."""
    from services.people import directory
    from services.web.words.labels import ROLE

    with office.read() as tx:
        organisation, day = directory.organisation(tx), office.today()
        present = [person for person in organisation.persons(day) if not organisation.absent(person, day)]
        numbers = office.store.numbers(tx.conn, [UUID(hex=person) for person in present])
        first: dict[str, str] = {}
        for person in sorted(present, key=lambda one: numbers[UUID(hex=one)]):
            for held in organisation.roles(person, day):
                first.setdefault(held.role, person)
        names = directory.labels(tx, first.values())
    return [f"{names[first[role]]} – {ROLE[role]}" for role in FIRST if role in first]
