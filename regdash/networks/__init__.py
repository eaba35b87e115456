"""The networks; the order of NETWORKS is the order of the menu."""

from regdash.networks.build import Hooks, Network, Shape, build, layer_seed
from regdash.networks.convolutional import Convolutional
from regdash.networks.highway import Highway
from regdash.networks.linear import Linear
from regdash.networks.mlp import MLP
from regdash.networks.residual_convolutional import ResidualConvolutional
from regdash.networks.residual_mlp import ResidualMLP

NETWORKS: tuple[type[Network], ...] = (MLP, Linear, Convolutional, ResidualMLP, ResidualConvolutional, Highway)

__all__ = [
    "MLP",
    "NETWORKS",
    "Convolutional",
    "Highway",
    "Hooks",
    "Linear",
    "Network",
    "ResidualConvolutional",
    "ResidualMLP",
    "Shape",
    "build",
    "layer_seed",
]
