"""The two roles that run a candidate's code: the kernel to work in, and the suspect that is graded."""
