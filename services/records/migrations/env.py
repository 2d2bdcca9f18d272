"""Runs the scripts in the transaction handed over by `services.records.database.migrate`."""

from alembic import context

from services.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
