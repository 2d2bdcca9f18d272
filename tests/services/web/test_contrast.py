"""The contrast of every text and line of our own, computed from KERN's palette in both schemes (WCAG 1.4.3, 1.4.11)."""

from __future__ import annotations

import math
import re

import pytest

from services.web.http import assets

NAMED = re.compile(r"(--[\w-]+):\s*([^;]+);")
PALETTE = re.compile(r"(--kern-color-[\w-]+):\s*(oklch\([^)]*\));")
OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")
VAR = re.compile(r"var\((--[\w-]+)\)")
Colour = tuple[float, float, float]


def _tokens(scheme: str) -> dict[str, str]:
    """The tokens that hold in a scheme; later ones win."""
    kern = (assets.kern_folder() / "kern.css").read_text("utf-8")
    own = (assets.STATIC / "tokens.css").read_text("utf-8")
    light, dark = own.split("@media (prefers-color-scheme: dark)")
    palette = dict(PALETTE.findall(kern))
    return palette | dict(NAMED.findall(light)) | (dict(NAMED.findall(dark)) if scheme == "dark" else {})


def _rgb(token: str, tokens: dict[str, str]) -> Colour:
    """Linear sRGB of a token."""
    value = tokens[token].strip()
    if found := VAR.fullmatch(value):
        return _rgb(found[1], tokens)
    parts = OKLCH.fullmatch(value)
    assert parts is not None, (token, value)
    light, chroma, hue = float(parts[1]) / 100, float(parts[2]), math.radians(float(parts[3]))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(part, 0.0), 1.0) for part in linear)
    return red, green, blue


def _contrast(one: str, other: str, tokens: dict[str, str]) -> float:
    first, second = (
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (_rgb(one, tokens), _rgb(other, tokens))
    )
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _pairs(suffix: str) -> list[str]:
    own = dict(NAMED.findall((assets.STATIC / "tokens.css").read_text("utf-8")))
    return sorted(name.removesuffix(suffix) for name in own if name.endswith(suffix))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_its_background(scheme: str) -> None:
    tokens = _tokens(scheme)
    backgrounds = _pairs("-text")
    assert len(backgrounds) >= 15
    for background in backgrounds:
        assert _contrast(background, f"{background}-text", tokens) >= 4.5, (scheme, background)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_against_the_card(scheme: str) -> None:
    tokens = _tokens(scheme)
    for line in _pairs("-line"):
        assert _contrast(f"{line}-line", "--fv-card", tokens) >= 3, (scheme, line)


def test_every_colour_of_a_lane_has_its_text_and_line() -> None:
    style = (assets.STATIC / "fallverlauf.css").read_text("utf-8")
    colours = set(re.findall(r"\.lanes__text--([\w-]+)", style))
    assert colours == {"integration", "entwicklung", "grundbetreuung", "jobakademie", "av-ags", "plain", "alg1"}
    for colour in colours:
        assert f"fill: var(--fv-{colour}-text)" in style
        assert f"stroke: var(--fv-{colour}-line)" in style


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    assert _contrast("--kern-color-black", "--kern-color-white", _tokens("light")) == pytest.approx(21, abs=0.05)


def test_the_histogram_takes_its_colours_from_those_of_the_lanes() -> None:
    style = (assets.STATIC / "fallverlauf.css").read_text("utf-8")
    template = (assets.TEMPLATES / "distribution.html").read_text("utf-8")
    assert 'class="lanes__{{ chart.colour }}"' in template
    assert 'class="lanes__at"' in template
    own = "".join(re.findall(r"\.chart[^{]*\{[^}]*\}", style))
    assert set(re.findall(r"--fv-[\w-]+", own)) == {"--fv-card-text", "--fv-grid-line"}
    assert not re.search(r"#[0-9a-f]{3}|rgb|oklch", own)
