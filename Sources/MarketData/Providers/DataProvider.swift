/// History of bars, history of open interest and a live feed: what the guide asks of one source, and what the hub
/// presents. No single upstream has all three, which is why each is a protocol of its own.
public protocol DataProvider: BarHistoryProvider, OpenInterestProvider, LiveFeedProvider {}
