"""The ids of staff are sealed when the database is opened, which has the key; no older program may look for them."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
