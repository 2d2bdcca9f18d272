"""What is allowed and what follows: a wish, the case as known and the day make facts, or a refusal in plain German."""
