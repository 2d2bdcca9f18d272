"""The demo job centre: about sixty invented cases in three units, told relative to today, so always alive."""

from services.demo.building import NotEmpty, build, ensure

__all__ = ["NotEmpty", "build", "ensure"]
