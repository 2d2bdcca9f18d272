"""What somebody can do here; facts, wishes and dialogues each name one of these. Who may, says `domain.permissions`."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody may do. Those from `SEE_TODAY` on are pages and need no relation to a case."""

    SEE_CASE = "see_case"
    SEE_NAMES = "see_names"
    SEE_TEXTS = "see_texts"
    RECORD = "record"
    RECORD_INTAKE = "record_intake"
    CORRECT = "correct"
    REQUEST = "request"
    DECIDE = "decide"
    HAND_OVER = "hand_over"
    RECEIVE = "receive"  # accept or reject a handover
    SNOOZE = "snooze"
    GIVE_OUT = "give_out"  # on paper: Akte, Auskunft, Vermerk
    SEE_TODAY = "see_today"
    SEE_INTAKE = "see_intake"
    OPEN_CASE = "open_case"  # a new client's, which nobody stands to yet
    SEE_CASES = "see_cases"
    SEE_TEAM = "see_team"
    SEE_SETUP = "see_setup"  # what an office that begins has and lacks
    SEE_RULES = "see_rules"  # what the office has set for its rules, and what setting it would bring
    SEE_DIRECTIVES = "see_directives"  # the directives that rules rest on
    SEE_REGISTER = "see_register"  # what is evaluated, and which Dienstvereinbarung allows what
    IMPORT = "import"  # files of other systems, and what came of them
    PROPOSE_SETTINGS = "propose_settings"  # what of that is to hold otherwise from a day on
    CONFIRM_SETTINGS = "confirm_settings"  # or refuse what another person has proposed
    SEE_DIRECTORY = "see_directory"  # units, people and roles, and what a person would see
    PROPOSE_DIRECTORY = "propose_directory"  # how units, people and roles are to change
    CONFIRM_DIRECTORY = "confirm_directory"  # or refuse what another person has proposed, never for oneself
    ASK_LISTS = "ask_lists"  # through the API, about the cases one may see
    SEARCH = "search"
    ANSWER = "answer"  # in dialogues; what may be answered in which case is said above
    SEE_CASE_VIEWS = "see_case_views"  # who has seen this case, when and why
    SEE_VIEWS = "see_views"  # the same of all cases: QS, and Fachdienstleitungen for those of their units
    SEE_QS = "see_qs"  # QS about all cases, leads about those of their units
