"""An import through a profile that is killed anywhere and given again ends with the same facts (Vertrag 4)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from domain.facts import Stream, name_of
from domain.knowledge import known
from services.exchange import cutover as cutovers
from services.exchange.importing import import_file
from services.exchange.snapshot import Asked
from services.office.office import open_office
from services.settings import Settings
from tests.conftest import NOW, MakeOffice
from tests.services.dying import dies_at
from tests.services.exchange.test_tables import BARS, lines, read

OTHER = BARS.replace('system = "compass"', 'system = "open"')
NEW = BARS.replace('system = "compass"', 'system = "neu"')
MANY = [f"C-{at};{at};Integration;03.02.2025;30.04.2025" for at in range(1, 41)]
APART = 1 if int(os.environ.get("FALLVERLAUF_TEST_KILLS", "0")) > 60 else 17  # statements between two kills


def take(
    settings: Settings, file: Path, said: str, snapshot: Asked | None = None, cutover: cutovers.Asked | None = None
) -> None:
    with open_office(settings) as office:
        report = import_file(office, file, profile=read(file.parent, said), snapshot=snapshot, cutover=cutover)
    assert (report.rejected, report.problems) == ([], [])


def settings_at(settings: Settings, folder: Path) -> Settings:
    return Settings(data=folder, fixed_now=settings.fixed_now)


def counting(settings: Settings) -> dict[str, list[tuple[str, str, str]]]:
    """Id, name and day of what counts, by case; the notes without their own ids."""
    found = {}
    with open_office(settings) as office, office.read() as tx:
        for number, key in office.store.keys(tx.conn, Stream.CASE, [f"C-{at}" for at in range(1, 41)]).items():
            facts = known(office.store.records(tx.conn, key, with_text=True))
            named = [(one.id if ":" in one.id else "", name_of(one.fact), one.on.isoformat()) for one in facts]
            found[number] = sorted(named)
    return found


def test_whoever_kills_it_anywhere_and_gives_it_again_has_the_same(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(now=NOW)
    office.close()
    settings, file = office.settings, tmp_path / "balken.csv"
    file.write_text(lines(*MANY), encoding="utf-8")
    take(settings, file, BARS)
    file.write_text(
        lines(
            "C-1;a;Integration;04.02.2025;01.05.2025", "C-2;b;Entwicklung;03.02.2025;", "C-3;c;Integration;05.02.2025;"
        ),
        encoding="utf-8",
    )
    less = tmp_path / "weniger.csv"
    less.write_text(lines("C-2;2;Integration;06.02.2025;30.04.2025", *MANY[2:]), encoding="utf-8")

    new, called = tmp_path / "neu.csv", tmp_path / "zuordnung.csv"
    new.write_text(lines("900;x;Integration;04.02.2025;30.04.2025", "C-5;y;Integration;03.02.2025;"), encoding="utf-8")
    called.write_text("alt;neu\nC-4;900\n", encoding="utf-8")

    def both(place: Settings) -> None:
        take(place, file, OTHER)
        take(place, less, BARS, Asked("compass", 2))
        take(place, new, NEW, cutover=cutovers.Asked("compass", "neu", called))

    step = APART
    while True:
        place = settings_at(settings, tmp_path / f"data-{step}")
        shutil.copytree(settings.data, place.data)
        killed = dies_at(step, lambda place=place: both(place))  # type: ignore[misc]
        if not killed:
            break
        step += APART
    wanted = counting(place)
    assert step > 50
    assert wanted["C-1"] == [
        ("open:balken:a", "strategy-bar-set", "2025-02-04"),
        ("open:balken:a:ende", "strategy-bar-ended", "2025-05-01"),
    ]
    assert len(wanted["C-4"]) == 4  # the bar and its end, each with the note that the new system says so, too
    for killed_at in range(APART, step, APART):
        place = settings_at(settings, tmp_path / f"data-{killed_at}")
        both(place)
        assert counting(place) == wanted, killed_at
