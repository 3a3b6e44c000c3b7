"""dlviz: the app in which people see deep learning. Run: streamlit run app.py."""

from dlviz import ui

# Chapters in the order of the course; a lab is one line: its folder's name and its title.
CHAPTERS = {
    "Optimization": {
        "descent": "Gradient descent",
        "race": "Optimizer race",
        "noise": "Gradient noise",
        "landscape": "Loss landscape",
    },
    "Networks": {
        "boundary": "Decision boundaries",
        "origami": "ReLU origami",
    },
    "Images": {
        "convolution": "Convolution",
        "filters": "Filters",
    },
    "Representations": {
        "embedding": "t-SNE",
    },
    "Generative models": {
        "gan": "GAN arena",
    },
    "Robustness": {
        "adversarial": "Adversarial examples",
        "explain": "Explanations",
        "defend": "Defenses",
    },
}

ui.house(CHAPTERS)
