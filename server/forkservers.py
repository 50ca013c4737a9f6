"""The fork-servers that the settings ask for."""

from sandbox.environments import Environments
from sandbox.processes.forkservers import ForkServers
from server.settings import Settings


def forkservers_of(settings: Settings) -> ForkServers:
    """Nothing is started before it is used; whoever asks closes them."""
    return ForkServers(Environments(settings.data, settings.candidate_python), settings.sandbox)
