"""One grading run: a judge and a suspect, and the referee between them."""
