"""Regdash: see what regularisation does."""

__version__ = "0.1.0"
