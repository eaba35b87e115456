"""A server that begins the search of its argument, says its id and that something was told, and waits to be killed."""

import sys
import time

from search_rig import ANN
from waiting import COORDINATOR

from regdash.jobs.queue import connect
from regdash.search import plan_from_json
from regdash.settings import settings

if __name__ == "__main__":
    queue = connect(settings(), COORDINATOR)
    search = queue.searches.begin(ANN, plan_from_json(sys.argv[1]))
    print(search, flush=True)
    while not any(each.told for each in queue.searches.view(search).trials):
        time.sleep(0.02)
    print("told", flush=True)
    time.sleep(600)
