"""The figures of dropout and augmentation against formulas, scikit-learn and the engine."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import Ridge

from regdash.charts.figure_augmented_images import CLASSES, AugmentedImages, read_augmented_images
from regdash.charts.figure_dropout_mask import DropoutMask, facts_dropout_mask, read_dropout_mask
from regdash.charts.figure_linear_dropout import LINEAR_DROPOUT, LinearDropout
from regdash.charts.figures import figure_number


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_masks_keep_one_less_the_rate_and_the_scaling_brings_the_mean_back_to_one(rate):
    facts = facts_dropout_mask(read_dropout_mask(DropoutMask(rate, units=40, steps=200)))
    spread = np.sqrt(rate * (1 - rate) / (40 * 200))  # of a mean of coin tosses
    assert facts["kept"] == pytest.approx(1 - rate, abs=4 * spread + 1e-12)
    assert facts["mean_unscaled"] == pytest.approx(1 - rate, abs=4 * spread + 1e-12)
    assert facts["mean_scaled"] == pytest.approx(1, abs=4 * spread / (1 - rate) + 1e-12)
    assert facts["scale"] == pytest.approx(1 / (1 - rate))


def test_the_means_so_far_are_those_of_the_masks():
    data = read_dropout_mask(DropoutMask(0.3, units=7, steps=11, seed=3))
    for step in range(1, 12):
        assert data.unscaled[step - 1] == pytest.approx(data.kept[:, :step].mean())
        assert data.scaled[step - 1] == pytest.approx((data.kept[:, :step] / 0.7).mean())


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.75])
def test_the_masks_are_distributed_as_those_of_the_engine(rate):
    from regdash.api import dropout_mask

    units, steps = 40, 200
    own = read_dropout_mask(DropoutMask(rate, units=units, steps=steps, seed=1))
    engine = dropout_mask(rate, rows=steps, units=units, seed=1)
    np.testing.assert_allclose(np.unique(engine), np.unique(own.kept / (1 - rate)), rtol=1e-6)
    kept = np.array([own.kept.T.sum(axis=1), (engine > 0).sum(axis=1)])
    edges = np.quantile(kept, [0, 0.2, 0.4, 0.6, 0.8, 1])
    edges[-1] += 1
    table = [np.histogram(each, np.unique(edges))[0] for each in kept]
    assert chi2_contingency(table).pvalue > 0.001
    assert np.abs(kept.mean(axis=1) - units * (1 - rate)).max() < 4 * np.sqrt(units * rate * (1 - rate) / steps)


@pytest.mark.parametrize(("rate", "norm"), [(0.0, 0.851), (0.1, 0.489), (0.2, 0.445), (0.5, 0.316)])
def test_dropout_on_a_linear_model_has_the_norm_of_ridge_regression(rate, norm):
    facts = LINEAR_DROPOUT.facts(LINEAR_DROPOUT.read(LinearDropout(rate)))
    x, y = load_diabetes(return_X_y=True)
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
    peer = Ridge(alpha=len(y) * rate / (1 - rate), fit_intercept=False).fit(x, y).coef_
    assert facts["norm"] == pytest.approx(np.linalg.norm(peer), rel=1e-9)
    assert facts["norm"] == pytest.approx(norm, abs=6e-4)
    assert facts["norm_none"] == pytest.approx(0.851, abs=6e-4)
    assert facts["ridge_l2"] == pytest.approx(rate / (1 - rate))


def test_least_squares_over_drawn_masks_lie_on_the_curve_of_ridge_regression():
    assert figure_number("linear_dropout", "off", {}) < 0.03


def shown_digits():
    table = load_digits()
    return {tuple(image.ravel()) for image, digit in zip(table.images, table.target, strict=True) if digit in CLASSES}


@pytest.mark.parametrize("kind", ["shift", "rotation", "flip", "cutout", "noise"])
def test_nothing_is_changed_at_amount_zero_and_more_is_changed_at_more(kind):
    still, some = (read_augmented_images(AugmentedImages(kind, amount)) for amount in (0.0, 0.5))
    assert np.array_equal(still.images[1:], np.broadcast_to(still.images[0], still.images[1:].shape))
    assert np.abs(some.images[1:] - some.images[0]).max() > 0.3
    digits = shown_digits()
    assert all(tuple(16 * image.ravel().astype(float)) in digits for image in some.images[0])


def test_shifted_and_mirrored_digits_are_the_same_pixels_at_other_places():
    shifted = read_augmented_images(AugmentedImages("shift", 0.25)).images
    for epoch in shifted[1:]:
        for image, original in zip(epoch, shifted[0], strict=True):
            wide = np.pad(original, 1)
            moved = [wide[1 - dy : 9 - dy, 1 - dx : 9 - dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
            assert any(np.array_equal(image, each) for each in moved)
    mirrored = read_augmented_images(AugmentedImages("flip", 1.0)).images
    turned = [
        np.array_equal(image, original[:, ::-1])
        for epoch in mirrored[1:]
        for image, original in zip(epoch, mirrored[0], strict=True)
    ]
    assert 3 <= sum(turned) <= 15  # of 18 tosses of a coin


def test_cutout_blackens_a_square_and_leaves_the_rest():
    images = read_augmented_images(AugmentedImages("cutout", 0.5)).images
    for epoch in images[1:]:
        for image, original in zip(epoch, images[0], strict=True):
            rows, columns = np.nonzero(image != original)
            assert (image[image != original] == 0).all()
            assert np.ptp(rows) < 4
            assert np.ptp(columns) < 4
