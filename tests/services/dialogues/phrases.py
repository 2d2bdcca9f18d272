"""What people type, with what it means: a line, and its reading in words, or the commands offered instead.

The reading names the command, then what else was read (`day`, `time`, `case`, `name`, `subject`, `strategy`, `until`);
`refused` where something is not taken, `guessed` where a typing error was set right. "? a b" offers a and b, too.
Today is Friday, 27.11.2026; 10023 is the only number by itself that is a case.
"""

from __future__ import annotations

import datetime as dt

TODAY = dt.date(2026, 11, 27)
PLAIN_CASES = {"10023", "C-2001"}

PHRASES = """
was ist heute dran                          | today
Termin mit Frau Heute                       | plan name=Heute
Termin mit Frau Heute morgen                | plan day=2026-11-28 name=Heute
Beenden, Max                                | ? end
Übergeben, Maria                            | ? hand-over
Termin, Montag                              | plan day=2026-11-30
wv erledigt                                 | own refused
Wiedervorlage 3.12. fertig                  | own refused
wv 1.11. Mietvertrag                        | own subject=Mietvertrag refused
verlängern bis 1.11.                        | extend refused
verlängern bis 1.11.2027                    | extend day=2027-11-01
verlängern bis 1.5.                         | extend day=2027-05-01
Was ist heute dran?                         | today
heute                                       | today
was steht heute an                          | today
was liegt an                                | today
was ist fällig                              | today
Aufgaben                                    | today
Aufagben                                    | today guessed
was ist heute fällig                        | today
was ist überfällig                          | today
was ist morgen dran                         | today refused
diese Woche                                 | week
was steht diese Woche an                    | week
was ist diese woche fällig                  | week
status C-1001                               | status case=C-1001
Status C-1001?                              | status case=C-1001
status c-1001                               | status case=C-1001
Staus C-1001                                | status case=C-1001 guessed
satus C-1001                                | status case=C-1001 guessed
wie ist der Stand C-1001                    | status case=C-1001
was ist der Stand                           | status
wie steht es um C-1001                      | status case=C-1001
status 10023                                | status case=10023
status c 2001                               | status case=C-2001
status 4711                                 | status refused
status Fall 4711                            | status case=4711
status Meier                                | status name=Meier
status von Frau Meier                       | status name=Meier
wie steht es um Meier                       | status name=Meier
status 5.12.                                | status refused
C-1001                                      | open case=C-1001
c-1001                                      | open case=C-1001
C–1001                                      | open case=C-1001
Fall C-1001                                 | open case=C-1001
bitte Fall C-1001                           | open case=C-1001
Fall 4711                                   | open case=4711
10023                                       | open case=10023
öffne C-1001                                | open case=C-1001
öffne Meier                                 | open name=Meier
zeig mir den Fall Meier                     | open name=Meier
Meier                                       | ? open name=Meier
Meier, Jana                                 | ? open name=Meier, Jana
meier                                       | ? open name=meier
Frau Meier                                  | ? open name=Meier
Richter                                     | ? open name=Richter
Wechsler                                    | ? open change
status Wechsler                             | status name=Wechsler
termin Richter 3.12. 10:00                  | plan day=2026-12-03 time=10:00 name=Richter
Meier hat abgesagt                          | cancelled name=Meier
Meier anrufen                               | ? call own
Bender                                      | ? open name=Bender
Arbeiter                                    | ? open name=Arbeiter
Şahin-Özdemir                               | ? open name=Şahin-Özdemir
O'Connor                                    | ? open name=O'Connor
von der Leyen                               | ? open name=von der Leyen
Meier C-1001                                | open case=C-1001 name=Meier
4711                                        | ? status
2026                                        | ? status
2027                                        | ? status
1001                                        | ? status
verlängern bis 30.06.                       | extend day=2027-06-30
Verlängern bis Ende Februar                 | extend day=2027-02-28
verlängern bis Ende Februar 2027            | extend day=2027-02-28
verlängern C-2001 bis Ende Februar 2027     | extend case=C-2001 day=2027-02-28
C-2001 verlängern bis Mitte März            | extend case=C-2001 day=2027-03-15
bitte um drei Monate verlängern!            | extend day=2027-02-27
verlaengern bis Monatsende                  | extend day=2026-11-30
verlängrung bis 30.6                        | extend day=2027-06-30 guessed
verlängen bis 30.6.                         | extend day=2027-06-30 guessed
verlänger bis 30.6.                         | extend day=2027-06-30 guessed
velrängern bis 30.6.                        | extend day=2027-06-30 guessed
Verlängerung beantragen                     | extend
Antrag auf Verlängerung bis 30.06.2027      | extend day=2027-06-30
verlängern                                  | extend
verlängern bis 5.2. nächstes Jahr           | extend day=2027-02-05
verlängern bis 1.12.+14 Tage                | extend day=2026-12-15
verlängern 1.12. + 14 Tage                  | extend day=2026-12-15
verlängern 5.12. 3 Monate                   | extend refused
verlängern bis Montag, den 5.12.            | extend refused
verlängern bis Samstag, den 5.12.           | extend day=2026-12-05
verlängern bis 30.06.2037                   | extend refused
verlängern bis 30.06.2040                   | extend refused
verlängern bis irgendwann                   | extend refused
verlängern bis 31.02.                       | extend refused
verlängern bis 2027                         | extend refused
verlängern bis gestern                      | extend refused
verlängern bis heute                        | extend refused
verlängern bis 30.6. um 10:00               | extend day=2027-06-30 refused
verlängern bis 30.6. oder 31.7.             | extend refused
verlängern Meier bis 30.6.                  | extend day=2027-06-30 name=Meier
verlängern C-1001 und C-1002 bis 30.6.      | ? status refused
nicht verlängern                            | ? later
bitte nicht verlängern                      | ? later
keine Verlängerung                          | ? later
nciht verlängern                            | ? later
verlängern bis 30.6. nicht                  | ? later
verlegen bis Montag                         | ? plan later
weiterhin richtig                           | confirm
Weiterhin richtig C-2001                    | confirm case=C-2001
weiterhin rcihtig                           | confirm guessed
weiterin richtig                            | confirm guessed
stimmt weiterhin                            | confirm
stimmt                                      | confirm
Strategie stimmt weiterhin                  | confirm
alles richtig                               | confirm
Integration weiterhin richtig               | confirm strategy=integration
bestätigen                                  | confirm
bestätige C-2001                            | confirm case=C-2001
nicht richtig                               | ? dispute change
nicht mehr richtig                          | ? dispute change
stimmt nicht                                | dispute
das stimmt nicht                            | dispute
stimmt so nicht                             | dispute
stimt nicht                                 | dispute guessed
stimmt nciht                                | ? dispute
falsch                                      | dispute
das ist falsch C-2001                       | dispute case=C-2001
erschienen                                  | held
erschienen C-2001                           | held case=C-2001
C-2001 erschienen                           | held case=C-2001
heute erschienen                            | held day=2026-11-27
erschienen gestern                          | held day=2026-11-26
Termin am 26.11. erschienen                 | held day=2026-11-26
erschienen am Montag                        | held day=2026-11-23
ist erschienen                              | held
erschinen                                   | held guessed
ershcienen 26.11.                           | held day=2026-11-26 guessed
war da                                      | held
sie war da C-2001                           | held case=C-2001
erschienen morgen                           | held refused
erschienen Meier                            | held name=Meier
nicht erschienen                            | missed
nicht erschienen C-2001                     | missed case=C-2001
nicht erschinen                             | missed guessed
ist nicht erschienen                        | missed
Termin gestern nicht erschienen             | missed day=2026-11-26
zum Termin nicht erschienen                 | missed
erschienen ist sie nicht                    | missed
nciht erschienen                            | ? missed
nich erschienen                             | ? missed
war nicht da                                | missed
nicht gekommen                              | missed
nicht mehr erschienen                       | missed
nicht da gewesen                            | missed
unentschuldigt nicht erschienen             | missed
nicht erschienen am 26.11. C-2001           | missed case=C-2001 day=2026-11-26
abgesagt                                    | cancelled
Termin abgesagt                             | cancelled
termin abgsagt                              | cancelled guessed
Kunde hat abgesagt                          | cancelled
nicht abgesagt                              | ? later
erschienen, nicht abgesagt                  | ? missed cancelled
termin 3.12. 10:00                          | plan day=2026-12-03 time=10:00
Termin am 03.12. um 10:00                   | plan day=2026-12-03 time=10:00
termin 3.12. 10:00 Uhr                      | plan day=2026-12-03 time=10:00
termin 3.12. 10.00 Uhr                      | plan day=2026-12-03 time=10:00
termin 3.12. um 10.30                       | plan day=2026-12-03 time=10:30
termin 3.12. 10h                            | plan day=2026-12-03 time=10:00
termin 3.12. 9 Uhr                          | plan day=2026-12-03 time=09:00
termin 3.12. um 9                           | plan day=2026-12-03 time=09:00
termin um 9 am 3.12.                        | plan day=2026-12-03 time=09:00
termin 3.12. 10 Uhr 30                      | plan day=2026-12-03 time=10:30
termin 3.12.10:00                           | plan day=2026-12-03 time=10:00
termin Donnerstag 14:30                     | plan day=2026-12-03 time=14:30
termin Do., 3.12., 14:30                    | plan day=2026-12-03 time=14:30
Termin planen am 3.12.                      | plan day=2026-12-03
Termin heute 16:00                          | plan day=2026-11-27 time=16:00
trermin 3.12.                               | plan day=2026-12-03 guessed
termn 3.12.                                 | plan day=2026-12-03 guessed
termin C-1001 3.12. 10:00                   | plan case=C-1001 day=2026-12-03 time=10:00
termin mit Frau Meier am 3.12. um 10 Uhr    | plan day=2026-12-03 time=10:00 name=Meier
termin                                      | plan
termin 24:00                                | plan refused
termin 3.12. 24:00                          | plan day=2026-12-03 refused
termin 3.12. 25 Uhr                         | plan day=2026-12-03 refused
termin 3.12. 10:75                          | plan day=2026-12-03 refused
termin 3.12. 10.00                          | plan day=2026-12-03 refused
termin 3.12. 10:00 oder 11:00               | plan day=2026-12-03 refused
termin 3.12. halb elf                       | plan day=2026-12-03 refused
termin Montag nachmittag                    | plan day=2026-11-30 refused
termin gestern                              | plan refused
termin 26.11.2026                           | plan refused
termin 32.12.                               | plan refused
termin 3.12. 10                             | plan day=2026-12-03 refused
termin telefonisch 3.12. 10:00              | plan day=2026-12-03 time=10:00 refused
morgen 10 Uhr Termin                        | plan day=2026-11-28 time=10:00
kein Termin                                 | ? later
Termine                                     | ? week plan
termin verlegt                              | ? plan later
einladen                                    | invite
Einladung                                   | invite
einladen zum 3.12. um 10 Uhr                | invite day=2026-12-03 time=10:00
einladne 3.12.                              | invite day=2026-12-03 guessed
Einladung zum Gespräch am 3.12. 9:30        | invite day=2026-12-03 time=09:30
Termin + Einladung 3.12. 9:30               | invite day=2026-12-03 time=09:30
Termin mit Einladung 3.12.                  | invite day=2026-12-03
lade Meier zum 3.12. ein                    | invite day=2026-12-03 name=Meier
nicht einladen                              | ? later
telefonat heute                             | call day=2026-11-27
Telefonat                                   | call
telefoniert gestern                         | call day=2026-11-26
telefonta heute                             | call day=2026-11-27 guessed
Telefonat heute C-2001                      | call case=C-2001 day=2026-11-27
Anruf am 26.11.                             | call day=2026-11-26
telefonat morgen                            | call refused
wiedervorlage 1.12. Unterlagen prüfen       | own day=2026-12-01 subject=Unterlagen prüfen
wv 1.12. Mietvertrag                        | own day=2026-12-01 subject=Mietvertrag
WV Montag Mietvertrag C-1001                | own case=C-1001 day=2026-11-30 subject=Mietvertrag
wv C-1001 in 2 Wochen Zeugnisse             | own case=C-1001 day=2026-12-11 subject=Zeugnisse
erinnere mich am 3.12. an den Mietvertrag   | own day=2026-12-03 subject=Mietvertrag
erinnere mich in 2 Wochen                   | own day=2026-12-11
wv Mietvertrag am 3.12.                     | own day=2026-12-03 subject=Mietvertrag
wv 3.12. 10 Bewerbungen prüfen              | own day=2026-12-03 subject=10 Bewerbungen prüfen
wv in 2 Wochen: Zeugnis                     | own day=2026-12-11 subject=Zeugnis
wv Mietvertrag                              | own subject=Mietvertrag
wv 1.12. nicht verlängern, sondern beenden  | own day=2026-12-01 subject=nicht verlängern, sondern beenden
wv                                          | own
widervorlage 1.12. Mietvertrag              | own day=2026-12-01 subject=Mietvertrag guessed
wv gestern Mietvertrag                      | own subject=Mietvertrag refused
wv 1.11.2026 Mietvertrag                    | own subject=Mietvertrag refused
wv 1.12. um 10:00 Mietvertrag               | own day=2026-12-01 subject=Mietvertrag refused
wv 31.11. Mietvertrag                       | own subject=Mietvertrag refused
später bis Montag                           | later day=2026-11-30
später                                      | later
spaeter bis 3.12.                           | later day=2026-12-03
spätre bis Montag                           | later day=2026-11-30 guessed
zurückstellen bis 3.12.                     | later day=2026-12-03
zurücksellen bis 3.12.                      | later day=2026-12-03 guessed
verschieben bis Freitag                     | later day=2026-12-04
später bis gestern                          | later refused
später bis Montag, 30.11.                   | later day=2026-11-30
später bis Dienstag, 30.11.                 | later refused
übergeben an Kern                           | hand-over name=Kern
übergeben an Frau Kern                      | hand-over name=Kern
C-1001 übergeben an Kern, Bea               | hand-over case=C-1001 name=Kern, Bea
Übergabe an Meier                           | hand-over name=Meier
übergeben                                   | hand-over
übergben an Kern                            | ? hand-over
ubergeben an Kern                           | ? hand-over
übergeben Kern                              | ? hand-over
übergeben an Kern bis Montag                | hand-over name=Kern refused
nicht übergeben                             | ? later
umstellen auf Entwicklung                   | change strategy=entwicklung
umstelen auf Entwiklung                     | change strategy=entwicklung guessed
umstellen auf E                             | change strategy=entwicklung
umstellen auf Entwicklung ab 15.11.         | change strategy=entwicklung day=2026-11-15
ab heute auf grundbetreuung passiv umstellen | change strategy=grundbetreuung-passiv day=2026-11-27
wechseln zu Grundbetreuung aktivierbar      | change strategy=grundbetreuung-aktivierbar
umstellen auf Grundbetreuung                | change refused
umstellen auf Irgendwas                     | change refused
umstellen                                   | change
nicht umstellen                             | ? later
beenden                                     | end
beenden zum 15.11.                          | end day=2026-11-15
Strategie beenden zum Monatsende            | end day=2026-11-30
Integration beenden zum 15.11. C-2001       | end case=C-2001 day=2026-11-15 strategy=integration
beendne zum 15.11.                          | ? end
benden                                      | ? end
beedden                                     | ? end
nicht beenden                               | ? later
Fall abschließen                            | ? end
beenden oder verlängern                     | ? end extend
alg1 ab 1.12.                               | alg1 day=2026-12-01
ALG I ab 1.12.                              | alg1 day=2026-12-01
ALG 1 ab 01.12.2026                         | alg1 day=2026-12-01
Alg-1 ab 1.12. C-1001                       | alg1 case=C-1001 day=2026-12-01
ALG I ab 1.12. bis 30.6.                    | alg1 day=2026-12-01 until=2027-06-30
Arbeitslosengeld I ab 1.12.                 | alg1 day=2026-12-01
ALG II ab 1.12.                             | ? alg1
kein ALG I                                  | ? later
arbeit ab 1.12.                             | job day=2026-12-01
Arbeitsaufnahme am 15.11.                   | job day=2026-11-15
Job ab Montag                               | job day=2026-11-30
Arbiet ab 1.12.                             | job day=2026-12-01 guessed
neue Arbeit ab 1.1.2027 C-2001              | job case=C-2001 day=2027-01-01
keine Arbeit                                | ? later
zurück                                      | undo
rückgängig                                  | undo
rückgängig machen                           | undo
rückgänig                                   | ? undo
zurük                                       | ? undo
zurück zum Anfang                           | ? undo
Antrag zurückziehen                         | ? undo
nein                                        | cancel
nein danke                                  | cancel
abbrechen                                   | cancel
abbrechn                                    | ? cancel
doch nicht                                  | cancel
stopp                                       | cancel
nein, beenden                               | ? cancel end
hilfe                                       | help
Hilfe!                                      | help
hife                                        | help guessed
?                                           | help
was kann ich schreiben                      | help
ja                                          | ? confirm
erschienen und verlängern bis 30.6.         | ? held extend
30.06.                                      | ? status
bis Ende Februar 2027                       | ? status
um 10:00                                    | ? status
beenden Integration zum 15.11.              | end day=2026-11-15 strategy=integration
Grundbetreuung beenden                      | end refused
beenden Grundbetreuung passiv zum 15.11.    | end day=2026-11-15 strategy=grundbetreuung-passiv
Integration verlängern bis 30.6.            | extend day=2027-06-30 strategy=integration
Entwicklung weiterhin richtig               | confirm strategy=entwicklung
HS weiterhin richtig                        | confirm
HS beenden zum 30.11.                       | end day=2026-11-30
HS umstellen auf Integration                | change strategy=integration
HS stimmt nicht                             | dispute
VL bis 30.6.                                | extend day=2027-06-30
VL beantragen                               | extend
VL Meier bis Ende Februar                   | extend day=2027-02-28 name=Meier
vl um 6 Monate                              | extend day=2027-05-27
keine VL                                    | ? later
verl. bis 31.3.                             | ? later
verlaengern bis Ende Q1                     | extend day=2027-03-31
verlängern bis Ende Q1 2027                 | extend day=2027-03-31
Termin KW 50                                | plan refused
Termin Ende der Woche um 10:00              | plan time=10:00 refused
einladen Ende Februar                       | invite refused
erschienen KW 47                            | held refused
ALG I nicht beendet                         | ?
verlängern bis KW 50                        | extend day=2026-12-11
verlängern bis 31.3.27                      | extend day=2027-03-31
verlängern bis Ende nächsten Jahres         | extend day=2027-12-31
verlängern bis nächstes Jahr                | extend refused
verlängern bis März 2027                    | extend refused
verlängern bis 31/03/2027                   | extend refused
verlängern bis in 14 Tagen                  | extend day=2026-12-11
verlängern bis 29.2.2027                    | extend refused
wv in 14 Tagen EGZ prüfen                   | own day=2026-12-11 subject=EGZ prüfen
wv übermorgen BM anrufen                    | own day=2026-11-29 subject=BM anrufen
wv uebermorgen Lebenslauf                   | own day=2026-11-29 subject=Lebenslauf
WV nächsten Mo TN Bescheinigung             | own day=2026-11-30 subject=TN Bescheinigung
wv KW 50 Zeugnis                            | own day=2026-12-11 subject=Zeugnis
wv Ende Q1 EGZ Antrag                       | own day=2027-03-31 subject=EGZ Antrag
Wv. 1.12. Mietvertrag                       | own day=2026-12-01 subject=Mietvertrag
wv 1.12.: Mietvertrag                       | own day=2026-12-01 subject=Mietvertrag
wv 1.12. 10h anrufen                        | own day=2026-12-01 subject=anrufen refused
wv 1.12. 25:00 anrufen                      | own day=2026-12-01 subject=anrufen refused
wv morgen früh anrufen                      | own day=2026-11-28 subject=früh anrufen
wv 29.02.2027 Miete                         | own subject=Miete refused
wv 29.2.2028 Miete                          | own day=2028-02-29 subject=Miete
termin übermorgen 10h                       | plan day=2026-11-29 time=10:00
termin nächsten Mo 9h                       | plan day=2026-11-30 time=09:00
termin naechsten Montag 9 Uhr               | plan day=2026-11-30 time=09:00
termin in 14 Tagen um 10                    | plan day=2026-12-11 time=10:00
termin 3.12. 10h30                          | plan day=2026-12-03 time=10:30
termin 3.12. 25:00                          | plan day=2026-12-03 refused
termin 3.12. 1000                           | plan refused
termin 3.12. 10:00-11:00                    | plan day=2026-12-03 refused
termin 3.12. 10 bis 11 Uhr                  | plan day=2026-12-03 time=11:00 refused
Termin am Dienstag den 1.12. um 10 Uhr      | plan day=2026-12-01 time=10:00
Termin mit Hr. Müller 3.12. 10h             | plan day=2026-12-03 time=10:00 name=Müller
Termin mit Fr. Meier 3.12. 10h              | plan day=2026-12-03 time=10:00 name=Meier
Termin Fr. 10h                              | plan day=2026-12-04 time=10:00
termin 1.1.26                               | plan refused
termin 1.1.2040 10:00                       | plan time=10:00 refused
Gespraech 3.12. 10:00                       | plan day=2026-12-03 time=10:00
spaeter bis übermorgen                      | later day=2026-11-29
später in 14 Tagen                          | later day=2026-12-11
später bis 10:00                            | later refused
verschieben C-1001 10:00                    | later case=C-1001 refused
zurueckstellen bis KW 50                    | later day=2026-12-11
erschienen C-1001 10:00                     | held case=C-1001 time=10:00
erschienen um 10                            | held time=10:00
erschienen heute 10.00 Uhr                  | held day=2026-11-27 time=10:00
erschienen 24:00                            | held refused
nicht erschienen gestern 14:30              | missed day=2026-11-26 time=14:30
kam nicht zum Termin                        | missed
hat den Termin nicht wahrgenommen           | missed
Kundin ist heute erschienen                 | held day=2026-11-27
TN erschienen                               | held
TN nicht erschienen                         | missed
nicht ersch.                                | ? later
hat abgesagt 3.12. 10:00                    | cancelled day=2026-12-03 time=10:00
Termin abgesagt wegen Krankheit             | cancelled refused
tel heute                                   | call day=2026-11-27
Tel. gestern                                | call day=2026-11-26
Telefonat mit Meier heute                   | call day=2026-11-27 name=Meier
Telefonat 10h                               | call refused
status C-1001 10:00                         | status case=C-1001 refused
beenden zum 30.11. 10:00                    | end day=2026-11-30 refused
übergeben an Kern 10:00                     | hand-over name=Kern refused
weiterhin richtig 10:00                     | confirm refused
hilfe 10:00                                 | help refused
ALG 1 ab nächsten Mo                        | alg1 day=2026-11-30
ALG1 von 1.12. bis 30.11.2027               | alg1 day=2026-12-01 until=2027-11-30
ALG I bis 30.6.                             | alg1 refused until=2026-06-30
ALG I endet 30.6.                           | alg1 refused until=2026-06-30
ALG I beenden                               | alg1 refused
ALG I beendet zum 30.11.                    | alg1 refused until=2026-11-30
ALG I verlängern                            | ? alg1
ALG I umstellen auf Entwicklung             | ? alg1
ALG I weiterhin richtig                     | ? alg1
ALG beenden                                 | ? status
Maßnahme beenden                            | ? status
Maßnahme endet 30.6.                        | ? status
Maßnahme verlängern bis 30.6.               | ? status
Arbeit beenden                              | job refused
Arbeit verlängern bis 30.6.                 | ? job
Arbeit bis 30.6.                            | job refused until=2026-06-30
Arbeit beendet zum 30.11.                   | job refused until=2026-11-30
Fr. Meier erschienen                        | held name=Meier
Fr. Meier 3.12. einladen                    | invite day=2026-12-03 name=Meier
status Fr. Meier                            | status name=Meier
Fr. Meier                                   | ? open name=Meier
später bis Fr.                              | later day=2026-12-04
Fr. Termin                                  | plan day=2026-12-04
wv 3.12. Fr. Meier anrufen                  | own day=2026-12-03 subject=Fr. Meier anrufen
wv Fr. Meier anrufen                        | own subject=Fr. Meier anrufen
Entwicklung stimmt nicht                    | dispute strategy=entwicklung
Minijob ab übermorgen                       | job day=2026-11-29
umstellen auf GP ab 1.12.                   | change day=2026-12-01 strategy=grundbetreuung-passiv
Umstellung E ab heute                       | change day=2026-11-27 strategy=entwicklung
Wechsel von Integration auf Entwicklung     | change strategy=entwicklung
umstellen auf Integration oder Entwicklung  | change refused
Uebergabe an Kern                           | hand-over name=Kern
übergeb an Kern                             | ? hand-over
bendet                                      | ? end
stimmt alles noch                           | confirm
passt so                                    | confirm
stimmt nicht mehr                           | dispute
Status Mueller                              | status name=Mueller
BM ab 1.12.                                 | ? status
Feld umstellen heute                        | field day=2026-11-27
Feld umgestellt gestern C-2001              | field case=C-2001 day=2026-11-26
Termin mit Frau Feld                        | plan name=Feld
Prozessschritt heute                        | step day=2026-11-27
Prozessschritt um 10:00                     | step refused
in die Akte übernommen                      | filed
nicht in die Akte übernommen                | ? status
Wunsch erfragt heute                        | wish day=2026-11-27
Wunsch zu arbeiten gestern erfragt C-2001   | wish case=C-2001 day=2026-11-26
klarer Wunsch zu arbeiten                   | wish
Wnsch erfragt                               | wish guessed
kein Wunsch zu arbeiten                     | ? status
Wunsch erfragt um 10:00                     | wish refused
Förderstrategie vereinbart heute            | agree day=2026-11-27
Kooperationsplan vereinbart am 20.11.       | agree day=2026-11-20
Hilfeplan ab 1.12.                          | agree refused
Profil erneuert gestern                     | reprofile day=2026-11-26
Reprofiling C-2001                          | reprofile case=C-2001
Prognose C-2001                             | prognosis case=C-2001
Prognose gestern                            | prognosis refused
prognse                                     | prognosis guessed
Unterbrechung klären                        | gap
Unterbrechung des Leistungsbezugs C-2001    | gap case=C-2001
<script>alert(1)</script>                   | ? status
                                            | ? status
"""
