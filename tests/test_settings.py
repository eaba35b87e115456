"""Settings are read from REGDASH_* variables, and a wrong one is a sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from regdash.errors import RegdashError
from regdash.settings import Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.read({}) == Settings()


def test_other_variables_are_passed_over() -> None:
    assert Settings.read({"PORT": "1", "REGDASH_NO_SUCH": "2"}) == Settings()


def test_each_field_is_read_in_its_own_type() -> None:
    given = {"data_dir": Path("/srv/runs"), "port": 9000, "lease_seconds": 2.5, "warm_up": False, "database_url": "x:"}
    made = Settings.read({f"REGDASH_{name.upper()}": str(value) for name, value in given.items()})
    for name, value in given.items():
        assert getattr(made, name) == value
        assert type(getattr(made, name)) is type(getattr(Settings(), name))


@pytest.mark.parametrize("text", ["1", "true", "True"])
def test_a_switch_is_on_by_1_or_true(text: str) -> None:
    assert Settings.read({"REGDASH_WARM_UP": text}).warm_up is True


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("REGDASH_PORT", "http", "REGDASH_PORT must be a whole number, got 'http'"),
        ("REGDASH_PORT", "0", "REGDASH_PORT must be above 0 and finite, got '0'"),
        ("REGDASH_PORT", "-5", "REGDASH_PORT must be above 0 and finite, got '-5'"),
        ("REGDASH_MAX_EPOCHS", "1.5", "REGDASH_MAX_EPOCHS must be a whole number, got '1.5'"),
        ("REGDASH_LEASE_SECONDS", "soon", "REGDASH_LEASE_SECONDS must be a number, got 'soon'"),
        ("REGDASH_LEASE_SECONDS", "nan", "REGDASH_LEASE_SECONDS must be above 0 and finite, got 'nan'"),
        ("REGDASH_LEASE_SECONDS", "inf", "REGDASH_LEASE_SECONDS must be above 0 and finite, got 'inf'"),
        ("REGDASH_BACKEND", "nonsense", "REGDASH_BACKEND must be tensorflow or jax, got 'nonsense'"),
        ("KERAS_BACKEND", "torch", "KERAS_BACKEND must be tensorflow or jax, got 'torch'"),
        ("REGDASH_WARM_UP", "maybe", "REGDASH_WARM_UP must be 0 or 1, got 'maybe'"),
        ("REGDASH_DATA_DIR", "~no-such-user/x", "REGDASH_DATA_DIR must be a path, got '~no-such-user/x'"),
    ],
)
def test_a_wrong_variable_is_named_with_what_must_hold_and_what_came(variable: str, text: str, sentence: str) -> None:
    with pytest.raises(RegdashError) as caught:
        Settings.read({variable: text})
    assert str(caught.value) == sentence


def test_every_number_must_be_above_zero() -> None:
    for field in fields(Settings):
        if type(field.default) in (int, float):
            with pytest.raises(RegdashError, match="above 0"):
                Settings.read({f"REGDASH_{field.name.upper()}": "0"})


def test_the_store_is_sqlite_in_the_data_folder_unless_a_database_is_named() -> None:
    assert Settings(data_dir=Path("/srv/runs")).store_url == "sqlite:////srv/runs/regdash.sqlite"
    assert Settings(database_url="postgresql+psycopg://db/regdash").store_url == "postgresql+psycopg://db/regdash"


def test_a_process_started_with_the_environment_of_the_settings_reads_the_same() -> None:
    made = Settings(data_dir=Path("/srv/runs"), port=9000, lease_seconds=2.5, warm_up=False)
    again = Settings.read(made.environment())
    assert again.store_url == made.store_url
    for field in fields(Settings):
        if field.name != "database_url":
            assert getattr(again, field.name) == getattr(made, field.name)
