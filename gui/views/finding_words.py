"""Each thing that can be said about a training as one plain sentence in the current language."""

from engine.analysis.finding import Finding
from gui.i18n import number, percent, tr


def sentence(finding: Finding) -> str:
    """Return a finding in words of the current language."""
    layer = finding.place[1] + 1 if finding.place and finding.place[0] != "epoch" else 0
    shown: dict[str, object] = {
        "layer": layer, **{key: number(value, 2) for key, value in finding.values.items()}
    }  # fmt: skip
    for say in (_of_units, _of_signals, _of_course):
        said = say(finding, shown)
        if said:
            return said
    return tr("No unit is dead, saturated or identical to another.")


def _of_units(finding: Finding, shown: dict[str, object]) -> str:
    """Return what is said about units of one layer."""
    units, of = int(finding.values.get("units", 0)), int(finding.values.get("of", 0))
    match finding.kind:
        case "identical" if units == of:
            return tr("Layer {layer}: all {units} units are identical and get the same gradient, so they "
                      "stay identical.", **shown)  # fmt: skip
        case "identical":
            return tr("Layer {layer}: {units} of {of} units are identical and stay so.", **shown)
        case "dead" if units == of:
            return tr("Layer {layer}: all {units} ReLUs are dead: 0 on every training row, so nothing "
                      "passes.", **shown)  # fmt: skip
        case "dead" if units == 1:
            return tr("Layer {layer}: 1 of {of} ReLUs is dead, 0 on every training row.", **shown)
        case "dead":
            return tr("Layer {layer}: {units} of {of} ReLUs are dead, 0 on every training row.",
                      **shown)  # fmt: skip
        case "saturated":
            return tr("Layer {layer}: {share} of its outputs are saturated and pass hardly any gradient.",
                      **{**shown, "share": percent(finding.values["share"], 0)})  # fmt: skip
        case "perceptron":
            return tr("The perceptron rule trains this layer: its weights change only where an answer is "
                      "wrong.")  # fmt: skip
    return ""


def _of_signals(finding: Finding, shown: dict[str, object]) -> str:
    """Return what is said about activations and gradients on their way."""
    match finding.kind:
        case "vanished":
            return tr("The signal fades: the outputs of layer {layer} have a standard deviation of only "
                      "{std}.", **shown)  # fmt: skip
        case "exploded":
            return tr("The signal grows: the outputs of layer {layer} have a standard deviation of {std}.",
                      **shown)  # fmt: skip
        case "vanishing_gradient" if not finding.values["ratio"]:
            return tr("No gradient reaches layer 1, so it does not learn.")
        case "vanishing_gradient":
            return tr("The gradient fades on its way back: in layer 1 it is {ratio} of what it is in layer "
                      "{last}, so layer 1 hardly learns.", **shown)  # fmt: skip
        case "exploding_gradient":
            return tr("The gradient grows on its way back: in layer 1 it is {ratio} times what it is in "
                      "layer {last}.", **shown)  # fmt: skip
        case "no_output_gradient":
            return tr("The step at the output has gradient 0, so nothing is learned. Alone and with SGD it "
                      "would follow the perceptron rule.")  # fmt: skip
        case "no_gradient":
            return tr("Layer {layer}: a step has gradient 0, so this layer and those before it do not learn.",
                      **shown)  # fmt: skip
        case "signal" if "ratio" in finding.values:
            return tr("The signal goes through: the outputs' standard deviation is {first} in layer 1 and "
                      "{last} in layer {layer}; the gradient of the first layer is {ratio} times the "
                      "last one's.", **shown)  # fmt: skip
        case "signal":
            return tr("The signal goes through: the outputs' standard deviation is {first} in layer 1 and "
                      "{last} in layer {layer}.", **shown)  # fmt: skip
    return ""


def _of_course(finding: Finding, shown: dict[str, object]) -> str:
    """Return what is said about the losses over the epochs."""
    match finding.kind:
        case "diverged" if "norm" in finding.values:
            return tr("Update {update} would have made the loss infinite (gradient norm {norm} before it): "
                      "the steps are too large. Try a smaller learning rate.", **shown)  # fmt: skip
        case "diverged" if "update" in finding.values:
            return tr("Update {update} would have made the loss infinite: the steps are too large. Try a "
                      "smaller learning rate.", **shown)  # fmt: skip
        case "diverged":
            return tr("The loss is no longer a number since epoch {epoch}: the steps were too large. "
                      "Try a smaller learning rate.", **shown)  # fmt: skip
        case "overfitting":
            return tr("Test loss stopped falling at epoch {epoch} ({best}) and is now {now}: overfitting.",
                      **shown)  # fmt: skip
        case "growth":
            return tr("The training loss has grown from {first} to {now}: the steps are too large. Try a "
                      "smaller learning rate.", **shown)  # fmt: skip
        case "oscillation":
            return tr("The training loss swings between {low} and {high} and does not fall: the learning "
                      "rate is too high.", **shown)  # fmt: skip
        case "slow":
            return tr("After {epochs} epochs the training loss has fallen by only {share}%, along a straight "
                      "line: the learning rate is too low.",
                      **{**shown, "share": number(100 * finding.values["share"], 2)})  # fmt: skip
        case "plateau":
            return tr("The training loss has hardly changed since epoch {epoch}: a plateau at {loss}.",
                      **shown)  # fmt: skip
    return ""
