"""What does the loss of a network look like?

Try first: play the training path over the slice through its own two main directions, then choose
random directions: the same path hardly moves in them.

Sources: Li, Xu, Taylor, Studer & Goldstein, "Visualizing the Loss Landscape of Neural Nets",
NeurIPS 2018; Pearlmutter, "Fast Exact Multiplication by the Hessian", 1994.
"""
