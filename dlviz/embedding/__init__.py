"""What may you believe of a map of many dimensions?

Try first: play the default run and watch the ten digits come apart. Then turn the perplexity to 2
and to 100: the same data, another map each time. Then choose pure noise at perplexity 2, and see
clusters where there are none.

Sources: van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 2008; Wattenberg, Viégas &
Johnson, "How to Use t-SNE Effectively", Distill 2016; Venna & Kaski, "Local multidimensional
scaling", Neural Networks 2006; Lee & Verleysen, "Quality assessment of dimensionality reduction",
Neurocomputing 2009.
"""
