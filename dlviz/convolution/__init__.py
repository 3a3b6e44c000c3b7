"""What does a sliding window see?

Try first: play the default and check one sum on the board. Then paint another image, choose a
kernel that finds edges, and look at a photograph through it. Then count: the same map as a matrix,
with 15 weights, then 9, then 3.

Sources: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016; LeCun et
al., "Handwritten digit recognition with a back-propagation network", NIPS 1989; Goodfellow, Bengio
& Courville, "Deep Learning", 2016, chapter 9.
"""
