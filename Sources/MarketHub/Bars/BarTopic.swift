import MarketData

/// What makes two live series one: everything of a request but how far it reaches back, of which there are few sizes.
struct BarTopic: Hashable {
    /// The request that is put upstream.
    let request: BarRequest
    /// How many bars it asks for.
    let count: Int

    /// The topic for a request: the count rounded up, so that readers who want a little more or less share one.
    init(_ request: BarRequest, count: Int) {
        let size = BarTopic.sizes.first { $0 >= count } ?? count
        self.count = size
        var upstream = request
        upstream.span = .count(size)
        self.request = upstream
    }

    /// Whether this topic can serve a reader of the other.
    func serves(_ other: BarTopic) -> Bool {
        var same = other.request
        same.span = request.span
        return same == request && count >= other.count
    }

    private static let sizes = [300, 1_000, 5_000, 20_000, BarRequest.largestCount]
}
