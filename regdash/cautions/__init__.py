"""Settings that are known to fail, said in a sentence before they are run; each rule states its formula."""

from collections.abc import Callable

from regdash.cautions import chance, decay, layers, penalties, pictures, proximal, schedules, steps, stopping, targets
from regdash.cautions.penalties import group_that_kills, l1_that_kills, l2_bound
from regdash.experiment import Experiment

__all__ = ["RULES", "group_that_kills", "l1_that_kills", "l2_bound", "warnings_before"]

RULES: tuple[Callable[[Experiment], str], ...] = (
    penalties.l2_too_strong,
    decay.decay_too_strong,
    penalties.l1_kills,
    penalties.l2_flattens,
    penalties.groups_killed,
    penalties.activations_silenced,
    penalties.undone_by_unit_norm,
    penalties.undone_by_batch_normalization,
    proximal.weakened_by_momentum,
    proximal.beside_scaled_gradients,
    decay.decays_twice,
    chance.layer_switched_off,
    chance.maps_switched_off,
    chance.inputs_hidden,
    chance.nothing_hidden,
    chance.no_feature_maps,
    chance.alpha_spread,
    chance.alpha_mean,
    layers.deep_sigmoid,
    layers.one_unit_normalized,
    layers.batch_of_one,
    layers.last_batch_of_one,
    pictures.mirrored_digits,
    pictures.turned_digits,
    targets.smoothing_floor,
    targets.mixup_floor,
    targets.folds_without_a_class,
    steps.batch_too_large,
    steps.lion_too_fast,
    steps.adadelta_too_slow,
    schedules.warm_up_too_long,
    schedules.decay_too_late,
    schedules.drop_too_late,
    schedules.decay_too_early,
    stopping.plateau_too_patient,
    stopping.watched_too_late,
    stopping.stopping_too_patient,
)


def warnings_before(experiment: Experiment) -> tuple[str, ...]:
    """What is known to go wrong with these settings; empty when nothing is. Its rows must be on this machine."""
    return tuple(sentence for rule in RULES if (sentence := rule(experiment)))
