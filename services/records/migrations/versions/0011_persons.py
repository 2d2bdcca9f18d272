"""The ids of staff are sealed when the database is opened, which has the key; no older program may look for them."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass
