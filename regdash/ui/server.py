"""The dashboard's process: the pages' modules are loaded and the engine is started before the first visitor comes."""

from regdash.ui import controls, form, frame, guide, live  # noqa: F401  all but frame only to have them loaded


def main() -> None:
    """Run Streamlit with the arguments of the command line, as `streamlit` does."""
    from streamlit.web.cli import main as streamlit

    frame.connect()
    streamlit()


if __name__ == "__main__":
    main()
