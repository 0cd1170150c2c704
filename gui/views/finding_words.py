"""Each thing that can be said about a training as one plain sentence in the current language."""

from engine.analysis.finding import Finding
from gui.i18n import number, percent, tr

# The sentence of a kind, with a value's name after a dot where there are several: see variant().
SENTENCES = {
    # Units of one layer
    "identical.all": "Layer {layer}: all {units} units are identical and get the same gradient, so they "
                     "stay identical.",
    "identical": "Layer {layer}: {units} of {of} units are identical and stay so.",
    "dead.all": "Layer {layer}: all {units} ReLUs are dead: 0 on every training row, so nothing passes.",
    "dead": "Layer {layer}: {units} of {of} ReLUs are dead, 0 on every training row.",
    "saturated": "Layer {layer}: {share} of its outputs are saturated and pass hardly any gradient.",
    "perceptron": "The perceptron rule trains this layer: its weights change only where an answer is wrong.",
    # Activations and gradients on their way
    "vanished": "The signal fades: the outputs of layer {layer} have a standard deviation of only {std}.",
    "exploded": "The signal grows: the outputs of layer {layer} have a standard deviation of {std}.",
    "vanishing_gradient.zero": "No gradient reaches layer 1, so it does not learn.",
    "vanishing_gradient": "The gradient fades on its way back: in layer 1 it is {ratio} of what it is in "
                          "layer {last}, so layer 1 hardly learns.",
    "exploding_gradient": "The gradient grows on its way back: in layer 1 it is {ratio} times what it is in "
                          "layer {last}.",
    "no_output_gradient": "The step at the output has gradient 0, so nothing is learned. Alone and with SGD "
                          "it would follow the perceptron rule.",
    "no_gradient": "Layer {layer}: a step has gradient 0, so this layer and those before it do not learn.",
    "signal.ratio": "The signal goes through: the outputs' standard deviation is {first} in layer 1 and "
                    "{last} in layer {layer}; the gradient of the first layer is {ratio} times the last "
                    "one's.",
    "signal": "The signal goes through: the outputs' standard deviation is {first} in layer 1 and {last} in "
              "layer {layer}.",
    # The losses over the epochs
    "diverged.norm": "Update {update} would have made the loss infinite (gradient norm {norm} before it): "
                     "the steps are too large. Try a smaller learning rate.",
    "diverged.update": "Update {update} would have made the loss infinite: the steps are too large. Try a "
                       "smaller learning rate.",
    "diverged": "The loss is no longer a number since epoch {epoch}: the steps were too large. Try a "
                "smaller learning rate.",
    "overfitting": "Test loss stopped falling at epoch {epoch} ({best}) and is now {now}: overfitting.",
    "growth": "The training loss has grown from {first} to {now}: the steps are too large. Try a smaller "
              "learning rate.",
    "oscillation": "The training loss swings between {low} and {high} and does not fall: the learning rate "
                   "is too high.",
    "slow": "After {epochs} epochs the training loss has fallen by only {share}, along a straight line: "
            "the learning rate is too low.",
    "plateau": "The training loss has hardly changed since epoch {epoch}: a plateau at {loss}.",
}  # fmt: skip
FINE = "No unit is dead, saturated or identical to another."
DECIMALS = {"saturated": 0, "slow": 1}  # of a share in per cent


def sentence(finding: Finding) -> str:
    """Return a finding in words of the current language."""
    layer = finding.place[1] + 1 if finding.place and finding.place[0] != "epoch" else 0
    shown: dict[str, object] = {
        "layer": layer, **{key: number(value, 2) for key, value in finding.values.items()}
    }  # fmt: skip
    if "share" in finding.values:
        shown["share"] = percent(finding.values["share"], DECIMALS.get(finding.kind, 0))
    return tr(SENTENCES.get(variant(finding), FINE), **shown)


def variant(finding: Finding) -> str:
    """Return which of the sentences says a finding."""
    kind, values = finding.kind, finding.values
    if kind in ("identical", "dead") and values["units"] == values["of"]:
        return f"{kind}.all"
    if kind == "vanishing_gradient" and not values["ratio"]:
        return f"{kind}.zero"
    given = (key for key in ("norm", "update", "ratio") if key in values and f"{kind}.{key}" in SENTENCES)
    return next((f"{kind}.{key}" for key in given), kind)
