import MarketData
import Synchronization

/// Live quotes, shared: one upstream feed an instrument, however many readers.
final class LiveQuotes: Sendable {
    private struct State {
        var topics = SharedTopics<Symbol, QuoteTopic>()
        var readers: [Int: QuoteReader] = [:]
    }

    private let state = Mutex(State())
    private let sources: SourceFailover<any LiveFeedProvider>
    private let ledger: SourceLedger
    private let clock: @Sendable () -> Timestamp
    private let start = ContinuousClock.now
    private var uptime: Duration { ContinuousClock.now - start }

    init(
        sources: SourceFailover<any LiveFeedProvider>, ledger: SourceLedger, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.sources = sources
        self.ledger = ledger
        self.clock = clock
    }

    /// A new reader's feed. What is known already is in it when it is returned; while the source is away, that is its
    /// status and not what it said before.
    func feed(of symbols: [Symbol]) -> Feed<QuoteEvent> { open(symbols).feed }

    /// A new reader's feed, and the instruments whose source is away.
    func open(_ symbols: [Symbol]) -> (feed: Feed<QuoteEvent>, outages: [Symbol: SourceStatus]) {
        let (feed, source) = Feed.ofQuotes(capacity: max(4096, symbols.count * 2))
        let (reader, outages) = state.withLock { state in
            let reader = state.topics.newReader()
            var outages: [Symbol: SourceStatus] = [:]
            state.readers[reader] = QuoteReader(source: source)
            for symbol in symbols {
                state.topics.join(reader, symbol) { generation in
                    // One reader's call is not the upstream feed's lifetime, so the task is nobody's child: it is
                    // cancelled when the last reader leaves.
                    QuoteTopic(
                        task: Task { await self.read(symbol, generation) }, supervision: Supervision(at: self.uptime))
                }
                outages[symbol] = state.topics.entries[symbol]?.value.blocking
            }
            for symbol in symbols {
                if let status = outages[symbol] { state.readers[reader]?.tell(status) }
            }
            for symbol in symbols where outages[symbol] == nil {
                let topic = state.topics.entries[symbol]?.value
                if let error = topic?.supervision.error { state.readers[reader]?.tell(error, of: symbol) }
                if let known = topic?.latest { source.send(.quote(known)) }
            }
            return (reader, outages)
        }
        source.onAbandoned { [weak self] in self?.leave(reader) }
        return (feed, outages)
    }

    /// What is open upstream.
    var reports: [SubscriptionReport] {
        let (uptime, now) = (uptime, clock())
        return state.withLock { state in
            state.topics.entries.map { symbol, entry in
                SubscriptionReport(
                    channel: "quotes", symbol: symbol, interval: nil, readers: entry.readers.count,
                    lastData: entry.value.lastData,
                    condition: entry.value.supervision.condition(at: uptime, now: now))
            }
        }
    }

    private func leave(_ reader: Int) {
        let left = state.withLock { state in
            state.readers[reader] = nil
            return state.topics.leave(reader)
        }
        for topic in left { topic.task?.cancel() }
    }

    /// Reads an instrument's quotes until nobody wants them any more, or until they fail for good.
    private func read(_ symbol: Symbol, _ generation: Int) async {
        while !Task.isCancelled {
            guard let failure = await readOnce(symbol, generation) else {
                return Task.isCancelled ? () : ended(symbol, generation, throwing: nil)
            }
            guard let wait = failed(symbol, generation, failure) else {
                return failure.code.concernsInstrumentOnly
                    ? refused(symbol, generation, failure) : ended(symbol, generation, throwing: failure)
            }
            try? await Task.sleep(for: max(wait, .milliseconds(100)))
        }
    }

    /// Reads an instrument's quotes from the first source that gives any.
    /// - Returns: Why it ended; `nil` where the source ended it in peace or the task is cancelled.
    private func readOnce(_ symbol: Symbol, _ generation: Int) async -> MarketDataError? {
        var failures = SourceFailover<any LiveFeedProvider>.Failures(subject: sources.subject)
        for provider in sources.providers {
            var hasSpoken = false
            do {
                for try await event in try await provider.liveQuotes(of: [symbol]) {
                    if case .quote = event { hasSpoken = true }
                    received(event, symbol, generation)
                }
                return nil
            } catch {
                guard !Task.isCancelled else { return nil }
                let failure = sources.note(error)
                guard !hasSpoken, failures.add(failure) else { return failure }
            }
        }
        return failures.summary
    }

    /// Tells the readers that the quotes failed; they are tried again.
    /// - Returns: How long to wait; `nil` where they failed for good.
    private func failed(_ symbol: Symbol, _ generation: Int, _ failure: MarketDataError) -> Duration? {
        let uptime = uptime
        return state.withLock { state in
            var wait: Duration?
            let readers = state.topics.update(symbol, generation) { topic in
                var random = SystemRandomNumberGenerator()
                wait = topic.supervision.failed(failure, at: uptime, using: &random)
            }
            if wait != nil { for reader in readers { state.readers[reader]?.tell(failure, of: symbol) } }
            return wait
        }
    }

    private func received(_ event: QuoteEvent, _ symbol: Symbol, _ generation: Int) {
        switch event {
        case .quote(let quote):
            let (now, uptime) = (clock(), uptime)
            ledger.received(from: quote.provenance.source)
            state.withLock { state in
                let readers = state.topics.update(symbol, generation) { topic in
                    topic.latest = quote
                    topic.lastData = now
                    topic.outage.ended()
                    topic.supervision.live(at: uptime)
                }
                for reader in readers { state.readers[reader]?.tell(event, of: symbol) }
            }
        case .status(let status):
            ledger.reported(status)
            state.withLock { state in
                for reader in state.topics.update(symbol, generation, { $0.outage.reported(status) }) {
                    state.readers[reader]?.tell(status)
                }
            }
        case .refused(let refusedSymbol, let error):
            guard refusedSymbol == symbol else { return }
            // What passes is tried again by the source itself.
            if failed(symbol, generation, error) == nil { refused(symbol, generation, error) }
        }
    }

    /// The instrument has no quotes; those who wanted nothing else are at their end.
    private func refused(_ symbol: Symbol, _ generation: Int, _ error: MarketDataError) {
        let task = state.withLock { state in
            let task = state.topics.entries[symbol]?.value.task
            let (readers, idle) = state.topics.close(symbol, generation)
            for reader in readers { state.readers[reader]?.source.send(.refused(symbol, error)) }
            for reader in idle { state.readers.removeValue(forKey: reader)?.source.finish() }
            return readers.isEmpty ? nil : task
        }
        task?.cancel()
    }

    /// The upstream feed is over: with an error, so are its readers' feeds; without, only of those who read nothing else.
    private func ended(_ symbol: Symbol, _ generation: Int, throwing error: MarketDataError?) {
        let left = state.withLock { state in
            let (readers, idle) = state.topics.close(symbol, generation)
            let over = error == nil ? idle : readers
            return over.flatMap { reader in
                state.readers.removeValue(forKey: reader)?.source.finish(throwing: error)
                return state.topics.leave(reader)
            }
        }
        for topic in left { topic.task?.cancel() }
    }
}

/// One reader of quotes, and what it has been told of the sources.
struct QuoteReader {
    let source: FeedSource<QuoteEvent>
    private var told: [Provenance.Source: SourceStatus] = [:]
    /// The failures that it was told of, of instruments that are tried again.
    private var failures: [Symbol: MarketDataError.Code] = [:]

    init(source: FeedSource<QuoteEvent>) { self.source = source }

    /// Passes a quote on; its instrument is well again.
    mutating func tell(_ event: QuoteEvent, of symbol: Symbol) {
        failures[symbol] = nil
        source.send(event)
    }

    /// Passes a failure that is tried again on, once until its instrument is well.
    mutating func tell(_ failure: MarketDataError, of symbol: Symbol) {
        guard failures.updateValue(failure.code, forKey: symbol) != failure.code else { return }
        source.send(.refused(symbol, failure))
    }

    /// Passes a status on, once, though each of the reader's instruments brings it.
    mutating func tell(_ status: SourceStatus) {
        let isChange =
            told[status.source].map {
                ($0.state, $0.reason, $0.reconnects) != (status.state, status.reason, status.reconnects)
            }
        guard isChange ?? true else { return }
        told[status.source] = status
        source.send(.status(status))
    }
}

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
