"""Einlesen: files of other systems are handed in, checked, imported; what came of them stays."""
