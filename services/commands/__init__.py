"""What an operator can ask on the command line: reading arguments, writing answers, saying what fails."""
