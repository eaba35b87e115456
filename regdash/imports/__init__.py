"""Imports: curves that were trained elsewhere, read from what people upload; nothing of it is trusted."""
