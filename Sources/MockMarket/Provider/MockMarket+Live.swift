public import MarketData

extension MockMarket {
    /// The quotes of some symbols, at once and then whenever they have changed, at the market's pace. An unknown symbol
    /// among known ones is refused; the others go on.
    /// - Throws: `MarketDataError`: `badRequest` without symbols, `symbolNotFound` where none is known.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("no symbol was named; name at least one") }
        var stream = QuoteStream(market: self)
        let opening = stream.begin(symbols, at: clock())
        if stream.symbols.isEmpty, case .refused(_, let error) = opening.first { throw error }
        let (feed, source) = Feed.ofQuotes(capacity: 4_096 + 2 * symbols.count)
        opening.forEach(source.send)
        speak(from: stream, to: source)
        return feed
    }

    /// The bars of a series: a snapshot, then the forming bar as it changes and each one that ends.
    /// - Throws: `MarketDataError`: as `bars(_:)`.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let (stream, snapshot) = try BarStream(market: self, request: request).begun(at: clock())
        let (feed, source) = Feed.ofBars()
        source.send(snapshot)
        speak(from: stream, to: source)
        return feed
    }

    /// Asks again and again what has changed, until the reader lets go.
    private func speak<Stream: LiveStream>(from opened: Stream, to source: FeedSource<Stream.Event>) {
        let (clock, pace) = (clock, pace)
        let task = Task {
            var stream = opened
            while !Task.isCancelled {
                do { try await pace.sleep(pace.interval) } catch { break }
                stream.changes(at: clock()).forEach(source.send)
            }
            source.finish()
        }
        source.onAbandoned { task.cancel() }
    }
}
