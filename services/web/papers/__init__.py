"""What leaves the house on paper: the Vermerk of a decision, a case as a file, all that is stored about a person."""
