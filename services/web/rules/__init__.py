"""Rules: what the office has set, what switching one on would bring."""
