"""How an office begins: what is done, and what is missing still."""
