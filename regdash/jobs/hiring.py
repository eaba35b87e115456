"""Who trains for a coordinator: processes of this machine, or a cluster where the settings name one."""

from regdash.jobs.local import LocalWorkers
from regdash.jobs.worker import load_keras
from regdash.jobs.workers import Workers
from regdash.presets import popular
from regdash.settings import Settings


def hire(settings: Settings) -> Workers:
    """The workers that the settings ask for."""
    if settings.scheduler:
        from regdash.jobs.cluster import ClusterWorkers  # the one file that needs the extra `cluster`

        return ClusterWorkers(settings)
    return LocalWorkers(load_keras, settings, popular())
