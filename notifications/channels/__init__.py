"""The ways a message leaves the house; used by the workers only."""
