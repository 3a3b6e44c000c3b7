"""What does a mini-batch do to the gradient?

Try first: turn the batch size from 1 to all. The path calms down, the histogram of estimates
narrows as 1/√B, and fewer updates are made for the same data.

Sources: Robbins & Monro, "A Stochastic Approximation Method", 1951; Bottou, Curtis & Nocedal,
"Optimization Methods for Large-Scale Machine Learning", SIAM Review 2018.
"""
