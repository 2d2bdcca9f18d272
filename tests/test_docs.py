"""The lists in the docs as the code gives them; `make docs` writes what this module compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec.inspect as mi
import pytest

from domain import permissions
from domain.facts import FACTS, Fact, Mark, Stream, declared, marks, stream_of
from domain.facts.base import Declaration
from domain.purposes import PURPOSES
from domain.rules import RULES
from domain.rules.thresholds import Number
from services.questions.library import QUESTIONS
from services.questions.parameters import COMMON
from services.settings import Settings
from tests.services.demo import shares as demo_shares

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
KINDS = {
    mi.BoolType: "bool",
    mi.IntType: "int",
    mi.FloatType: "number",
    mi.DateType: "date",
    mi.StrType: "text",
    mi.DictType: "object",
}


def facts() -> str:
    """Every fact: its stored name, whose history it belongs to, its fields, what it means, what it says of itself."""
    rows = [
        (
            f"`{name}`",
            stream_of(name).value,
            _fields(name),
            " ".join((kind.__doc__ or "").split()),
            *(_declared(declared(name)) if stream_of(name) is Stream.CASE else ("",) * 4),
        )
        for name, kind in FACTS.items()
    ]
    about = (
        "Every fact also takes `late_reason?` (text): why it was written down long after its day. `?`: optional. "
        "How a text field is kept (text, thing, person, target, name, trait, code): "
        "[0002](decisions/0002-what-a-stored-fact-holds-in-clear.md). A fact of a case says beside its struct how it "
        "and its day are called, where on the timeline it stands and about which thing, what one must be allowed to do "
        "to record it ([permissions](permissions.md)); *ahead*: its day may lie ahead."
    )
    head = ("stored name", "about a", "data", "meaning", "name", "its day", "lane", "recorded by")
    return _page("Facts", about, head, rows)


def _declared(said: Declaration) -> tuple[str, str, str, str]:
    part = "begins" if said.begins else f"ends {_named(said.ends)}" if said.ends else ""
    lane = ", ".join(filter(None, (said.lane.value, f"`{said.thing}`" if said.thing else "", part)))
    return said.german, f"{said.day}{', ahead' if said.ahead else ''}", lane, f"`{said.action}`"


def _named(kind: type[Fact]) -> str:
    return next(f"`{name}`" for name, found in FACTS.items() if found is kind)


def rules() -> str:
    """Every follow-up rule: its source, its theme, who is told at which stage, what can be answered with one tap."""
    rows = [
        (
            rule.id,
            rule.name,
            rule.source,
            rule.theme.name,
            rule.kind.value,
            rule.state,
            "; ".join(
                f"`{name}` {_number(stage.threshold)} to {', '.join(stage.to)}" for name, stage in rule.stages.items()
            ),
            _codes(rule.options),
            ", ".join(one.name for one in rule.suspended_by) or "–",
        )
        for rule in RULES.values()
    ]
    about = (
        "Rules of one theme make one message per case. Their sentences stand in `notifications/texts/rules`. State and "
        "number of a stage are those shipped; the office sets its own with `rule-set` and `threshold-set`. A number "
        "counts from the day the condition begins or, where it lies before something (`warning` of the limit, "
        "`warning-28`, `warning-7` and `first-appointment` of the last day), from that; `check` of R-04 is due a day "
        "later."
    )
    head = ("rule", "name", "source", "theme", "kind", "state", "stages", "options", "suspended by")
    return _page("Rules", about, head, rows)


def settings() -> str:
    """Every setting with its default; what it means is what `.env.example` says."""
    meant = _meanings()
    rows = [
        (f"`{name}`", _default(field), meant[name]) for field in Settings.model_fields if (name := _variable(field))
    ]
    about = "Read from the environment and from `.env`; an empty value means the default."
    return _page("Settings", about, ("variable", "default", "meaning"), rows)


def rights() -> str:
    """Who may do what: action, relation to the case, roles."""
    rows = [(f"`{action}`", relation, _codes(roles)) for action, relation, roles in permissions.rows()]
    about = "Who stands so to a case and holds one of these roles on that day may act so; all else is forbidden."
    return _page("Permissions", about, ("action", "relation to the case", "roles"), rows)


def questions() -> str:
    """Every question of QS: what it asks, what it counts of what, what can be filled in, what its rows say."""
    rows = [
        (
            str(one.number or ""),
            f"`{one.id}`",
            one.title,
            one.base.format_map(Blanks()),
            "; ".join(f"`{blank.name}` {blank.label}" for blank in one.parameters),
            "; ".join(f"`{column.name}` {column.head}" for column in one.columns),
            f"`{one.action}`",
            PURPOSES[one.purpose],
            "yes" if one.personal else "no",
        )
        for one in QUESTIONS.values()
    ]
    common = _codes(blank.name for blank in COMMON)
    about = (
        "Asked by `fallverlauf ask`, `GET /api/v1/questions/ID` and on the page `/qs/fragen`. "
        f"Every question also takes {common}. One about members of staff is off until a Dienstvereinbarung is entered."
    )
    head = ("no.", "id", "question", "n", "parameters", "columns", "needs", "purpose", "about staff")
    return _page("Questions", about, head, rows)


class Blanks(dict[str, str]):
    """Names of blanks stand for themselves."""

    def __missing__(self, name: str) -> str:
        return f"[{name}]"


def shares() -> str:
    """What the demo office adds up to, beside what the reports print."""
    return _page("Das Demo-Amt neben den Berichten", *demo_shares.page())


LISTS = {
    "demo.md": shares,
    "questions.md": questions,
    "facts.md": facts,
    "rules.md": rules,
    "settings.md": settings,
    "permissions.md": rights,
}


def _page(title: str, about: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
    return f"<!-- written by `make docs` -->\n# {title}\n\n{about}\n\n{table}\n"


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _fields(name: str) -> str:
    info = mi.type_info(FACTS[name])
    assert isinstance(info, mi.StructType)
    kept = marks(name)
    return "; ".join(
        f"`{field.encode_name}{'' if field.required else '?'}` {_kind(field.type, kept.get(field.name))}"
        for field in info.fields
        if field.name != "late_reason"
    )


def _kind(field: mi.Type, mark: Mark | None) -> str:
    match field:
        case mi.UnionType(types=types):
            return " or ".join(_kind(one, mark) for one in types if not isinstance(one, mi.NoneType))
        case mi.Metadata(type=inner):
            more = " (trait)" if mark is Mark.TRAIT and not isinstance(inner, mi.StrType) else ""
            return _kind(inner, mark) + more
        case mi.LiteralType(values=values):
            return " ".join(f"`{value}`" for value in sorted(map(str, values)))
        case mi.ListType(item_type=item):
            return f"list of {_kind(item, mark)}"
        case mi.StrType() if mark is not None:
            return mark.value
    return KINDS[type(field)]


def _number(number: Number) -> str:
    parts = [f"{number.months} M"] if number.months else []
    parts += [f"{number.days} d"] if number.days or not parts else []
    return " ".join(parts)


def _variable(field: str) -> str:
    return Settings.model_fields[field].serialization_alias or f"FALLVERLAUF_{field.upper()}"


def _default(field: str) -> str:
    found = Settings.model_fields[field].get_default(call_default_factory=True, validated_data={"data": Path("DATA")})
    return "none" if found is None else f"`{str(found).replace('DATA', '<data>')}`"


def _meanings() -> dict[str, str]:
    """The comment above each variable of `.env.example`; variables in one block share it."""
    found: dict[str, str] = {}
    for block in (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n"):
        names = re.findall(r"(?m)^(?:# )?(FALLVERLAUF_\w+)=", block)
        said = [line.removeprefix("# ") for line in block.splitlines() if not re.match(r"(# )?FALLVERLAUF_", line)]
        found |= dict.fromkeys(names, " ".join(said))
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_in_the_docs_says_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == LISTS[name](), "make docs"


if __name__ == "__main__":
    for name, text in LISTS.items():
        (DOCS / name).write_text(text(), encoding="utf-8")
