"""The indexes of lists are two: of what is known still and of what was overtaken, each with what is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

CARE = ["case_key", "clock", "known_to", "to_day", "from_day", "known_from", "unit", "area"]
DAYS = ["to_day", "from_day"]
LISTS: tuple[tuple[str, str, list[str], list[str]], ...] = (
    ("segments", "stays", ["clock", "strategy"], [*DAYS, "known_from", "unit", "area", "spell", "case_key"]),
    ("due_rows", "listed", [], ["listed_to", "listed_from", "due"]),
    ("spans", "lane", ["lane", "value"], [*DAYS, "day", "known_from", "case_key"]),
    ("entries", "name", ["name"], ["day", "known_from", "case_key"]),
)
END_OF_TIME = 253402214400000000
STILL, SINCE = sa.text(f"known_to = {END_OF_TIME}"), sa.text(f"known_to < {END_OF_TIME}")


def upgrade() -> None:
    op.create_index("ix_numbers_key", "numbers", ["key", "number"], unique=True)
    op.drop_index("ix_segments_case", "segments")
    op.create_index("ix_segments_case", "segments", CARE, unique=False)
    for table, name, first, held in LISTS:
        op.drop_index(f"ix_{table}_{name}", table)
        kinds = (("still", [*first, *held], STILL), ("since", [*first, "known_to", *held], SINCE))
        for which, columns, rows in kinds:
            op.create_index(
                f"ix_{table}_{name}_{which}", table, columns, unique=False, sqlite_where=rows, postgresql_where=rows
            )
    if op.get_bind().dialect.name == "sqlite":  # an index of which nothing is known yet is taken for a good one
        op.execute("PRAGMA analysis_limit=1000")
        op.execute("ANALYZE")
