"""Answers to questions about many cases or one: parameters in, rows with their why out."""
