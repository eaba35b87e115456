import pytest

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.tables import get_table, put_table

MARK = "0123456789abcdef" * 2
OTHER = MARK[::-1]


def test_a_table_comes_back_as_it_was_brought(database):
    put_table(database, MARK, "a-ann", b"PAR1\x00\xff", Settings())
    assert get_table(database, MARK) == b"PAR1\x00\xff"
    assert get_table(database, OTHER) is None


def test_the_same_table_brought_again_is_left_as_it_is_and_counts_once(database):
    one = Settings(max_uploads=1)
    put_table(database, MARK, "a-ann", b"rows", one)
    put_table(database, MARK, "a-ann", b"rows", one)
    put_table(database, MARK, "a-bob", b"other rows", one)
    put_table(database, OTHER, "a-bob", b"rows", one)
    assert get_table(database, MARK) == b"rows"


def test_a_session_may_bring_so_many_tables_of_such_a_size(database):
    limits = Settings(max_uploads=2, max_upload_mb=0.001)
    put_table(database, MARK, "a-ann", bytes(600), limits)
    with pytest.raises(RegdashError, match=r"at most 0.001 MB together"):
        put_table(database, OTHER, "a-ann", bytes(600), limits)
    put_table(database, OTHER, "a-ann", bytes(10), limits)
    with pytest.raises(RegdashError, match="at most 2 tables, and this would be number 3"):
        put_table(database, "f" * 32, "a-ann", bytes(10), limits)
    put_table(database, "f" * 32, "a-bob", bytes(10), limits)


@pytest.mark.parametrize("mark", ["", "../../etc/passwd", "A" * 32, "a" * 31, "a" * 65, "a" * 32 + "\n", "\x00" * 32])
def test_what_is_no_mark_is_refused(database, mark):
    assert get_table(database, mark) is None
    with pytest.raises(RegdashError, match="32 hexadecimal digits"):
        put_table(database, mark, "a-ann", b"rows", Settings())
