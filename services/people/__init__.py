"""Who works here, and who may come in: directory, log-in, sessions, access log."""
