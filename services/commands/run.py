"""Runs a command: its exit status, and one German sentence for whatever goes wrong."""

from __future__ import annotations

import os
import sys

import typer
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)

from services import failures

_ENGLISH = {"Got unexpected extra argument(s) (": "Zu viele Angaben: {}."}
_ENGLISH_VALUES = {
    "Input should be a valid integer": "hier steht eine ganze Zahl.",
    "Input should be less than or equal to": "höchstens {} ist möglich.",
    "Input should be greater than or equal to": "mindestens {} ist nötig.",
}


def run(app: typer.Typer, arguments: list[str]) -> int:
    """Runs one command line and returns its exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    if (unreadable := next((one for one in arguments if not _is_text(one)), None)) is not None:
        typer.echo(f"Die Angabe „{_shown(unreadable)}“ ist kein lesbarer Text (UTF-8).", err=True)
        return failures.USAGE
    try:
        status = int(app(arguments, prog_name="fallverlauf", standalone_mode=False) or 0)
        if status == failures.INTERRUPTED:  # the library ends on Ctrl-C without a word
            typer.echo("Abgebrochen.", err=True)
        return status
    except NoArgsIsHelpError as error:
        typer.echo(error.format_message(), err=True)
        return failures.USAGE
    except ClickException as error:
        typer.echo(f"{_usage(error)} Hilfe: fallverlauf --help", err=True)
        return failures.USAGE
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return failures.REFUSED
    except Exception as error:
        typer.echo(failures.sentence(error) or _unexpected(error), err=True)
        return failures.REFUSED


def _is_text(argument: str) -> bool:
    """Whether it was readable as UTF-8 (what was not holds lone surrogates) and can be asked of any database."""
    return "\0" not in argument and not any("\ud800" <= char <= "\udfff" for char in argument)


def _shown(argument: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in argument[:40])


def _usage(error: ClickException) -> str:
    match error:
        case MissingParameter():
            return f"Es fehlt {_hint(error)}."
        case BadParameter():
            return f"{_hint(error)}: {_german(error.message, _ENGLISH_VALUES)}"
        case NoSuchOption(option_name=name, possibilities=others):
            return f"Die Option {name} gibt es nicht." + (f" Meinten Sie {', '.join(others)}?" if others else "")
        case BadOptionUsage(option_name=name):
            return f"Bei der Option {name} fehlt der Wert, oder es steht einer zu viel."
    return _german(error.format_message(), _ENGLISH)


def _german(text: str, sentences: dict[str, str]) -> str:
    """The sentence for a message of the library, as far as there is one."""
    for english, german in sentences.items():
        if text.startswith(english):
            return german.format(text.removeprefix(english).removesuffix(")").removesuffix(".").strip())
    return text


def _hint(error: BadParameter) -> str:
    """The option or argument as it is typed."""
    return "eine Angabe" if error.param is None else error.param.get_error_hint().strip("'")


def _unexpected(error: Exception) -> str:
    from services.settings import Settings

    try:
        folder = Settings().data
    except Exception:  # what went wrong may well be the settings
        return failures.unexpected(error, None)
    return failures.unexpected(error, folder)
