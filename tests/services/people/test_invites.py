"""The trial without a provider of log-ins: one-time links, on this machine, until there is a provider."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from msgspec import structs
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from domain.decisions.wishes import ApproveExtension, RequestExtension
from domain.facts import Fact, Stream
from domain.facts.directory import PersonAdded, PersonLeft, RoleAssigned
from domain.periods import BERLIN, DAY
from services.casework import case as casework
from services.casework import desk
from services.office.office import Office, open_office
from services.people import directory, invites
from services.people.invites import NotInvited
from services.people.refusals import NotAccepted
from services.people.way_in import NO_PROVIDER
from services.records import seals, values
from services.records.tables import invites as table
from services.settings import Settings
from services.web.app import create_app
from services.web.case import requests
from tests.conftest import MakeOffice, on_both_databases
from tests.served import TOKEN, serving, words
from tests.services import bureau
from tests.services.commandline import Commands
from tests.services.people.conftest import CLIENT, Login

NINE = dt.datetime(2026, 3, 10, 9, 0, tzinfo=BERLIN)
TODAY = NINE.date()
Clock = Callable[[dt.datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock; FALLVERLAUF_NOW would make invented data of what is stored, over which there are no links."""

    def to(moment: dt.datetime) -> None:
        monkeypatch.setattr(Settings, "now", lambda _: moment)

    to(NINE)
    return to


@pytest.fixture
def trial(at: Clock, commands: Commands) -> Iterator[Office]:
    """An empty office with real data to come and no provider, at nine o'clock."""
    with open_office(Settings()) as office:
        yield office


@pytest.fixture
def client(trial: Office) -> Iterator[TestClient]:
    """A browser on this machine."""
    with ExitStack() as stack:
        app = create_app(trial)
        yield stack.enter_context(TestClient(app, "http://127.0.0.1:8000", client=("127.0.0.1", 1)))


def _issued(office: Office, person: str = "edv-1", *, first: bool = True) -> str:
    with office.write() as tx:
        return invites.invite(tx, person, first=first).token


def _record(office: Office, person: str, fact: Fact, on: dt.date = TODAY) -> None:
    bureau.record(office, Stream.PERSON, person, (on, fact))


def _redeem(client: TestClient, token: str, **headers: str) -> httpx.Response:
    found = TOKEN.search(client.get("/anmelden").text)
    assert found is not None
    sent = {"token": found[1], "einmal": token}
    return client.post("/anmelden", data=sent, headers={key.replace("_", "-"): value for key, value in headers.items()})


@on_both_databases
def test_the_first_person_of_the_edv_comes_in_by_a_link(client: TestClient, trial: Office) -> None:
    page = client.get("/anmelden")
    assert NO_PROVIDER in page.text
    assert "--first" in words(page)
    answer = _redeem(client, _issued(trial))
    assert answer.status_code == 200
    assert answer.url.path != "/anmelden"
    assert NO_PROVIDER in answer.text
    with trial.read() as tx:
        person = directory.person_key(tx, "edv-1")
        assert person is not None
        assert directory.organisation(tx).role_names(person, tx.today) == {"edv"}
        assert invites.counted(tx.conn) == (1, 1)


def test_the_whole_link_can_be_pasted(client: TestClient, trial: Office) -> None:
    answer = _redeem(client, f" http://127.0.0.1:8000/anmelden#{_issued(trial)} ")
    assert answer.url.path != "/anmelden"


@on_both_databases
def test_a_link_counts_once(client: TestClient, trial: Office) -> None:
    token = _issued(trial)
    assert _redeem(client, token).status_code == 200
    client.cookies.clear()
    answer = _redeem(client, token)
    assert answer.status_code == 422
    assert invites.USED in words(answer)


@pytest.mark.parametrize(
    ("after", "status"), [(dt.timedelta(minutes=10), 200), (dt.timedelta(minutes=10, seconds=1), 422)]
)
def test_a_link_counts_ten_minutes(
    client: TestClient, trial: Office, at: Clock, after: dt.timedelta, status: int
) -> None:
    token = _issued(trial)
    at(NINE + after)
    answer = _redeem(client, token)
    assert answer.status_code == status
    assert ("Dieser Einmal-Link galt bis 09:10 Uhr." in words(answer)) == (status == 422)


@pytest.mark.parametrize("token", ["", "x" * 43, "<b>ö</b>", "#", "ß" * 400])
def test_a_link_that_nobody_issued_is_none(client: TestClient, trial: Office, token: str) -> None:
    _issued(trial)
    answer = _redeem(client, token)
    assert answer.status_code == 422
    assert invites.UNKNOWN in words(answer)
    assert "<b>" not in answer.text


def test_a_link_of_somebody_who_has_left_is_refused(client: TestClient, trial: Office) -> None:
    _issued(trial)
    _record(trial, "fm-1", PersonAdded(name="Amsel"), TODAY - 9 * DAY)
    token = _issued(trial, "fm-1", first=False)
    _record(trial, "fm-1", PersonLeft(), TODAY - DAY)
    assert invites.GONE in words(_redeem(client, token))
    assert "niemand mit der Kennung" in _refused(trial, "fm-1")


@pytest.mark.parametrize(
    "passed_on",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "127.0.0.1"},
        {"x-forwarded-anything": "1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_what_a_proxy_passes_on_is_refused_and_the_link_still_counts(
    client: TestClient, trial: Office, passed_on: dict[str, str]
) -> None:
    token = _issued(trial)
    answer = client.get("/anmelden", headers=passed_on)
    assert answer.status_code == 403
    assert "nicht über einen vorgeschalteten Server" in words(answer)
    assert _redeem(client, token, **passed_on).status_code == 403
    assert _redeem(client, token).status_code == 200


@pytest.mark.parametrize(
    ("peer", "host", "status"),
    [("127.0.0.1", "127.0.0.1:8000", 200), ("::1", "localhost", 200), ("10.0.0.7", "127.0.0.1:8000", 403),
     ("127.0.0.1", "amt.example", 403), ("127.0.0.1", "127.0.0.1.evil.example", 403)],
)  # fmt: skip
def test_only_this_machine_by_its_own_name_comes_in(trial: Office, peer: str, host: str, status: int) -> None:
    client = TestClient(create_app(trial), f"http://{host}", client=(peer, 1))
    assert client.get("/anmelden").status_code == status


def test_a_form_of_another_site_redeems_nothing(client: TestClient, trial: Office) -> None:
    token = _issued(trial)
    assert _redeem(client, token, sec_fetch_site="cross-site").status_code == 403
    assert client.post("/anmelden", data={"einmal": token}).status_code == 403
    assert _redeem(client, token).status_code == 200


def test_nobody_is_picked_where_links_lead_in(client: TestClient, trial: Office) -> None:
    _issued(trial)
    found = TOKEN.search(client.get("/anmelden").text)
    assert found is not None
    answer = client.post("/anmelden", data={"token": found[1], "person": "edv-1"})
    assert answer.status_code == 422
    assert client.get("/regeln").url.path == "/anmelden"


@on_both_databases
def test_what_somebody_wrote_into_the_database_is_no_link(client: TestClient, trial: Office) -> None:
    _issued(trial)
    with trial.write() as tx:
        row = tx.conn.execute(select(table)).one()
        planted = {**row._mapping, "token": invites._hash("geraten"), "seal": bytes(16)}
        tx.conn.execute(insert(table).values(planted))
    answer = _redeem(client, "geraten")
    assert invites.UNKNOWN in words(answer)
    with trial.read() as tx:
        broken = seals.first_broken(tx.conn, trial.vault)
        assert broken is not None
        assert broken[2] == seals.INVITE_FORGED


def test_the_token_stands_nowhere(trial: Office) -> None:
    token = _issued(trial)
    with trial.read() as tx:
        assert token not in str(tx.conn.execute(select(table)).all())


# --- who is invited ---


def _refused(office: Office, person: str, *, first: bool = False) -> str:
    with pytest.raises(NotInvited) as why, office.write() as tx:
        invites.invite(tx, person, first=first)
    return str(why.value)


def test_the_first_person_is_the_first(trial: Office) -> None:
    assert "Mit --first wird die erste Person der EDV eingetragen" in _refused(trial, "edv-1")
    _issued(trial)
    assert "nicht mehr leer" in _refused(trial, "edv-2", first=True)
    assert "nicht mehr leer" in _refused(trial, "edv-1", first=True)
    assert _issued(trial, first=False)


def test_of_two_first_persons_at_once_one_is(trial: Office) -> None:
    with trial.write() as tx:
        assert values.put_once(tx.conn, invites.FIRST, "2026-03-10")
    assert "nicht mehr leer" in _refused(trial, "edv-1", first=True)


def test_an_imported_directory_is_not_empty(trial: Office) -> None:
    _record(trial, "fm-1", RoleAssigned(role="placement"))
    assert "nicht mehr leer" in _refused(trial, "edv-1", first=True)


def test_whom_the_directory_does_not_know_is_not_invited(trial: Office) -> None:
    _issued(trial)
    assert _refused(trial, "edv-9") == "Im Verzeichnis arbeitet heute niemand mit der Kennung „edv-9“."
    assert "Eine Personenkennung hat" in _refused(trial, "a b\n<b>", first=True)


def test_in_the_demo_there_are_no_links(make_office: MakeOffice) -> None:
    office = make_office()
    bureau.staff(office)
    assert "In der Demo wählt man seine Person" in _refused(office, "fm-7")


# --- what is decided meanwhile ---


@pytest.mark.parametrize("in_trial", [True, False])
def test_an_approval_of_the_trial_says_so_and_one_of_the_demo_does_not(
    trial: Office, make_office: MakeOffice, at: Clock, in_trial: bool
) -> None:
    at(dt.datetime(2026, 11, 20, 9, 0, tzinfo=BERLIN))
    office = trial if in_trial else make_office(now=trial.now())
    people = bureau.staff(office)
    case = bureau.jobakademie(office, "C-2001", dt.date(2026, 5, 18))
    asked = RequestExtension(
        request="R-1",
        options=["other"],
        other_text="Ausbildung",
        facts_text="Praktikum läuft seit Oktober",
        justification="Übernahme ist in Aussicht gestellt",
        until=dt.date(2027, 2, 19),
    )
    desk.handle(office, case, asked, people["fm-7"])
    done = desk.handle(office, case, ApproveExtension(request="R-1"), people["tl-1"])
    assert structs.asdict(done.entries[0].fact)["trial"] is (True if in_trial else None)
    with office.read() as tx:
        (row,) = requests.rows(
            casework.view(tx, case, office.today()).timeline, {"tl-1": "Jens Kern"}, [], with_text=True
        )
    said = "Jens Kern (Probebetrieb)" if in_trial else "Jens Kern"
    assert row.decided_by == said
    assert f"zugestimmt durch die Führungskraft: {said}, 20.11.2026" in row.block


# --- a provider comes ---


def test_when_a_provider_is_set_sessions_of_the_trial_end(client: TestClient, trial: Office, provider: Login) -> None:
    waiting = _issued(trial)
    _redeem(client, _issued(trial, first=False))
    assert client.get("/hilfe").text.count("Abmelden") == 1
    known = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": "geheim"}
    with open_office(Settings(**known)) as office:
        with serving(create_app(office)) as address:
            cookie = dict(client.cookies)
            answer = httpx.get(f"{address}/regeln", cookies=cookie, follow_redirects=False)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/anmelden")
            page = httpx.get(f"{address}/anmelden")
            assert NO_PROVIDER not in page.text
        assert "FALLVERLAUF_OIDC_ISSUER" in _refused(office, "edv-1")
        with pytest.raises(NotAccepted), office.write() as tx:
            invites.redeem(tx, waiting)


# --- the command ---


@on_both_databases
def test_the_command_prints_a_link(commands: Commands, at: Clock) -> None:
    found = commands.json("invite", "edv-1", "--first")
    assert found["link"].startswith("http://127.0.0.1:8000/anmelden#")
    assert len(found["link"].partition("#")[2]) >= 43
    assert found["until"] == "2026-03-10T09:10:00+01:00"
    said = commands("invite", "edv-1")
    assert said.status == 0
    assert "bis 09:10 Uhr" in said.err


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["edv-1"], 1, "Im Verzeichnis arbeitet heute niemand mit der Kennung „edv-1“. Das Verzeichnis ist noch leer"),
        ([""], 1, "Im Verzeichnis arbeitet heute niemand"),
        (["x" * 70, "--first"], 1, "Eine Personenkennung hat 1 bis 64"),
        ([], 2, "Es fehlt PERSON"),
    ],
)
def test_the_command_refuses_with_one_sentence(
    commands: Commands, at: Clock, arguments: list[str], status: int, sentence: str
) -> None:
    said = commands("invite", *arguments)
    assert said.status == status
    assert said.err.startswith(sentence)
    assert len(said.err.strip().splitlines()) == 1
