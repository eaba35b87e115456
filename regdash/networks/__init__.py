"""The networks; the order of NETWORKS is the order of the menu."""

from regdash.networks.build import Network, Station, build, layer_seed, parameter_count
from regdash.networks.linear import Linear
from regdash.networks.mlp import MLP

NETWORKS: tuple[type[Network], ...] = (MLP, Linear)

__all__ = ["MLP", "NETWORKS", "Linear", "Network", "Station", "build", "layer_seed", "parameter_count"]
