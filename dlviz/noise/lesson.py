"""The words of the noise lab: scenes, predictions, challenges, what to notice, sources."""

from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source
from dlviz.noise.config import NoiseConfig

LONG = {"batch_size": 1, "clock": "updates", "updates": 1200, "replacement": True}
MEAN = {**LONG, "task": "mean"}

SCENES = (
    Preset("mini", "Four samples at a time",
           "Each step asks 4 of 60 samples for the slope. Turn **B** under the picture: the path calms down, and steps become few.",
           {}),
    Preset("one", "One sample at a time",
           "600 updates from the same data, each in a direction of its own. It never settles: it hovers within the green ring.",
           {"batch_size": 1}),
    Preset("all", "All at once: a full scan",
           "Every step scans all 60 samples: exactly downhill, but 10 epochs are only 10 updates, and it is still on its way.",
           {"batch_size": 60}),
    Preset("deck", "Three batches an epoch",
           "60 samples, B = 20: shuffle, deal three batches, make three updates. Each sample is used exactly once an epoch.",
           {"batch_size": 20, "epochs": 3}),
    Preset("anew", "Drawn anew each time",
           "Without a deck some samples come twice in 60 draws, and about a third, 1/e = 37 %, do not come at all.",
           {"replacement": True, "batch_size": 1, "epochs": 1}),
    Preset("root", "Four times the batch, half the noise",
           "B = 16: estimates scatter by σ/√16 = σ/4. To halve that takes 64 samples: four times the work.",
           {"replacement": True, "batch_size": 16, "samples": 120}),
    Preset("updates", "As many updates for all",
           "150 updates each. Now the largest batch is best, but it has seen 60 times as much data as B = 1.",
           {"clock": "updates", "batch_size": 60}),
    Preset("floor", "The noise floor",
           "B = 1 at a constant rate comes down to a floor and stays there: each step shakes it as much as the slope brings it back.",
           LONG),
    Preset("schedule", "A schedule takes the floor away",
           "The same, with steps that shrink along a half cosine: large while far, small when near. The floor is gone.",
           {**LONG, "schedule": "cosine"}),
    Preset("decay", "Steps as 1/t",
           "Steps that fall as 1/t get anywhere, for their sum is infinite, and calm down, for the sum of their squares is not.",
           {**LONG, "schedule": "inverse_time"}),
    Preset("momentum", "Momentum makes noise louder",
           "β = 0.9 at the same rate: it remembers ten slopes, and hovers ten times as high above the minimum.",
           {**MEAN, "momentum": 0.9}),
    Preset("logistic", "Logistic regression",
           "Two classes, the same story: a green ring whose size is set by the rate, the batch and the data.",
           {"task": "logistic", "lr": 1.0, "epochs": 20}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("quieter", "A batch of 25 samples in place of one: how much quieter is the estimate of the slope?",
               ((5.0, "5 times"), (25.0, "25 times"), (625.0, "625 times")),
               {"replacement": True, "samples": 100, "batch_size": 25}, "quieter",
               "Errors of independent samples cancel in part: σ/√25, which is {sigma} / 5 = {sigma_batch}."),
    Prediction("count", "60 samples in batches of 8: how many updates are an epoch?",
               ((7, "7"), (8, "8"), (60, "60")),
               {"batch_size": 8, "epochs": 4}, "updates_per_epoch",
               "Seven batches of 8 and one of the 4 that are left: ⌈60/8⌉ = {updates_per_epoch}."),
    Prediction("ends", "One sample a step, a constant rate, 1200 steps. How does it end?",
               (("settles", "it settles in the minimum"), ("hovers", "it hovers above it"), ("diverged", "it runs away")),
               {**LONG, "seed": 1}, "outcome",
               "Each step still shakes it: {excess} above the minimum on average, where theory expects {floor}."),
)  # fmt: skip

CHALLENGES = (
    Challenge("settle", "Settle in the minimum of linear regression with one sample a step (spread at least 1).",
              {"task": "linear", "batch_size": 1, "spread": (1.0, 3.0), "outcome": "settles"},
              "Let the steps shrink, and give it time.",
              {"batch_size": 1, "schedule": "cosine", "epochs": 20}),
    Challenge("quiet", "Make estimates seven times as quiet as those of one sample, with at most half of the 60.",
              {"samples": 60, "batch_size": (1, 30), "quieter": (7.0, 1e9)},
              "√30 = 5.5. But a deck has a memory: what was dealt cannot come again.",
              {"batch_size": 30, "epochs": 9}),
    Challenge("shaken", "Find a rate at which plain descent on all samples settles, and one sample at a time runs away.",
              {"batch_size": 1, "outcome": "diverged", "lr": (0.05, 0.5)},
              "Single samples curve more steeply than their mean.",
              {"batch_size": 1, "lr": 0.5}),
)  # fmt: skip

LESSON = Lesson(
    config=NoiseConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formulas=(
        r"g_B = \tfrac{1}{B} \sum_{i \in B} \nabla \ell_i, \quad B = «batch_size»",
        r"\mathrm{sd}(g_B) = \frac{\sigma}{\sqrt{B}} \sqrt{\tfrac{N - B}{N - 1}} = «sigma_deck», \quad \sigma = «sigma»",
        r"\mathrm{sd}(g_B) = \frac{\sigma}{\sqrt{B}} = «sigma_anew», \quad \sigma = «sigma»",
        r"\mathrm{Var}(w) = \frac{\eta\,(1 + \beta)\,\sigma^2/B}{(1 - \beta)\,\lambda\,(2(1 + \beta) - \eta\lambda)}",
        r"\mathrm{sd}(w_1) = «swing» \text{ at } \eta = «lr»,\ \beta = «momentum»",
    ),
    notice=(
        "**A batch of B costs B times as much and is only √B times as quiet.** One sample: ± «sigma». «batch_size» of them: ± «sigma_batch», «quieter» times quieter.",
        "**One epoch is «updates_per_epoch» updates here.** Small batches make many rough steps of the same data, large ones few exact steps.",
        "**At a constant rate the noise does not go away.** Theory expects to hover «floor» above the minimum; this run: «excess».",
        "Every batch is right on average. That is why a mean over batches is enough, and why steps must shrink in the end.",
    ),
    sources=(
        Source("Robbins, Monro: A Stochastic Approximation Method, 1951", "steps whose sum is infinite and whose squares' sum is not", "https://doi.org/10.1214/aoms/1177729586"),
        Source("Bottou, Curtis, Nocedal: Optimization Methods for Large-Scale Machine Learning, SIAM Review 2018", "batches, epochs, the noise floor", "https://arxiv.org/abs/1606.04838"),
        Source("Goyal et al.: Accurate, Large Minibatch SGD, 2017", "what large batches cost and save", "https://arxiv.org/abs/1706.02677"),
        Source("Goh: Why Momentum Really Works, Distill 2017, last section", "momentum on a noisy slope", "https://doi.org/10.23915/distill.00006"),
    ),
)  # fmt: skip
