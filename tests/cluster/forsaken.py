"""A coordinator's side in a process of its own, to be killed: trains one run that takes very long."""

import sys
import time
from pathlib import Path

import idle_engine
from hearing import LONG, Heard, order

from regdash.jobs.cluster import ClusterWorkers
from regdash.settings import Settings

if __name__ == "__main__":
    settings = Settings(data_dir=Path(sys.argv[2]), scheduler=sys.argv[1])
    heard = Heard(ClusterWorkers(settings, load=idle_engine.load)).ready()
    heard.workers.train([order(1, LONG)])
    while True:
        heard.workers.events()
        time.sleep(0.1)
