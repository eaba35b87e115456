"""A visitor's texts inside labels of controls."""


def literal(text: str) -> str:
    """The text as it is where Streamlit reads Markdown: names may hold any letters."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~:$<>&" else letter for letter in text)
