/// One chart session of a connection.
struct ChartSession: Sendable {
    /// What `resolve_symbol` came to.
    enum ResolvedSymbol: Sendable {
        case known(SimulatedInstrument)
        case unknown
        /// A recording plays, and knows; what was asked for.
        case recorded(String)
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
