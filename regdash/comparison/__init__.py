"""Comparison: settings side by side, what they differ in, and which differences are more than seed noise."""

from regdash.comparison.series import Place, Series, own_series

__all__ = ["Place", "Series", "own_series"]
