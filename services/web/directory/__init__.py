"""Verzeichnis: units, people and roles, changed by two persons, and what a person sees."""
