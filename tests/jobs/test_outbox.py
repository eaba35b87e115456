import pytest

from regdash.errors import StoreUnavailable
from regdash.jobs.outbox import Outbox


class Store:
    open, written = True, ()

    def write(self, what):
        def now():
            if not self.open:
                raise StoreUnavailable("The store is locked.")
            self.written += (what,)

        return now


def test_what_cannot_be_written_now_is_written_later_in_its_order_and_once():
    store, outbox = Store(), Outbox()
    outbox.put(store.write("a"))
    store.open = False
    outbox.put(store.write("b"))
    outbox.put(store.write("c"))
    assert (store.written, len(outbox)) == (("a",), 2)
    with pytest.raises(StoreUnavailable):
        outbox.flush()
    store.open = True
    outbox.flush()
    assert (store.written, len(outbox)) == (("a", "b", "c"), 0)
