from dlviz import ui
from dlviz.convolution import choices, compute, figures
from dlviz.convolution.knobs import knob_of, values_of


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(config)


@ui.cached
def stage(config, values, picture_key, _pixels) -> bytes:
    """Make the main picture; the key stands for the pixels of a photo of one's own."""
    return ui.squeeze(figures.convolution_scene(config, values, _pixels))


def settings() -> dict:
    return {name: lab[name] for name in vars(compute.ConvolutionConfig())}


def kernel() -> None:
    with lab.side_by_side():
        name = lab.choice("kernel", "Kernel", choices.KERNEL_NAMES)
        lab.choice("border", "Around the image", choices.BORDER_NAMES)
    lab.set(choices.grown(settings()))
    if choices.has_side(name):
        lab.slider("kernel_size", "Side of the kernel", *choices.sides(settings()))
    if choices.is_turned(name):
        lab.slider("angle", "Angle (°)", 0.0, 345.0, 15.0)
    if name == "secret":
        lab.button("Another secret", "Other weights", {"seed": (lab["seed"] + 1) % 100})
    else:
        lab.number_grid("weights", "Its weights", *choices.shown_kernel(settings()), -99.0, 99.0,
                        lambda: lab.set(choices.typed(settings())))  # fmt: skip


def window() -> None:
    """Place the controls of what slides over an image."""
    picture = lab["picture"]
    if picture == "shift":
        lab.segments("move", "What is done to the image", choices.MOVE_NAMES)
    if picture != "guess":
        lab.choice("operation", "Operation", choices.OPERATION_NAMES)
    if picture == "guess" or lab["operation"] == "convolve":
        kernel()
        lab.menus({"Steps": choices.SLIDING})
    elif picture != "photo":
        lab.rows(choices.pooling(settings()))
    if picture != "photo":
        lab.slider("size", "Cells a side of the image", *choices.sizes(settings()))
        lab.set(choices.settled(settings()))
        presets = choices.IMAGES if lab["size"] == 7 else {}
        lab.pad("image", "Image", lab["size"], lab["size"], numbers=True, presets=presets)


def controls() -> object:
    """Place the controls; return a photo of the user's own, if one is asked for."""
    picture = lab.segments("picture", "Picture", choices.PICTURE_NAMES)
    own = None
    if picture == "photo":
        lab.choice("photo", "Photo", choices.PHOTO_NAMES)
        own = lab.own_picture(240) if lab["photo"] == "own" else None
    if picture in choices.ROWS:
        lab.rows(choices.ROWS[picture])
    elif picture == "field":
        lab.set(choices.looked_from(settings()))
        lab.rows(choices.stacking(settings()))
    else:
        window()
    return own


lab = ui.lab("convolution")
with lab.controls():
    own = controls()
config = lab.config()
facts = facts_of(config)
with lab.controls():
    lab.predict(facts_of)
values = values_of(config)
picture = stage(choices.at_rest(config), values, own and own.key, own and own.pixels)
lab.stage(picture, knob_of(config), values, brush=choices.BRUSHES.get(config.picture),
          pick=lambda said: lab.set(choices.picked(config, said)),
          on={"paint": lambda said: lab.set(choices.painted(config, said["stroke"]))})  # fmt: skip
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(config, facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It prints the numbers of this picture."),
    "Sources": lab.sources,
})  # fmt: skip
