"""The opened house: settings, database, keys and facts together; whether it is open, and whether it lives."""
