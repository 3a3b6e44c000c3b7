"""How small a change makes a network misread a digit?

Try first: turn ε. Random signs of that size do next to nothing; signs chosen along the gradient
change the answer. Then take the linear network, where the whole reason is one sum, and then its
hardened twin.

Sources: Goodfellow, Shlens & Szegedy, "Explaining and harnessing adversarial examples", 2015; Madry
et al., "Towards deep learning models resistant to adversarial attacks", 2018.
"""
