"""Termine: what stands in the calendar of a worker, what became of it, and the letter that invites."""
