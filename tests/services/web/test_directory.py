"""Units, people and roles by two persons: proposed by EDV, confirmed by another; what would leave nobody is refused."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from domain.facts import Stream
from domain.facts.directory import PersonAdded, PersonLeft, RoleAssigned
from domain.facts.office import DirectoryProposed
from domain.proposals import proposals
from services.casework import directory as casework
from services.office.office import Office, open_office
from services.people import directory
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import append, entry

CHANGE, PROPOSALS, PAGE = "/verzeichnis/aendern", "/verzeichnis/vorschlaege", "/verzeichnis"
SIGHT = "/verzeichnis/sicht"
WHY = {"on": "01.12.2026", "source": "Organisationsverfügung 3/2026"}
LEAD = {"was": "role-assigned", "role": "unit_lead", "unit": "56.5"} | WHY
NEW = {
    "was": "person-added",
    "person": "fm-30",
    "name": "Neu, Nora",
    "role": "placement",
    "unit": "56.4",
    "area": "av-ags",
}
UNIT = {"was": "unit-opened", "unit": "56.9", "name": "Rosdorf", "parent": "56.4"} | WHY
SECOND = {"edv-2": ("Sommer, Ida", "edv", "56.3"), "bl-1": ("Vogt, Tina", "area_lead", None)}

REFUSED = [
    (NEW | WHY | {"person": "fm-1"}, "", "Diese Person steht an diesem Tag schon im Verzeichnis."),
    (NEW | WHY | {"person": "../x y"}, "", "Eine Personenkennung hat 1 bis 64 Buchstaben"),
    (NEW | WHY | {"person": ""}, "", "Eine Personenkennung hat 1 bis 64 Buchstaben"),
    (NEW | WHY | {"name": " "}, "", "Bitte den Namen der Person angeben."),
    (NEW | WHY | {"name": "N" * 129}, "", "Das ist ein Zeichen zu viel"),
    *((NEW | WHY | {"mail": no}, "", "Das ist keine Mailadresse") for no in ("kein-mail", "a b\r\nBcc: x@y")),
    (UNIT | {"previous": "56.4"}, "", "„56.9“ kann nicht in der Einheit liegen, die sie fortführt."),
    (NEW | WHY | {"unit": ""}, "", "Diese Rolle gilt in einer Einheit."),
    (NEW | WHY | {"unit": "99.9"}, "", "Eine Einheit „99.9“ gibt es an diesem Tag nicht."),
    (NEW | WHY | {"role": "chef"}, "", "Bitte eine Angabe aus der Liste wählen."),
    (NEW | WHY | {"team": "T 1 ist <b>"}, "", "Ein Team hat 1 bis 32 Buchstaben"),
    (NEW | WHY | {"on": "24:00"}, "", "ist kein Tag"),
    (NEW | WHY | {"on": ""}, "", "Bitte einen Tag angeben"),
    (NEW | WHY | {"on": "19.11.2026"}, "", "19.11.2026 ist vorbei."),
    (NEW | WHY | {"source": "so"}, "", "Bitte sagen, worauf sich das stützt,"),
    (UNIT | {"unit": "56.4"}, "", "Die Einheit „56.4“ gibt es an diesem Tag schon."),
    (UNIT | {"parent": "56.9"}, "", "läge damit in sich selbst"),
    (UNIT | {"parent": "77"}, "", "Eine Einheit „77“ gibt es an diesem Tag nicht."),
    (UNIT | {"previous": "56.9"}, "", "die fortgeführt werden kann, gibt es nicht."),
    (UNIT | {"name": ""}, "", "Bitte den Namen der Einheit angeben."),
    ({"was": "unit-closed", "unit": "56.4"} | WHY, "", "In 56.4 liegen noch 4 laufende Fälle."),
    ({"was": "unit-closed", "unit": "56.3"} | WHY, "", "In 56.3 arbeiten am 02.12.2026 noch Personen."),
    ({"was": "unit-closed", "unit": "1.1"} | WHY, "", "Eine Einheit „1.1“ gibt es an diesem Tag nicht."),
    (LEAD, "edv-1", "Über eigene Rollen entscheiden zwei andere Personen."),
    (LEAD | {"role": "placement", "area": "av-ags"}, "fm-9", "Diese Rolle hat die Person dort"),
    ({"was": "role-ended", "held": "role=unit_lead&unit=56.4"} | WHY, "fm-9", "Diese Rolle hat die Person dort"),
    ({"was": "role-ended", "held": "<script>"} | WHY, "fm-9", "Bitte eine Angabe aus der Liste wählen."),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _second(town: Office) -> None:
    with town.write() as tx:
        for person, (name, role, unit) in SECOND.items():
            told = [PersonAdded(name=name), RoleAssigned(role=role, unit=unit)]  # type: ignore[arg-type]
            append(tx, Stream.PERSON, person, [entry("2019-01-01", fact) for fact in told])


def key(office: Office, person: str) -> str:
    with office.read() as tx:
        return directory.person_key(tx, person) or ""


def ref(page: str) -> str:
    return page.partition('name="vorschlag" value="')[2].partition('"')[0]


def roles(office: Office, person: str, day: dt.date) -> list[tuple[str, str | None]]:
    with office.read() as tx:
        known = directory.organisation(tx)
        return [(one.role, one.unit) for one in known.roles(directory.person_key(tx, person) or "", day)]


def test_a_person_works_here_once_a_second_one_has_confirmed_it(visit: VisitAs, town: Office) -> None:
    page = visit("edv-1").post(CHANGE, NEW | WHY)
    assert page.url.path == PROPOSALS
    assert "Neu, Nora: Person aufnehmen Kennung fm-30, ohne Mailadresse, AV/AGS in 56.4 ab Di., 01.12.2026" in words(
        page
    )
    assert "Bestätigen" not in page.text  # nobody confirms their own
    assert roles(town, "fm-30", dt.date(2026, 12, 1)) == []
    page = visit("tl-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    assert "bestätigt, Kern, Beate" in words(page)
    assert roles(town, "fm-30", dt.date(2026, 12, 1)) == [("placement", "56.4")]
    assert roles(town, "fm-30", dt.date(2026, 11, 30)) == []


def test_the_second_person_sees_where_mails_will_go_and_so_does_the_record(visit: VisitAs, town: Office) -> None:
    asked = visit("edv-1").post(CHANGE, NEW | WHY | {"mail": "nora@example.org"})
    seen = visit("tl-1").get(PROPOSALS)
    assert "Kennung fm-30, Mailadresse nora@example.org, AV/AGS in 56.4" in words(seen)
    done = visit("tl-1").post(PROPOSALS, {"vorschlag": ref(asked.text), "entscheidung": "ja"})
    assert "Kennung fm-30, Mailadresse nora@example.org" in words(done)


def test_whoever_is_refused_is_not_known_by_name(visit: VisitAs, town: Office) -> None:
    named = ref(visit("edv-1").post(CHANGE, NEW | WHY | {"mail": "nora@example.org"}).text)
    answer = {"vorschlag": named, "entscheidung": "nein", "grund": "Die Stelle ist noch nicht besetzt."}
    page = visit("edv-2").post(PROPOSALS, answer)
    assert "fm-30: Person aufnehmen" in words(page)
    assert "Nora" not in page.text
    assert "nora@example.org" not in page.text
    with town.read() as tx:
        assert not directory.mail_address(tx, key(town, "fm-30"))


def test_a_unit_is_opened_and_closed_and_a_lead_of_it_set(visit: VisitAs, town: Office) -> None:
    first, second = visit("edv-1"), visit("bl-1")
    for wish in (UNIT, LEAD | {"wer": key(town, "fm-9")}):
        page = first.post(CHANGE, wish)
        assert page.url.path == PROPOSALS, words(page)
        assert second.post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"}).status_code == 200
    assert ("unit_lead", "56.5") in roles(town, "fm-9", dt.date(2026, 12, 1))
    page = first.post(CHANGE, {"was": "unit-closed", "unit": "56.2"} | WHY | {"on": "31.12.2026"})
    assert "In 56.2 arbeiten am 01.01.2027 noch Personen." in words(page)
    with town.read() as tx:
        unit = directory.organisation(tx).unit("56.9", dt.date(2026, 12, 1))
        assert unit is not None
        assert unit.parent == "56.4"
    held = {"was": "role-ended", "wer": key(town, "fm-9"), "held": "role=unit_lead&unit=56.5"}
    page = first.post(CHANGE, held | WHY | {"on": "31.01.2027"})
    assert page.status_code == 422  # the lead begins on a later day than today, so it is not in the list yet
    assert "die Rolle" not in words(page)


def test_what_cannot_be_is_said_in_a_sentence(visit: VisitAs, town: Office) -> None:
    edv = visit("edv-1")
    for wish, person, sentence in REFUSED:
        answer = edv.post(CHANGE, wish | ({"wer": key(town, person)} if person else {}))
        assert (answer.status_code, answer.url.path) == (422, CHANGE), wish
        assert sentence in words(answer), wish
        assert "<script>" not in answer.text.partition("<main")[2]
    assert 'name="vorschlag"' not in edv.get(PROPOSALS).text


def test_a_unit_is_never_left_without_a_lead_and_never_the_office_without_edv(visit: VisitAs, town: Office) -> None:
    first, second = visit("edv-1"), visit("edv-2")
    left = {"was": "person-left", "on": "30.11.2026", "source": "Personalmitteilung 12/2026"}
    refs = [ref(first.post(CHANGE, left | {"wer": key(town, one)}).text) for one in ("tl-1", "tl-2")]
    said = [second.post(PROPOSALS, {"vorschlag": one, "entscheidung": "ja"}) for one in refs]
    assert [one.status_code for one in said] == [200, 422]
    assert "Ab dem 01.12.2026 hätte 56.4 keine Leitung mehr." in words(said[1])
    named = ref(first.post(CHANGE, left | {"wer": key(town, "edv-2")}).text)
    answer = second.post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"})
    assert "Über eigene Rollen entscheiden zwei andere Personen." in words(answer)
    assert visit("tl-2").post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code == 200
    answer = visit("edv-2").post(CHANGE, left | {"wer": key(town, "edv-1")})
    assert "Ab dem 01.12.2026 hätte niemand mehr die Rolle EDV." in words(answer)


def test_a_leaver_is_said_to_leave_cases_and_to_whom_they_go(visit: VisitAs, town: Office) -> None:
    page = visit("edv-1").get(CHANGE, was="person-left", person=key(town, "fm-1"))
    said = "3 laufende Fälle bleiben ohne Zuständigkeit, unter „Zuweisen“ bei Kern, Beate oder Ohm, Peter."
    assert said in words(page)
    assert "Person" in words(visit("edv-1").get(CHANGE, was="person-left", person="nobody"))


def test_of_two_who_decide_at_once_one_is_heard(visit: VisitAs, town: Office) -> None:
    named = ref(visit("edv-1").post(CHANGE, UNIT).text)
    people = [visit("edv-2"), visit("bl-1")]
    with ThreadPoolExecutor(2) as crew:
        answer = {"vorschlag": named, "entscheidung": "ja"}
        said = list(crew.map(lambda one: one.post(PROPOSALS, answer).status_code, people))
    assert sorted(said) == [200, 422]


def test_the_page_says_who_leads_and_who_works_where(visit: VisitAs) -> None:
    page = visit("tl-1").get(PAGE, einheit="56.5")
    assert "56.4 Duderstadt" in words(page)
    assert "Kern, Beate; Ohm, Peter" in words(page)
    assert "Fremd, Ines AV/AGS in 56.5" in words(page)
    assert CHANGE not in page.text
    assert "Niemand passt dazu." in words(visit("edv-1").get(PAGE, einheit="<b>Zz"))
    assert visit("tl-1").post(CHANGE, UNIT).status_code == 403


def test_what_a_person_sees_is_what_their_roles_give_and_no_case(visit: VisitAs, town: Office) -> None:
    edv, lead = visit("edv-1"), visit("tl-1")
    page = words(edv.get(SIGHT, person=key(town, "fm-1")))
    assert "Was Brandt, Anna sieht" in page
    assert "AV/AGS in 56.4 seit 01.01.2019" in page
    assert "eigene Fälle 3 ja ja ja ja ja nein nein" in page
    assert "Nicht: Eingang, Einlesen" in page
    assert "C-2001" not in page
    page = words(edv.get(SIGHT, person=key(town, "tl-1")))
    assert "Fälle der Leitung (56.4) 4 ja ja ja ja ja ja ja" in page
    page = words(edv.get(SIGHT, person=key(town, "edv-1")))
    assert "Keinen Fall." in page
    assert "alle Fälle, mit Zweck und ohne Namen 5 ja nein nein" in words(edv.get(SIGHT, person=key(town, "qs-1")))
    assert lead.get(SIGHT, person=key(town, "fm-1")).status_code == 200
    for person in (key(town, "fm-9"), "x", ""):
        assert lead.get(SIGHT, person=person).status_code == 404
    assert SIGHT in lead.get(PAGE).text


def test_what_reaches_nobody_is_said_until_a_lead_is_set_by_two(visit: VisitAs, town: Office) -> None:
    edv, lead = visit("edv-1"), visit("tl-1")
    assert "Was niemanden erreicht" not in words(edv.get("/einrichten"))  # the area lead leads everywhere
    with town.write() as tx:
        append(tx, Stream.PERSON, "bl-1", [entry("2026-11-19", PersonLeft())])
    for path in ("/einrichten", PAGE):
        assert "56.5 AV/AGS : 1 laufender Fall Leitung einsetzen" in words(edv.get(path))
    assert "56.5 AV/AGS : 1 laufender Fall" in words(lead.get(PAGE))
    assert "Leitung einsetzen" not in lead.get(PAGE).text
    assert "erreichen niemanden: 56.5" in words(lead.get("/team"))
    page = edv.get(CHANGE, was="role-assigned", person=key(town, "fm-9"), einheit="56.5", rolle="unit_lead")
    assert '<option value="unit_lead" selected>' in page.text
    named = ref(edv.post(CHANGE, LEAD | {"wer": key(town, "fm-9"), "on": "20.11.2026"}).text)
    assert lead.post(PROPOSALS, {"vorschlag": named, "entscheidung": "ja"}).status_code == 200
    assert "Was niemanden erreicht" not in words(edv.get(PAGE))


def test_whoever_is_proposed_anew_keeps_the_name_of_then(town: Office) -> None:
    """The day of an earlier proposal has passed; that it is put away takes nothing of the later one."""
    fact = DirectoryProposed(
        becomes="person-added", person="fm-30", role="placement", unit="56.4", area="av-ags", source="Verfügung 3/2026"
    )
    first = casework.Wish(fact, dt.date(2026, 11, 21), {"name": "Alt, Nora", "mail": "alt@example.org"})
    casework.propose(town, first, key(town, "edv-1"))
    settings = town.settings.model_copy(update={"fixed_now": town.now() + dt.timedelta(days=5)})
    with open_office(settings) as later:
        second = casework.Wish(fact, dt.date(2026, 12, 1), {"name": "Neu, Nora"})
        casework.propose(later, second, key(later, "edv-1"))
        with later.read() as tx:
            new, old = (one.made.ref for one in proposals(casework.proposed(tx), DirectoryProposed))
        casework.decide(later, old, granted=False, reason="Der Tag ist vorbei.", person=key(later, "edv-2"))
        casework.decide(later, new, granted=True, reason="", person=key(later, "edv-2"))
        with later.read() as tx:
            person = UUID(hex=key(later, "fm-30"))
            found = later.vault.fields(tx.conn, [person], ["name", "mail"])[person]
    assert {field: text for field, text in found.items() if text} == {"name": "Neu, Nora"}
