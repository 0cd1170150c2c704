"""How the learning rate changes over the updates. The arrays of rates are made in :mod:`engine.schedule`.

In the formulas η is the optimizer's learning rate, t the number of an update from 0, T the updates of the
whole training, and epoch = t / (updates an epoch). After T, a rate stays what it was in the last update.
"""

from engine.choices.base import FRACTION, NOT_NEGATIVE, Entry, Parameter, Range, family

CONSTANT, INVERSE_TIME, STEP, EXPONENTIAL, COSINE, WARMUP_COSINE, ONE_CYCLE, PLATEAU = range(8)

_SHARE = Range(0, 1)
_REDUCING = Range(0, 1, low_open=True)
_EPOCHS = Range(1, 100_000)

SCHEDULES = family(
    Entry(
        "constant", CONSTANT, "ηₜ = η", "-",
        sentence="The learning rate stays as it is.",
    ),
    Entry(
        "inverse_time", INVERSE_TIME, "ηₜ = η / (1 + decay · epoch)", "Robbins and Monro 1951",
        (Parameter("decay", 0.01, NOT_NEGATIVE),),
        sentence="Falls fast at first and ever more slowly: the decay for which stochastic descent was first "
                 "proved to arrive.",
    ),
    Entry(
        "step", STEP, "ηₜ = η · factor^⌊epoch / every⌋", "Krizhevsky, Sutskever and Hinton 2012",
        (Parameter("factor", 0.5, _REDUCING), Parameter("every", 50, _EPOCHS, kind="whole")),
        sentence="Keeps the rate for some epochs, then cuts it: each cut shows as a step in the loss.",
    ),
    Entry(
        "exponential", EXPONENTIAL, "ηₜ = η · factor^epoch", "-",
        (Parameter("factor", 0.98, _REDUCING),),
        sentence="Takes the same share off the rate in every epoch.",
    ),
    Entry(
        "cosine", COSINE, "ηₜ = η · (final + (1 − final) · (1 + cos(π t / T)) / 2)",
        "Loshchilov and Hutter 2017", (Parameter("final", 0.0, _SHARE),),
        sentence="Glides down along half a cosine and arrives just at the end of the training.",
    ),
    Entry(
        "warmup_cosine", WARMUP_COSINE,
        "ηₜ = η · (start + (1 − start) · t / w) (t < w),  "
        "η · (final + (1 − final) · (1 + cos(π (t − w) / (T − w))) / 2) (t ≥ w),  w = ⌊warmup · T⌋",
        "Goyal et al. 2017; Loshchilov and Hutter 2017",
        (Parameter("start", 0.1, _SHARE), Parameter("warmup", 0.1, FRACTION),
         Parameter("final", 0.0, _SHARE)),
        sentence="Starts carefully, while the first gradients are wild, then glides down half a cosine.",
    ),
    Entry(
        "one_cycle", ONE_CYCLE,
        "ηₜ = η · (start + (1 − start) · (1 − cos(π t / w)) / 2) (t < w),  "
        "η · (final + (1 − final) · (1 + cos(π (t − w) / (T − w))) / 2) (t ≥ w),  w = ⌊warmup · T⌋",
        "Smith and Topin 2018",
        (Parameter("start", 0.04, _SHARE), Parameter("warmup", 0.3, FRACTION),
         Parameter("final", 0.000004, _SHARE)),
        sentence="One swing up to a rate that would be too high for long, and a long way down: often reaches "
                 "a good loss in few epochs.",
    ),
    Entry(
        "plateau", PLATEAU,
        "η ← max(factor · η, lowest · η₀) after patience epochs in which the loss did not fall by min_delta",
        "-",
        (Parameter("factor", 0.5, _REDUCING), Parameter("patience", 10, _EPOCHS, kind="whole"),
         Parameter("min_delta", 0.0001, NOT_NEGATIVE), Parameter("lowest", 0.001, _SHARE)),
        sentence="Waits until the loss no longer falls and only then lowers the rate.",
    ),
)  # fmt: skip
