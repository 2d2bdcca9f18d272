"""What is to be done now: tasks, the dialogue in hand, handovers, the typed line."""
