"""Rows of other systems become facts, by declarations alone (Vertrag 4, decision 0010)."""
