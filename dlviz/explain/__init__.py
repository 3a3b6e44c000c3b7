"""Which pixels made it say so?

Try first: turn the knob, and every map answers for another digit: why a 7, and what would speak for
a 3? Then let the network forget what it learned, layer by layer: a map that stays as it is says
nothing of the network.

Sources: Simonyan et al., "Deep inside convolutional networks", 2014; Sundararajan, Taly & Yan,
"Axiomatic attribution for deep networks", 2017; Adebayo et al., "Sanity checks for saliency maps",
2018.
"""
