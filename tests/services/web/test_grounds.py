"""What rules rest on: words by date, directives, local orders, Dienstvereinbarungen; by two persons, or imported."""

from __future__ import annotations

import datetime as dt

import pytest
from markupsafe import escape

from domain.evaluations import OF_STAFF, STAFF_IN_FILES, STAFF_IN_LISTS
from domain.facts import Stream
from domain.facts.contact import AppointmentMissed, AppointmentPlanned
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.facts.duties import SanctionConsidered, SanctionImposed
from domain.facts.grounds import DirectiveRead
from domain.facts.wish import CooperationPlanFailed
from domain.records import Entry
from domain.rules import RULES
from services.messages import directives
from services.office.office import Office
from services.questions import grounds, library
from services.records import rulebook
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import Visit, VisitAs
from tests.services.web.test_proposals import PROPOSALS, ref
from tests.services.web.town import agree, append, entry, publish

FORM, GROUNDS, DIRECTIVES, REGISTER = "/regeln/grundlage", "/regeln/grundlagen", "/vorgaben", "/auswertungen"
WORD = {"art": "word-set", "about": "benefit", "word": "Neue Grundsicherung", "on": "01.01.2027"}
DIRECTIVE = {
    **{"art": "directive-published", "reference": "Rundschreiben 3/2026", "title": "Kontaktdichte <b>neu</b>"},
    **{"paragraph": "Abschnitt 2, Rz. 14", "link": "https://intranet.example/rs-3-2026", "published": "02.11.2026"},
    **{"rules": "R-04", "receipt": "ja", "on": "10.11.2026", "source": "Bundesagentur für Arbeit, Zentrale"},
}
ORDER = {
    **{"art": "local-order-set", "rule": "R-04", "order": "Bei AV/AGS wird nach neun Monaten geprüft.", "unit": "56.4"},
    **{"decided_by": "area_lead", "on": "01.11.2026"},
}
AGREEMENT = {
    **{"art": "evaluations-agreed", "reference": "10.2-3/2026", "evaluations": STAFF_IN_LISTS, "on": "02.11.2026"},
    "until": "31.12.2027",
}
SOURCE = {"source": "Verfügung 9/2026 vom 18.11.2026"}


@pytest.fixture(autouse=True)
def _others(town: Office) -> None:
    more = {
        "edv-2": ("Sommer, Ida", "edv"),
        "pr-1": ("Rat, Paula", "staff_council"),
        "ds-1": ("Schutz, Dan", "data_protection"),
    }
    with town.write() as tx:
        for person, (name, role) in more.items():
            told = [PersonAdded(name=name), RoleAssigned(role=role, unit="56.3")]  # type: ignore[arg-type]
            append(tx, Stream.PERSON, person, [entry("2019-01-01", fact) for fact in told])


def enter(visit: VisitAs, said: dict[str, str]) -> None:
    """One proposes, another confirms."""
    page = visit("edv-1").post(FORM, SOURCE | said)
    assert page.url.path == PROPOSALS, words(page)
    assert visit("edv-2").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"}).status_code == 200


def test_a_word_counts_from_its_day_on_and_a_checked_one_is_no_longer_to_be_checked(visit: VisitAs) -> None:
    page = words(visit("tl-1").get(GROUNDS))
    assert page.count("zu prüfen") > 10
    assert "Grundsicherungsgeld ab 01.07.2026 heute" in page
    enter(visit, WORD)
    checked = {"word": "Grundsicherungsgeld", "on": "01.07.2026", "source": "BGBl. 2026 I Nr. 107, verglichen"}
    enter(visit, WORD | checked)
    page = words(visit("tl-1").get(GROUNDS))
    assert "Grundsicherungsgeld ab 01.07.2026, bis 31.12.2026 heute BGBl. 2026 I Nr. 107, verglichen Dahl, Jo" in page
    assert "Neue Grundsicherung ab 01.01.2027 künftig" in page


def test_a_directive_stands_in_its_list_and_is_read_once_a_person(visit: VisitAs) -> None:
    page = visit("edv-1").post(FORM, DIRECTIVE)
    assert "Kontaktdichte" not in words(visit("fm-1").get(DIRECTIVES))  # nobody has confirmed it
    visit("edv-2").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    worker = visit("fm-1")
    page = worker.get(DIRECTIVES)
    assert "Kontaktdichte <b>neu</b>" in words(page)
    assert "<b>neu</b>" not in page.text
    assert 'href="https://intranet.example/rs-3-2026"' in page.text
    named = page.text.partition('name="vorgabe" value="')[2].partition('"')[0]
    for _ in range(2):
        assert "Sie haben bestätigt" in words(worker.post(DIRECTIVES, {"vorgabe": named}))
    assert "1 Person hat das bestätigt." in words(visit("edv-1").get(DIRECTIVES))
    assert worker.post(DIRECTIVES, {"vorgabe": "x"}).status_code == 422


def test_receipts_are_no_settings_and_those_that_were_still_count(visit: VisitAs, town: Office) -> None:
    publish(town, "Rundschreiben 3/2026", "R-04")
    with town.write() as tx:
        key = tx.store.key(tx.conn, Stream.OFFICE, rulebook.RULES)
        assert key is not None
        published = tx.store.records(tx.conn, key, with_text=True)[-1]
        read = Entry(on=dt.date(2026, 11, 12), fact=DirectiveRead(directive=published.id), by="fm-2")
        append(tx, Stream.OFFICE, rulebook.RULES, [read])
        before = len(rulebook.settings(tx.conn))
    assert "Sie haben bestätigt" in words(visit("fm-2").get(DIRECTIVES))
    for person in ("fm-1", "fm-2", "fm-1"):
        visit(person).post(DIRECTIVES, {"vorgabe": published.ref})
    assert "2 Personen haben das bestätigt." in words(visit("edv-1").get(DIRECTIVES))
    with town.read() as tx:
        assert len(rulebook.settings(tx.conn)) == before
        key = tx.store.key(tx.conn, Stream.OFFICE, rulebook.RECEIPTS)
        assert key is not None
        assert len(tx.store.records(tx.conn, key)) == 1


@on_both_databases
def test_a_local_order_says_how_many_cases_of_a_list_it_covers(visit: VisitAs) -> None:
    qs, asked = visit("qs-1"), {"on": "2026-11-20", "rule": "R-04"}
    due = {row["case"] for row in qs.get("/api/v1/due", **asked).json()["rows"]}
    here, away = due - {"C/3.001"}, due & {"C/3.001"}  # that case is of 56.5
    assert here
    assert away
    enter(visit, ORDER)
    enter(visit, ORDER | {"unit": "", "order": "Im ganzen Haus nach sieben Monaten."})
    page = words(visit("tl-1").get(GROUNDS))
    assert f"nach neun Monaten geprüft. 56.4 {len(here)} ab 01.11.2026 Bereichsleitung" in page
    assert f"nach sieben Monaten. alle {len(away)} ab 01.11.2026" in page
    answer = words(qs.get("/qs/fragen/due", stichtag="20.11.2026"))
    told = "einen Fall" if len(here) == 1 else f"{len(here)} Fälle"
    assert f"Bei AV/AGS wird nach neun Monaten geprüft. Sie betrifft {told} dieser Liste." in answer
    assert "Im ganzen Haus nach sieben Monaten. Sie betrifft einen Fall dieser Liste." in answer
    assert "Örtliche Verfügung" not in words(qs.get("/qs/fragen/due", stichtag="31.10.2026"))
    sheet = visit("tl-1").get("/regeln/regelblatt.csv").text
    assert (
        "R-04;Örtliche Verfügung;Über 6 Monate Integration;56.4;Bei AV/AGS wird nach neun Monaten geprüft.;;" in sheet
    )
    assert ";Worte und Recht;Leistung zum Lebensunterhalt;alle;Bürgergeld;;" in sheet
    ended = ORDER | {"until": "19.11.2026", "order": "Nur noch bis gestern.", "on": "02.11.2026"}
    enter(visit, ended)
    assert "Nur noch bis gestern. 56.4 0 ab 02.11.2026, bis 19.11.2026 beendet" in words(visit("tl-1").get(GROUNDS))


def test_staff_is_named_to_qs_and_in_files_only_as_far_as_agreed(visit: VisitAs, town: Office) -> None:
    asked = {"stichtag": "20.11.2026"}

    def shown(person: Visit) -> tuple[bool, bool, bool]:
        page, file = words(person.get("/qs", **asked)), person.get("/qs/liste.csv", **asked).text
        rows = person.get("/api/v1/stays", as_of="2026-11-20", strategy="integration").json()["rows"]
        return "Brandt, Anna" in page, "Brandt, Anna" in file, any(row["worker"] for row in rows)

    qs = visit("qs-1")
    assert shown(qs) == (False, False, False)
    enter(visit, AGREEMENT)
    assert shown(qs) == (True, False, True)
    agree(town, "10.2-4/2026", STAFF_IN_FILES, until="2026-11-19")
    assert shown(qs) == (True, False, True)
    agree(town, "10.2-5/2026", STAFF_IN_FILES, until="2026-11-20")  # its last day counts
    assert shown(qs) == (True, True, True)


@pytest.mark.parametrize("person", ["pr-1", "ds-1"])
def test_staff_council_and_data_protection_come_to_the_register_and_nowhere_else(visit: VisitAs, person: str) -> None:
    enter(visit, AGREEMENT)
    page = visit(person).get("/")
    assert page.url.path == REGISTER
    said = words(page)
    for one in grounds.register():
        assert one.title in said
        assert one.basis in said
    assert (
        "10.2-3/2026 Spalte Fachkraft in Listen für QS und Geschäftsführung ab 02.11.2026, bis 31.12.2027 in Kraft"
        in said
    )
    assert visit(person).get("/qs").status_code == 403


def test_a_question_about_staff_stands_in_the_register_under_its_own_name() -> None:
    assert [one.id for one in library.QUESTIONS.values() if one.personal and one.id not in OF_STAFF] == []
    assert STAFF_IN_FILES in OF_STAFF


REFUSED: list[tuple[dict[str, str], dict[str, str], str]] = [
    (WORD, {"about": "gibtesnicht"}, "Das steht nicht zur Wahl."),
    (WORD, {"about": ""}, "Bitte wählen, wofür das Wort steht."),
    (WORD, {"word": " "}, "Bitte das Wort angeben."),
    (WORD, {"word": "x" * 200}, "80 Zeichen zu viel"),
    (WORD, {"word": "Grundsicherungsgeld"}, "„Grundsicherungsgeld“ gilt seit dem 01.07.2026"),
    (WORD, {"on": ""}, "Bitte einen Tag angeben, z. B. 10.03.2026."),
    (WORD, {"on": "24:00"}, "ist kein Tag"),
    (WORD, {"source": "DA"}, "mindestens 4 Zeichen"),
    (DIRECTIVE, {"link": "javascript:alert(1)"}, "Das ist keine Adresse, die mit https://"),
    (DIRECTIVE, {"link": "https://"}, "Das ist keine Adresse"),
    (DIRECTIVE, {"link": "https://ein name:geheim@intranet.example"}, "Das ist keine Adresse"),
    (DIRECTIVE, {"link": "//intranet.example/x"}, "Das ist keine Adresse"),
    (DIRECTIVE, {"link": "https://intranet.example:99999999/"}, "Das ist keine Adresse"),
    (DIRECTIVE, {"link": "https://x.example/" + "x" * 1_000}, "Das ist keine Adresse"),
    (
        DIRECTIVE,
        {"on": "01.11.2026"},
        "kann nicht vor dem Tag gelten, an dem sie veröffentlicht wurde (02.11.2026).",
    ),
    (
        DIRECTIVE,
        {"published": "21.11.2026", "on": "21.11.2026"},
        "Der Tag der Veröffentlichung liegt noch vor uns.",
    ),
    (DIRECTIVE, {"published": ""}, "Bitte den Tag der Veröffentlichung angeben, z. B. 10.03.2026."),
    (DIRECTIVE, {"rules": ""}, "Bitte mindestens eine Regel wählen."),
    (DIRECTIVE, {"rules": "R-99"}, "Das steht nicht zur Wahl."),
    (DIRECTIVE, {"title": "x" * 400}, "100 Zeichen zu viel"),
    (DIRECTIVE, {"paragraph": "x" * 400}, "100 Zeichen zu viel"),
    (ORDER, {"until": "31.10.2026"}, "Die Verfügung endet am 31.10.2026 und beginnt erst am 01.11.2026."),
    (ORDER, {"unit": "<b>"}, "Eine Einheit „<b>“ gibt es an diesem Tag nicht."),
    (ORDER, {"order": "x" * 5_000}, "1.000 Zeichen zu viel"),
    (ORDER, {"decided_by": "edv"}, "Das steht nicht zur Wahl."),
    (
        AGREEMENT,
        {"until": "01.11.2026"},
        "Die Dienstvereinbarung endet am 01.11.2026 und beginnt erst am 02.11.2026.",
    ),
    (AGREEMENT, {"evaluations": ""}, "Bitte wählen, was sie erlaubt."),
    (AGREEMENT, {"evaluations": "team-stays"}, "Das steht nicht zur Wahl."),
    (AGREEMENT, {"reference": ""}, "Bitte das Aktenzeichen angeben."),
]


def test_what_makes_no_sense_is_refused_with_a_sentence_and_nothing_is_lost(visit: VisitAs) -> None:
    edv = visit("edv-1")
    for said, changed, sentence in REFUSED:
        answer = edv.post(FORM, SOURCE | said | changed)
        assert (answer.status_code, sentence in words(answer)) == (422, True), (changed, sentence)
        for field in {"word", "title", "order", "reference"} & said.keys() - changed.keys():
            assert str(escape(said[field])) in answer.text, (changed, field)
    assert "Für eine zweite Person" in words(edv.get(PROPOSALS))


def test_one_person_does_not_enter_and_confirm_and_two_do_not_say_the_same_at_once(visit: VisitAs) -> None:
    page = visit("edv-1").post(FORM, SOURCE | AGREEMENT)
    answer = visit("edv-1").post(PROPOSALS, {"vorschlag": ref(page.text), "entscheidung": "ja"})
    assert "nur eine zweite Person bestätigen" in words(answer)
    answer = visit("edv-2").post(FORM, SOURCE | AGREEMENT)
    assert "Dazu liegt schon ein Vorschlag vor." in words(answer)
    assert visit("edv-2").get(FORM, art="gibtesnicht").status_code == 404
    assert visit("tl-1").post(FORM, SOURCE | AGREEMENT).status_code == 403


def test_why_names_the_directive_first_on_the_days_on_which_it_counts(visit: VisitAs, town: Office) -> None:
    publish(town, "Rundschreiben 3/2026", "R-03", "R-04")
    publish(town, "Hinweis 9", *RULES, on="2027-01-01")
    worker = visit("fm-1")
    stands = "Rundschreiben 3/2026 , Rz. 14 (Kontaktdichte) ·"
    task = words(worker.get("/")).partition("Warum?")[2]
    assert stands in task.partition("Quelle:")[0]
    case = words(worker.get("/fall/C-2001")).partition("Warum?")[2]
    assert stands in case.partition("Jetzt")[0]
    assert "Hinweis 9" not in task + case
    before = words(worker.get("/fall/C-2001", stichtag="09.11.2026"))
    assert "Rundschreiben" not in before


def test_entries_lanes_papers_and_letters_use_the_words_of_their_days(visit: VisitAs, town: Office) -> None:
    told = [
        entry("2022-12-30", AppointmentPlanned(appointment="V-1", channel="personal")),
        entry("2022-12-30", AppointmentMissed(appointment="V-1", good_cause="no")),
        entry("2023-01-20", SanctionImposed(appointment="V-1")),
        entry("2023-01-20", CooperationPlanFailed()),
        entry("2026-06-20", SanctionConsidered(appointment="T-2")),
    ]
    with town.write() as tx:
        append(tx, Stream.CASE, "C-1001", told)
    worker = visit("fm-1")
    case = words(worker.get("/fall/C-1001"))
    assert "Leistungsbezug (ALG II/Bürgergeld/Grundsicherungsgeld)" in case
    for page in (case, words(worker.get("/akte/C-1001"))):
        for said in (
            "Sanktion ausgesprochen",
            "Leistungsminderung geprüft",
            "Eingliederungsvereinbarung nicht zustande",
        ):
            assert said in page, said
        assert "Leistungsbezug (ALG II) ab" in page
    enter(visit, WORD | {"about": "reduction", "word": "Kürzung", "on": "01.06.2026"})
    assert "Kürzung geprüft" in words(worker.get("/fall/C-1001"))
    letter = f"/einladung/C-1001?termin={town.vault.ref('T-4')}&belehrung=1"
    assert "Ihre Leistung (Grundsicherungsgeld) nach § 32" in words(worker.get(letter))


def test_a_new_directive_stands_on_heute_until_it_is_read(visit: VisitAs, town: Office) -> None:
    publish(town, "Rundschreiben 3/2026", "R-04")
    with town.write() as tx:
        assert directives.announce(tx, tx.today, tx.now) > 1
    worker = visit("fm-1")
    page = worker.get("/")
    assert "Neue Vorgabe: Rundschreiben 3/2026" in words(page)
    note = page.text.partition('action="/gelesen/')[2].partition('"')[0]
    assert "Neue Vorgabe" not in words(worker.post(f"/gelesen/{note}"))
    assert "Neue Vorgabe: Rundschreiben 3/2026" in words(visit("fm-2").get("/"))
