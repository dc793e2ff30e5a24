# SyntaxError: an unknown future feature.
from __future__ import time_travel
