"""The regularisers; the order of REGULARIZERS is the order of the menu."""

from regdash.regularizers.activity_l1 import ActivityL1
from regdash.regularizers.activity_l2 import ActivityL2
from regdash.regularizers.alpha_dropout import AlphaDropout
from regdash.regularizers.base import Constraint, Penalty, Regularizer
from regdash.regularizers.cutout import Cutout
from regdash.regularizers.dropout import Dropout
from regdash.regularizers.early_stopping import MONITORS, EarlyStopping
from regdash.regularizers.elastic_net import ElasticNet
from regdash.regularizers.gaussian_dropout import GaussianDropout
from regdash.regularizers.gradient_clipping import GradientClipping
from regdash.regularizers.group_lasso import GroupLasso
from regdash.regularizers.image_flip import ImageFlip
from regdash.regularizers.image_rotation import ImageRotation
from regdash.regularizers.image_shift import ImageShift
from regdash.regularizers.images import augmented
from regdash.regularizers.input_dropout import InputDropout
from regdash.regularizers.input_noise import InputNoise
from regdash.regularizers.l1 import L1
from regdash.regularizers.l2 import L2
from regdash.regularizers.label_smoothing import LabelSmoothing
from regdash.regularizers.max_norm import MaxNorm
from regdash.regularizers.mixup import Mixup
from regdash.regularizers.proximal_l1 import ProximalL1
from regdash.regularizers.spatial_dropout import SpatialDropout
from regdash.regularizers.unit_norm import UnitNorm
from regdash.regularizers.weight_decay import WeightDecay

REGULARIZERS: tuple[type[Regularizer], ...] = (
    Dropout,
    L1,
    L2,
    WeightDecay,
    EarlyStopping,
    ElasticNet,
    GroupLasso,
    ProximalL1,
    MaxNorm,
    UnitNorm,
    ActivityL1,
    ActivityL2,
    InputDropout,
    GaussianDropout,
    SpatialDropout,
    AlphaDropout,
    InputNoise,
    ImageShift,
    ImageFlip,
    ImageRotation,
    Cutout,
    LabelSmoothing,
    Mixup,
    GradientClipping,
)

__all__ = [
    "L1",
    "L2",
    "MONITORS",
    "REGULARIZERS",
    "ActivityL1",
    "ActivityL2",
    "AlphaDropout",
    "Constraint",
    "Cutout",
    "Dropout",
    "EarlyStopping",
    "ElasticNet",
    "GaussianDropout",
    "GradientClipping",
    "GroupLasso",
    "ImageFlip",
    "ImageRotation",
    "ImageShift",
    "InputDropout",
    "InputNoise",
    "LabelSmoothing",
    "MaxNorm",
    "Mixup",
    "Penalty",
    "ProximalL1",
    "Regularizer",
    "SpatialDropout",
    "UnitNorm",
    "WeightDecay",
    "augmented",
]
