import MarketData

/// What the hub keeps of one instrument whose quotes are open upstream.
struct QuoteTopic {
    var task: Task<Void, Never>?
    var latest: Quote?
    var lastData: Timestamp?
    var outage = Outage()
    var supervision: Supervision

    /// The status to be told in place of what is remembered, while the source is away.
    var blocking: SourceStatus? { outage.status(hasData: latest != nil) }
}
