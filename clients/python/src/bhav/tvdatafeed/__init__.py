"""The interface of tvDatafeed, served by a Bhav server.

    from bhav.tvdatafeed import TvDatafeed, Interval

A script that imports `tvDatafeed` itself runs unchanged with `python -m bhav.tvdatafeed script.py`.
"""

from .history import Interval, TvDatafeed
from .live import Consumer, Seis, TvDatafeedLive

__all__ = ["Consumer", "Interval", "Seis", "TvDatafeed", "TvDatafeedLive"]
