"""What may somebody do in a case, and what follows: the desk, its checks, putting off, disputing, taking back."""
