import MarketData

/// What the hub keeps of one instrument whose quotes are open upstream.
struct QuoteTopic {
    var task: Task<Void, Never>?
    var latest: Quote?
    var lastData: Timestamp?
}
