"""What is due and what became of it: issuing, settling, reminding, moving with whoever is responsible."""
