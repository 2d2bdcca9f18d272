"""How many histories hypothesis draws: a fixed choice in the gate, ten times as many and others in a long run."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

PLAIN = 100  # examples of a test that says nothing else
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "gate", max_examples=PLAIN, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW
)
gate = settings.get_profile("gate")
settings.register_profile("long", gate, max_examples=10 * PLAIN, derandomize=False, print_blob=True)
# For the runs in which a fault was planted: more than the gate, as a new fact alters what chance draws there; what is
# found is not made smaller.
settings.register_profile("planted", gate, max_examples=5 * PLAIN, phases=[Phase.explicit, Phase.generate])
settings.load_profile("gate")  # unless pytest is told another one: --hypothesis-profile=long


def laws(examples: int) -> settings:
    """The settings of a law that the gate tries on so many histories."""
    return settings(max_examples=examples * settings().max_examples // PLAIN)
