"""Where models of stock Rasa, which take hours to train, are kept between runs."""

from bot.settings import ROOT

CACHE = ROOT / "benchmarks" / "cache"
