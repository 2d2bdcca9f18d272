"""Abgleich: what two sources tell differently of one thing, to be answered by who is responsible."""
