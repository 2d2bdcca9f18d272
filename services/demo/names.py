"""Invented names, as they are common in southern Lower Saxony; none belongs to anybody."""

from __future__ import annotations

from random import Random

_LAST = """
Ahrens Albrecht Apel Bachmann Bartels Bauer Becker Behrendt Bergmann Bode Böttcher Brandes Braun Busch Conrad
Cramer Dietrich Ebeling Eckhardt Ehlers Engelhardt Fiedler Fischer Franke Friedrich Fuhrmann Gebhardt Germer
Günther Haase Hartmann Heinemann Henze Herbst Hildebrandt Hoffmann Jacobi Jordan Kaiser Keller Klages Koch
Köhler Krause Kühne Lange Lohmann Lüer Marwede Meinecke Meyer Mönkemeyer Müller Neumann Nolte Otto Pape Peters
Quentin Reinhardt Richter Rode Sauer Schaper Schmidt Schneider Schrader Schulze Sommer Stein Thiele Ude Vogel
Vogt Wagner Walter Weber Wenzel Winter Wolter Ziegler Abdullah Akbari Bayram Celik Dąbrowski Demirci Haddad
Hoxha Ivanova Kaya Kowalczyk Krasniqi Melnyk Mohammadi Nguyen Novák Öztürk Petrenko Popescu Rahmani Saleh Şahin
Schewtschenko Tesfay Yıldırım Zielińska
"""
_FIRST = """
Alexander Andreas Anja Anna Antje Astrid Bernd Bettina Birgit Carsten Christian Claudia Daniel Dennis Dirk Elena
Elke Emma Erik Fatma Felix Florian Frank Gabriele Hanna Heike Henning Ines Jan Jana Jasmin Jens Jonas Julia
Karin Katharina Kerstin Kevin Lars Laura Lena Leon Lisa Marcel Maria Marie Markus Martin Mehmet Melanie Michael
Mohammed Nadine Nicole Nina Olga Oliver Patrick Paul Petra Ralf Rebecca Robert Sabine Samira Sandra Sarah
Sebastian Silke Simon Sofia Stefan Susanne Sven Tanja Thomas Tim Tobias Ulrike Uwe Vanessa Vera Volker Wiebke
Yusuf
"""


def invented(chance: Random) -> tuple[str, str]:
    """A last and a first name."""
    return chance.choice(_LAST.split()), chance.choice(_FIRST.split())
