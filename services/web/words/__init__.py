"""How the pages write days, moments, numbers, addresses and the words for codes."""
