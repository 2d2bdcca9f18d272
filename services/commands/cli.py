"""Every command there is: importing the topics puts their commands on the one command line."""

from __future__ import annotations

from services.commands import bench, cases, chat, facts, lists, operation, people, questions
from services.commands.app import app

TOPICS = (facts, operation, people, cases, lists, questions, chat, bench)

__all__ = ["TOPICS", "app"]
