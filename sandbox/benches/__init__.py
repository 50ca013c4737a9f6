"""How fast is it beside stock Jupyter, what do neighbours notice, does anything stay behind."""
