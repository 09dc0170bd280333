"""Does an app work, and is it what was asked? Static, in use, in a browser. Knows apps and blueprints, not models. (Part 2.)"""
