"""Promises of SECURITY.md that can be read off the source."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest
from shipped import DEPLOY, ROOT

SOURCES = [*sorted((ROOT / "regdash").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
RUNS_TEXT = {"eval", "exec", "compile", "os.system", "os.popen"}
DEMONSTRATIONS = "regdash/lessons/demos/programs.py"
UNPICKLES = {"pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.loads", "shelve.open", "joblib.load"}
SWITCHES = {("allow_pickle", True), ("shell", True), ("unsafe_allow_html", True), ("unsafe_allow_javascript", True)}
SQL = {"exec_driver_sql", "text"}
OF_A_CONSTANT = {"regdash/store/size.py"}  # PRAGMA and a name out of a tuple that stands beside it
PROTECTIONS = ("enableXsrfProtection", "enableCORS", "corsAllowedOrigins")


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call in the program: file and line, what is called, and the call."""
    found = ((path, node) for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(
        (f"{path.relative_to(ROOT)}:{node.lineno}", ast.unparse(node.func), node)
        for path, node in found
        if isinstance(node, ast.Call)
    )


def imports_sql(path: Path) -> bool:
    """Whether `text` in this file is SQLAlchemy's."""
    return "sqlalchemy" in path.read_text(encoding="utf-8")


def test_no_text_is_run_as_a_program_and_nothing_is_unpickled() -> None:
    found = [at for at, name, _ in calls() if name in RUNS_TEXT | UNPICKLES]
    assert [at for at in found if at.partition(":")[0] != DEMONSTRATIONS] == []


def test_demonstrations_run_texts_that_stand_in_the_program_and_no_others() -> None:
    """Each text handed to `program` or `run_parts` is a literal, or a name bound to one in the same file."""
    asked = [(at.partition(":")[0], call) for at, name, call in calls() if name in ("program", "run_parts")]
    asked = [(path, call) for path, call in asked if path.startswith("regdash/lessons/") and path != DEMONSTRATIONS]
    assert len(asked) > 10
    for path, call in asked:
        fixed = literals(ROOT / path)
        parts = next(each for each in call.args if isinstance(each, ast.Dict))
        first = [*call.args[4:], *(word.value for word in call.keywords if word.arg == "first")]
        assert all(isinstance(text, ast.Constant) or ast.unparse(text) in fixed for text in (*parts.values, *first)), (
            path
        )


def literals(path: Path) -> set[str]:
    """The names that a module binds to a text, once and for all."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bound = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    return {ast.unparse(target) for node in bound for target in node.targets}


def test_no_switch_that_would_unpickle_run_a_shell_or_pass_markup_through_is_on() -> None:
    found = [
        at
        for at, _, call in calls()
        for word in call.keywords
        if isinstance(word.value, ast.Constant) and (word.arg, word.value.value) in SWITCHES
    ]
    assert found == []


def test_every_sql_that_is_written_as_text_is_a_constant() -> None:
    written = [
        (at, call.args[0])
        for at, name, call in calls()
        if name.rpartition(".")[2] in SQL and call.args and imports_sql(ROOT / at.partition(":")[0])
    ]
    assert written
    free = [at for at, sql in written if not all_constant(sql) and at.partition(":")[0] not in OF_A_CONSTANT]
    assert free == []


def all_constant(sql: ast.expr) -> bool:
    """Whether an expression is a constant or a choice between two."""
    if isinstance(sql, ast.IfExp):
        return all_constant(sql.body) and all_constant(sql.orelse)
    return isinstance(sql, ast.Constant)


@pytest.mark.parametrize("word", PROTECTIONS)
def test_streamlits_protections_stay_as_streamlit_has_them(word: str) -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert word not in settings["server"]
    named = [path for path in SOURCES if word in path.read_text(encoding="utf-8")]
    texts = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    capitals = "".join(f"_{letter}" if letter.isupper() else letter for letter in word).upper()
    assert named == [path for path in texts if word in path.read_text() or capitals in path.read_text()] == []


def test_streamlit_sends_nobody_figures_and_shows_visitors_no_traces() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
