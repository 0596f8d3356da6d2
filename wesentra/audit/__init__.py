"""What is watched: listens to the models; no feature knows it."""
