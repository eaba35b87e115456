"""A server that asks for 200 runs and follows them until it is killed."""

import time

from blows import ask, jobs
from waiting import COORDINATOR

from regdash.jobs.queue import connect
from regdash.settings import settings

if __name__ == "__main__":
    queue = connect(settings(), COORDINATOR)
    ids = ask(queue, jobs(200))
    while True:
        queue.watch(ids)
        time.sleep(0.1)
