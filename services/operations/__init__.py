"""How the office is kept, proved, erased and brought back."""
