"""The numbers of a unit while one batch runs in slow motion: z, a, δ, ∂L/∂w and where the weight goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gui.canvas import cards
from gui.canvas.motion import Motion
from gui.canvas.wording import column_name
from gui.i18n import fixed, name_of, number, tr

if TYPE_CHECKING:
    from engine.analysis.one_batch import LayerPass
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas

WRITTEN_OUT = 3  # a sum of more products is not written out
ROW = 0  # the row of the batch whose signals are shown
ORDER = ("forward", "loss", "backward", "update", "done")
_BRACKETS = re.compile(r"\([^()]*\)")
_KEPT = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Told:
    """What is said in slow motion.

    Attributes:
        title: what is shown now.
        hint: the keys that pause it, go on and end it.
        unit: whose numbers follow.
        forward, backward, update: these numbers, as far as they are known.
    """

    title: str
    unit: str
    forward: list[str] = field(default_factory=list)
    backward: list[str] = field(default_factory=list)
    update: list[str] = field(default_factory=list)
    hint: str = ""

    @property
    def lines(self) -> list[str]:
        """All numbers, in the order in which they come."""
        return [self.title, self.unit, *self.forward, *self.backward, *self.update]


def title(motion: Motion) -> str:
    """Return what is shown now."""
    batch = motion.batch
    assert batch is not None
    count, phase = len(batch.rows), motion.phase
    if phase == "forward":
        return tr("Forward: row {row}, one of {count} in the batch", row=number(int(batch.rows[ROW]) + 1),
                  count=number(count))  # fmt: skip
    if phase == "loss":
        return tr("Loss of the batch: {value}", value=number(batch.loss))
    if phase == "backward":
        return tr("Backward: gradients, the largest is {value}", value=number(largest(motion), 2))
    return tr("Update {number}: the weights take their step", number=number(batch.update))


def hints() -> tuple[str, str, str]:
    """Return which keys do what: while it runs, while it is paused, at its end."""
    return (tr("Space pauses · Esc ends"), tr("paused · Space goes on · Esc ends"),
            tr("M shows the next batch · Esc ends"))  # fmt: skip


def hint(motion: Motion) -> str:
    """Return which keys do what at this moment."""
    runs, paused, over = hints()
    return over if not motion.running else paused if motion.paused else runs


def largest(motion: Motion) -> float:
    """Return the largest size of a weight's gradient, by which those that are drawn are measured."""
    assert motion.batch is not None
    sizes = [np.abs(layer.weight_gradient) for layer in motion.batch.layers]
    return max((float(np.nan_to_num(size).max(initial=0.0)) for size in sizes), default=0.0)


def reached(motion: Motion, phase: str, layer: int) -> bool:
    """Whether the wave of a phase has come through a layer."""
    assert motion.batch is not None
    now, share = motion.moment()
    if ORDER.index(now) != ORDER.index(phase):
        return ORDER.index(now) > ORDER.index(phase)
    count = len(motion.batch.layers)
    place = layer if phase == "forward" else count - 1 - layer
    return share * count >= place + 0.8


def followed(canvas: NetworkCanvas) -> tuple[int, int, int | None]:
    """Return (layer, unit, unit before or None) of the unit or link that was picked, else of the output."""
    item, layers = canvas.hands.cursor, canvas.experiment.network.layers
    if item is not None and item[0] == "link":
        return int(item[1]), int(item[3]), int(item[2])
    if item is not None and item[0] == "unit":
        return int(item[1]), int(item[2]), None
    return len(layers) - 1, 0, None


def told(canvas: NetworkCanvas, whole: bool = False) -> Told:
    """Return what is shown, and the numbers so far of the unit that was picked, else of the output.

    Parameters:
        whole: whether to say everything that there will be in the end, so that room can be kept for it.
    """
    return told_of(canvas, followed(canvas), whole)


def told_of(canvas: NetworkCanvas, about: tuple[int, int, int | None], whole: bool = False) -> Told:
    """Return the same of any unit, as :func:`followed` names it.

    One weight into it is followed: that of the link that was picked, else the one that says most.
    """
    motion, experiment = canvas.motion, canvas.experiment
    layer, unit, source = about
    assert motion.batch is not None
    name = cards.unit_name(experiment, layer, unit)
    if layer < 0:
        value = motion.batch.layers[0].x[ROW, unit]
        own = [f"{cards.symbol(experiment, -1, unit)} = {number(float(value))}"]
        return Told(title(motion), name, own, hint=hint(motion))
    here = motion.batch.layers[layer]
    if source is None:
        source = int(np.argmax(np.nan_to_num(np.abs(here.x[ROW] * here.weight[:, unit]))))
    forward, backward, update = [], [], []
    if whole or reached(motion, "forward", layer):
        forward = _forward(here, experiment, layer, unit)
    if whole or reached(motion, "backward", layer):
        backward = _backward(here, experiment, layer, unit, source, len(motion.batch.rows))
    if whole or motion.phase in ("update", "done"):
        update = [_update(here, experiment, motion.batch.learning_rate, unit, source)]
    parts = [[by_operators(line) for line in part] for part in (forward, backward, update)]
    return Told(title(motion), name, parts[0], parts[1], parts[2], hint(motion))


def by_operators(formula: str) -> str:
    """Return a formula that lines end in before = and + only: what follows these stays with them."""
    kept = _BRACKETS.sub(lambda found: found[0].replace(" ", _KEPT), formula)
    for sign in "=+−":
        kept = kept.replace(f" {sign} ", f" {sign}{_KEPT}")
    return kept.replace(" · ", f"{_KEPT}·{_KEPT}").replace("Σ ", f"Σ{_KEPT}")


def _forward(here: LayerPass, experiment: Experiment, layer: int, unit: int) -> list[str]:
    u, z, a, out = (float(values[ROW, unit]) for values in (here.u, here.z, here.a, here.out))
    own = experiment.network.layers[layer]
    chosen, differs = own.activation.name, own.batch_norm.name == "before" or own.skip_from is not None
    of_z = "z" if chosen == "linear" else f"{name_of('activations', chosen)}(z)"
    found = [f"{'u' if differs else 'z'} = Σ w · x + b = {_sum(here, unit)} = {number(u)}"]
    if differs:
        found.append(tr("z = {value}, after normalization and skip", value=number(z)))
    found.append(f"a = {of_z} = {number(a)}")
    if out != a:
        found.append(tr("handed on: {value}", value=number(out)))
    return found


def _sum(here: LayerPass, unit: int) -> str:
    """Return a weighted sum, its products written out where they are few."""
    w, x, bias = here.weight[:, unit], here.x[ROW], float(here.bias[unit])
    if len(w) > WRITTEN_OUT:
        products = tr("{sum} from {count} products", sum=number(float(x @ w)), count=number(len(w)))
        return f"({products}) + {_factor(bias)}"
    return " + ".join(
        [f"{_factor(float(a))} · {_factor(float(b))}" for a, b in zip(w, x, strict=True)] + [_factor(bias)]
    )


def _factor(value: float) -> str:
    """Return a number as it stands in a product or a sum: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def _backward(
    here: LayerPass, experiment: Experiment, layer: int, unit: int, source: int, rows: int
) -> list[str]:
    before = cards.symbol(experiment, layer - 1, source)
    delta, slope = float(here.delta[ROW, unit]), float(here.weight_gradient[source, unit])
    mean = tr("∂L/∂w = mean of δ · {source} over {count} rows = {value}", source=before,
              count=number(rows), value=number(slope))  # fmt: skip
    followed_one = tr("w: the weight from {source} to {unit}", source=_placed(experiment, layer - 1, source),
                      unit=_placed(experiment, layer, unit))  # fmt: skip
    return [f"δ = ∂ℓ/∂z = {number(delta)}", followed_one, mean]


def _placed(experiment: Experiment, layer: int, unit: int) -> str:
    """Return a unit's symbol with its layer, as each has an a₁: ``a₁ (layer 2)``, ``x₁``."""
    layers = experiment.network.layers
    if layer == len(layers) - 1 and layers[layer].units == 1:
        return tr("the output")
    name = cards.symbol(experiment, layer, unit)
    return name if layer < 0 else f"{name} ({column_name(experiment, layer).lower()})"


def _update(here: LayerPass, experiment: Experiment, rate: float | None, unit: int, source: int) -> str:
    old, new = float(here.weight[source, unit]), float(here.new_weight[source, unit])
    slope = float(here.weight_gradient[source, unit])
    places = _places(new - old)
    before, after = fixed(old, places), fixed(new, places)
    moved = round(new, places) - round(old, places)  # of the numbers as they are written: they add up
    step = f"{'−' if moved < 0 else '+'} {fixed(abs(moved), places)}"
    if rate is not None and np.isclose(new, old - rate * slope, rtol=1e-5, atol=1e-7 * abs(rate * slope)):
        return (f"w ← w − η · ∂L/∂w = {before} − {number(rate)} · {_factor(slope)} = "
                f"{before} {step} = {after}")  # fmt: skip
    name = name_of("optimizers", experiment.optimizer.name)
    return tr("w ← {old} {step} = {new}, the step of {name}", old=before, step=step, new=after, name=name)


def _places(step: float) -> int:
    """Return how many decimals show a step to three digits."""
    if not np.isfinite(step) or step == 0:
        return 4
    return int(np.clip(2 - np.floor(np.log10(abs(step))), 4, 10))
