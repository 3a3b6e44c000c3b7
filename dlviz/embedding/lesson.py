"""The words of the embedding lab: what to look at, what to ask, what to try."""

from dlviz.embedding.config import EmbeddingConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

TWO = {"dataset": "two_clusters", "n": 150}
SIZES = {"dataset": "two_sizes", "n": 150}
THREE = {"dataset": "three_clusters", "n": 150}
ROLL = {"dataset": "swiss_roll", "n": 800}
TREFOIL = {"dataset": "trefoil", "n": 150}

SCENES = (
    Preset("digits", "Digits find their places",
           "500 images of 64 pixels each, and nobody told t-SNE which digit they show. First clumps, while P counts 12-fold; then they spread. Point at a digit: lines lead to its neighbors in the data.", {}),
    Preset("islands", "The same at perplexity 2",
           "Now each point minds two neighbors only, and the digits fall into many small islands. Turn the knob: the data stay the same.", {"perplexity": 2.0}),
    Preset("trust", "What is lost",
           "The yellower a point, the more of its ten nearest it has lost. The curve: the share of the k nearest that the map keeps. Turn the knob: perplexity 2 keeps the very nearest best, 30 the ten nearest, 100 the fifty nearest.", {"picture": "trust"}),
    Preset("two", "Two clusters, five perplexities",
           "Two equal clouds, 10 apart. At perplexity 2 they crumble into crumbs of a few points, from 30 on they are two. How large they look, and how far apart, is another matter each time.", {**TWO, "picture": "perplexities"}),
    Preset("pinched", "Stopped too early",
           "After 120 iterations most points of each cluster are still in a tight heap, and a few are flung far off. The data have no such strays: the run is not over. Let it run on until nothing moves any more.", {**TWO, "iterations": 120}),
    Preset("sizes", "Sizes mean nothing",
           "One cloud is nine times as wide as the other. In the map both are alike: each point's Gaussian is as wide as its surroundings are.", {**SIZES}),
    Preset("distances", "Distances mean little",
           "The third cloud is five times as far from the first as the second is. The maps say: about as far. Only perplexity 100 of these 150 points shows it.", {**THREE, "picture": "perplexities"}),
    Preset("noise", "Clusters in pure noise",
           "One Gaussian cloud in 100 dimensions: there is nothing to be found. At perplexity 2 the map shows clumps all the same.", {"dataset": "noise", "perplexity": 2.0}),
    Preset("noise-30", "Noise at perplexity 30",
           "The same noise is now an even disk. It is too even: true random points clump more. In 100 dimensions nearly all points lie on a shell, and t-SNE packs them side by side.", {"dataset": "noise"}),
    Preset("ellipse", "Shapes, sometimes",
           "A cloud of 50 dimensions, axis i of width 1/i; these points are 1.9 times as long as wide. From perplexity 5 on their maps are 1.9 to 2.5 times as long as wide. At 2 the shape is lost.", {"dataset": "ellipse", "n": 150, "picture": "perplexities"}),
    Preset("lines", "Straight lines tear",
           "Two straight strips of the plane, alike and parallel. In the map one of them is torn into three pieces. At perplexity 100 both are whole: what is torn in a map need not be torn in the data.", {"dataset": "two_lines", "n": 150}),
    Preset("nested", "A cluster inside another",
           "A tight cloud in the very middle of one 50 times as wide, in 50 dimensions. At perplexity 2 the map shows it nearly as wide as the other, at 45 a third as wide: t-SNE blows dense clusters up. At 100 it is one dot, smaller than it is.", {"dataset": "nested", "n": 150, "picture": "perplexities"}),
    Preset("links", "Linked rings",
           "Two circles linked like a chain. In the plane they must cross, come apart or be cut. See what each perplexity does to them.", {"dataset": "linked_rings", "n": 200, "picture": "perplexities"}),
    Preset("knot", "One knot, two starts",
           "A trefoil is one closed line. At perplexity 2 it is torn, and each start tears it elsewhere. The second map is turned to fit the first: what differs is chance.", {**TREFOIL, "perplexity": 2.0, "picture": "seeds"}),
    Preset("knot-50", "The knot untied",
           "At perplexity 50 both starts agree: a ring. That it is knotted in space no map of the plane can tell.", {**TREFOIL, "perplexity": 50.0, "picture": "seeds"}),
    Preset("roll-pca", "A rolled sheet, by PCA",
           "A sheet of paper rolled up. PCA can only turn it and look: from the end, it is a spiral still. No axis of the map tells the place along the roll.", {**ROLL, "method": "pca"}),
    Preset("roll-isomap", "… and by Isomap",
           "Isomap measures along the sheet, from neighbor to neighbor, and unrolls it: one axis is the place along the roll.", {**ROLL, "method": "isomap"}),
    Preset("methods", "All methods, the same digits",
           "PCA keeps variance, MDS all distances, Isomap those along the sheet, the others neighborhoods. Drag around some points: they are marked in every map.", {"picture": "methods", "n": 300}),
    Preset("variance", "Neighbors, or variance",
           "1 000 digits. Ask the nearest of four fifths of them what each of the others is: in t-SNE's map 97 of 100 answers are right, in PCA's 52. Neighborhoods do not fit into the two directions of most variance.", {"picture": "variance", "n": 1000}),
    Preset("layers", "What a network sees",
           "The same digits as pixels, in a network's layers before training, and after it. Layer by layer, training pulls apart the classes of the digits it was trained on. Last: an autoencoder's bottleneck of 2 units is a map by itself.", {"picture": "layers", "n": 300}),
    Preset("simplex", "All equally far",
           "50 points that are all at the same distance from each other: every map of the plane must lie. P is the same for all pairs, whatever perplexity is asked, so a heap in one place fits it perfectly. See the ruler.", {"dataset": "simplex", "n": 50, "perplexity": 10.0}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("sizes", "One cluster is nine times as wide as the other. How many times as wide is it in t-SNE's map at perplexity 30?",
               (((8, 10), "about nine times"), ((2, 4), "about three times"), ((0.9, 1.1), "they are alike")), {**SIZES}, "sizes",
               "It is {sizes} times as wide: each Gaussian is scaled to its own surroundings."),
    Prediction("noise", "500 random points without any structure, perplexity 2. What will the map look like?",
               (((0.9, 1.1), "random"), ((0, 0.7), "clumped, as if there were clusters"), ((1.1, 2), "evenly spread")), {"dataset": "noise", "perplexity": 2.0}, "clumped",
               "Clark and Evans' index is {clumped}; random points have 1. Clumps are what a low perplexity makes."),
    Prediction("distances", "Cluster C is five times as far from A as B is. How many times as far is it in the map at perplexity 30?",
               (((4, 6), "five times"), ((2, 3), "twice or so"), ((0.9, 1.2), "about as far")), {**THREE}, "distances_apart",
               "{distances_apart} times, and {true_apart} in the data: far is far enough, how far does not count."),
    Prediction("roll", "A sheet is rolled up in space. PCA makes a map of it. How well does an axis of the map tell the place along the roll?",
               (((0, 0.5), "badly"), ((0.5, 0.9), "rather well"), ((0.9, 1), "nearly perfectly")), {**ROLL, "method": "pca"}, "unrolled",
               "The correlation is {unrolled}. PCA only turns the data, it cannot unroll them."),
    Prediction("isomap", "And Isomap's map?",
               (((0, 0.5), "badly"), ((0.5, 0.9), "rather well"), ((0.9, 1), "nearly perfectly")), {**ROLL, "method": "isomap"}, "unrolled",
               "The correlation is {unrolled}: it measures along the sheet."),
    Prediction("pca", "500 digits by PCA: of how many points has the nearest one the same label? In 64 dimensions it is 99 %.",
               (((0.3, 0.7), "about half"), ((0.7, 0.9), "about 80 %"), ((0.9, 1), "nearly all")), {"method": "pca"}, "nearest",
               "{nearest}: two directions of variance are not enough. In the map of t-SNE it is 0.99."),
)  # fmt: skip

CHALLENGES = (
    Challenge("half", "Make t-SNE lose at least 60 % of the digits' ten nearest neighbors, in 50 iterations or more.",
              {"method": "tsne", "dataset": "digits", "iterations": (50, 5000), "kept": (0.0, 0.4)},
              "Do not let it finish.", {"iterations": 100, "n": 200}),
    Challenge("honest", "Make t-SNE show that one cluster is five times as far away as the other: at least 4.",
              {"dataset": "three_clusters", "method": "tsne", "settled": True, "distances_apart": (4.0, 10.0)},
              "Let each point mind more than its own cluster.", {**THREE, "perplexity": 100.0}),
    Challenge("disk", "Make noise look even: an index of Clark and Evans of at least 1.1.",
              {"dataset": "noise", "method": "tsne", "settled": True, "clumped": (1.1, 3.0)},
              "Turn the perplexity up, but not too far.", {"dataset": "noise", "perplexity": 30.0, "n": 400}),
    Challenge("unroll", "Unroll the S: a map of which one axis correlates at least 0.99 with the place along it.",
              {"dataset": "s_curve", "settled": True, "unrolled": (0.99, 1.0)},
              "Which method measures along the sheet?", {"dataset": "s_curve", "method": "isomap", "n": 500}),
    Challenge("trusted", "Make a map of 200 or more points of at least ten dimensions, with a trustworthiness of at least 0.997.",
              {"n": (200, 2000), "dim": (10, 2000), "settled": True, "trust": (0.997, 1.0)},
              "Data that are nearly flat, whatever their dimensions.", {"dataset": "line", "dim": 10, "n": 200, "method": "pca"}),
    Challenge("diverge", "Make t-SNE's KL divergence rise above where it began.",
              {"method": "tsne", "above_start": True},
              "Stop while P is still exaggerated, in the first iterations.", {"dataset": "two_clusters", "n": 100, "iterations": 20}),
)  # fmt: skip

LESSON = Lesson(
    config=EmbeddingConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formula=r"\begin{gathered} p_{ij} = \frac{p_{j|i} + p_{i|j}}{2n}, \quad p_{j|i} \propto e^{-\lVert x_i - x_j \rVert^2 / 2\sigma_i^2}, \quad q_{ij} \propto \frac{1}{1 + \lVert y_i - y_j \rVert^2} \\"
    r"\mathrm{KL}(P \,\|\, Q) = \sum p_{ij} \ln \frac{p_{ij}}{q_{ij}} = «kl» \text{ nats} \end{gathered}",
    notice=(
        "**Perplexity is how many neighbors count.** Each σᵢ is set so that 2 to the entropy of p(j | i) in bits is «perplexity_met». The map changes with it, and no value is the right one.",
        "**Perplexity «perplexity» cannot be had:** many distances are equal, so that at best the rows of P have «perplexity_reached» on average.",
        "**«neighbors_say»:** of the 5 nearest the trustworthiness is «trust», the continuity «continuity». The first is 1 if no stranger became a neighbor, the second if no neighbors were parted.",
        "**All in all, «kept» of the ten nearest are still among the ten nearest.** Distances on the whole are another matter: those of data and map correlate «distances».",
        "**Sizes of clusters mean nothing:** the first is «true_sizes» times as wide as the second in the data, «sizes» times in the map: it is off «sizes_off»-fold.",
        "**Distances between clusters mean little:** the third is «true_apart» times as far from the first as the second is, in the map «distances_apart» times: it is off «apart_off»-fold.",
        "**Of «nearest» of the points the nearest in the map is of the same class,** of «nearest_data» in what was mapped. «labels_say»",
        "**An axis of the map correlates «unrolled» with the true place.**",
        "**Clumps can be chance.** The data are one even cloud, but Clark and Evans' index of the map is «clumps_of_noise»: 1 is random, less is clumped.",
        "**Too even to be true.** Clark and Evans' index of the map is «evenness_of_noise»: random points have 1.",
    ),
    sources=(
        Source("van der Maaten, Hinton: Visualizing Data using t-SNE, JMLR 9, 2008", "the method: equations 1 to 5", "https://www.jmlr.org/papers/v9/vandermaaten08a.html"),
        Source("Wattenberg, Viégas, Johnson: How to Use t-SNE Effectively, Distill 2016", "the lessons on toy points. Its program takes distances for squared ones, so its pictures are not these", "https://distill.pub/2016/misread-tsne/"),
        Source("Belkina et al.: Automated optimized parameters for t-SNE, Nature Communications 2019", "the learning rate", "https://doi.org/10.1038/s41467-019-13055-y"),
        Source("Venna, Kaski: Local multidimensional scaling, Neural Networks 19, 2006", "trustworthiness and continuity", "https://doi.org/10.1016/j.neunet.2006.05.014"),
        Source("Lee, Verleysen: Quality assessment of dimensionality reduction, Neurocomputing 72, 2009", "the share of k nearest that are kept", "https://doi.org/10.1016/j.neucom.2008.12.017"),
        Source("Tenenbaum, de Silva, Langford: A global geometric framework, Science 290, 2000", "Isomap", "https://doi.org/10.1126/science.290.5500.2319"),
        Source("Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks, Science 313, 2006", "the autoencoder's bottleneck", "https://doi.org/10.1126/science.1127647"),
    ),
    views={"picture": "run", "fixed": False, "images": False},
)  # fmt: skip
