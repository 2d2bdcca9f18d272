"""The tables' history: one script a change, run by `services.records.database.migrate`."""
