"""The page Eingang: new clients, ALG I, periods of benefit, cases of one person."""
