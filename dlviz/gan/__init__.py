"""How do two rival networks learn to make data?

Try first: watch the generator's points find the eight blobs, then turn its learning rate up until
it finds only some of them. Then change the loss and see who still finds all eight.

Sources: Goodfellow et al., "Generative Adversarial Nets", NIPS 2014; Arjovsky, Chintala & Bottou,
"Wasserstein GAN", ICML 2017; Mescheder, Geiger & Nowozin, "Which Training Methods for GANs do
actually Converge?", ICML 2018.
"""
