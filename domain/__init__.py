"""What is true and what is allowed, as pure functions of facts, days and wishes. Knows no clock, file or database."""
