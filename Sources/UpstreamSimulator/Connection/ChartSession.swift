import MarketData

/// One chart session of a connection.
struct ChartSession: Sendable {
    /// What `resolve_symbol` came to.
    enum ResolvedSymbol: Sendable {
        case known(SimulatedInstrument)
        case unknown
        /// A recording plays, and knows.
        case recorded
    }

    /// By the client's name for it; a name is never free again.
    var symbols: [String: ResolvedSymbol] = [:]
    /// By the client's name for it.
    var series: [String: ChartSeries] = [:]
    /// A symbol of a recording that was asked for and not yet told of.
    var awaitedRecordedSymbol: AwaitedRecordedSymbol?
    /// What a recording answered, by series.
    var played: [String: PlayedHistory] = [:]
}

/// A symbol that was asked for while a recording plays.
struct AwaitedRecordedSymbol: Sendable {
    let name: String
    let since: Timestamp
}

/// A recorded history that a series was given, and what of it is left.
struct PlayedHistory: Sendable {
    var names: RecordedNames
    var rest: [RecordedAnswer]
}
