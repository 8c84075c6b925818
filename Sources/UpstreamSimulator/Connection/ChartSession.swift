import MarketData

/// One chart session of a connection.
struct ChartSession: Sendable {
    /// The result of `resolve_symbol`.
    enum ResolvedSymbol: Sendable {
        case known(SimulatedInstrument)
        case unknown
        /// A recording plays; the requested symbol.
        case recorded(String)
    }

    /// By the client's name for it; a name is never free again.
    var symbols: [String: ResolvedSymbol] = [:]
    /// By the client's name for it.
    var series: [String: ChartSeries] = [:]
    /// A symbol of a recording that was requested and not yet reported.
    var awaitedRecordedSymbol: AwaitedRecordedSymbol?
    /// The recorded responses, by series.
    var played: [String: PlayedHistory] = [:]
}

/// One series of a chart session, and what of it the client has.
struct ChartSeries: Sendable {
    let id: String
    var turnaround: String
    let instrument: SimulatedInstrument
    let interval: Interval
    let text: BarText
    /// The index of the oldest and of the newest bar sent.
    private(set) var firstIndex = 0
    private(set) var lastIndex = -1
    /// The oldest bars sent, to be repeated by a fault.
    private(set) var oldest: [Bar] = []
    /// The newest bar, as sent.
    private(set) var newest: Bar?
    /// When bars were last sent.
    private(set) var updated: Timestamp

    /// Its place among all that were opened.
    var number = 0
    /// A fault: it stops changing after its first bars.
    var isFrozen = false

    private static let repeated = 10

    init(
        id: String, turnaround: String, instrument: SimulatedInstrument, interval: Interval, text: BarText,
        updated: Timestamp
    ) {
        self.id = id
        self.turnaround = turnaround
        self.instrument = instrument
        self.interval = interval
        self.text = text
        self.updated = updated
    }

    /// How many bars the client has.
    var count: Int { lastIndex - firstIndex + 1 }

    /// Begins with these bars.
    mutating func load(_ bars: [Bar], at now: Timestamp) -> ChartUpdateText.Block {
        firstIndex = 0
        lastIndex = bars.count - 1
        oldest = Array(bars.prefix(ChartSeries.repeated))
        newest = bars.last
        updated = now
        return block(bars, from: 0)
    }

    /// Puts older bars before the others.
    mutating func prepend(
        _ bars: [Bar], indexes: PagingIndexes, repeatsSentBars: Bool
    ) -> ChartUpdateText.Block {
        switch indexes {
        case .negative: firstIndex -= bars.count
        case .renumbered: lastIndex += bars.count
        }
        let sent = bars + (repeatsSentBars ? oldest : [])
        if !bars.isEmpty { oldest = Array(bars.prefix(ChartSeries.repeated)) }
        return block(sent, from: firstIndex)
    }

    /// Takes the newest bars, beginning with the newest one that the client has; those that changed are sent, at most
    /// so often as the plan allows.
    mutating func advance(to bars: [Bar], at now: Timestamp, pauseSeconds: Int) -> ChartUpdateText.Block? {
        guard let known = newest, now >= updated.advanced(bySeconds: Int64(pauseSeconds)) else { return nil }
        let fresh = bars.filter { $0.time > known.time || ($0.time == known.time && !$0.hasSameValues(as: known)) }
        guard let first = fresh.first, let last = fresh.last else { return nil }
        let from = first.time == known.time ? lastIndex : lastIndex + 1
        lastIndex = from + fresh.count - 1
        newest = last
        updated = now
        return block(fresh, from: from)
    }

    private func block(_ bars: [Bar], from index: Int) -> ChartUpdateText.Block {
        ChartUpdateText.Block(series: id, turnaround: turnaround, bars: bars, firstIndex: index, text: text)
    }
}

extension Bar {
    fileprivate func hasSameValues(as other: Bar) -> Bool {
        (open, high, low, close) == (other.open, other.high, other.low, other.close) && volume == other.volume
    }
}
