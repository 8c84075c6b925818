import MarketData

/// One reader of a live series.
struct BarReader {
    let source: FeedSource<BarEvent>
    let request: BarRequest
    let count: Int
}
