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

    /// A new reader's feed. It begins with the known values, or with the status of an unavailable source in their place.
    func feed(of symbols: [Symbol]) -> Feed<QuoteEvent> { open(symbols).feed }

    /// A new reader's feed, and the instruments whose source is unavailable.
    func open(_ symbols: [Symbol]) -> (feed: Feed<QuoteEvent>, outages: [Symbol: SourceStatus]) {
        let (feed, source) = Feed.ofQuotes(capacity: max(4096, symbols.count * 2))
        let (reader, outages) = join(symbols, LiveHandler(source))
        source.onAbandoned { [weak self] in self?.leave(reader) }
        return (feed, outages)
    }

    /// Calls a handler for each event of some instruments, from the current state until the subscription ends.
    func follow(_ symbols: [Symbol], _ handler: LiveHandler<QuoteEvent>) -> LiveSubscription {
        let (reader, _) = join(symbols, handler)
        return LiveSubscription { [weak self] in self?.leave(reader) }
    }

    private func join(
        _ symbols: [Symbol], _ handler: LiveHandler<QuoteEvent>
    ) -> (reader: Int, outages: [Symbol: SourceStatus]) {
        state.withLock { state in
            let reader = state.topics.newReader()
            var outages: [Symbol: SourceStatus] = [:]
            state.readers[reader] = QuoteReader(handler: handler)
            for symbol in symbols {
                state.topics.join(reader, symbol) { generation in
                    // One reader's call is not the upstream feed's lifetime, so the task has no parent: it is
                    // cancelled when the last reader leaves.
                    QuoteTopic(
                        task: Task { await self.read(symbol, generation) }, supervision: Supervision(at: self.uptime))
                }
                outages[symbol] = state.topics.entries[symbol]?.value.blocking
            }
            for symbol in symbols {
                if let status = outages[symbol] { state.readers[reader]?.send(status) }
            }
            for symbol in symbols where outages[symbol] == nil {
                let topic = state.topics.entries[symbol]?.value
                if let error = topic?.supervision.error { state.readers[reader]?.send(error, of: symbol) }
                if let known = topic?.latest { handler.receive(.quote(known)) }
            }
            return (reader, outages)
        }
    }

    /// The open upstream subscriptions.
    var reports: [SubscriptionReport] {
        let (uptime, now) = (uptime, clock())
        return state.withLock { state in
            state.topics.entries.map { symbol, entry in
                SubscriptionReport(
                    channel: "quotes", symbol: symbol, interval: nil,
                    readers: entry.readers.reduce(0) { $0 + (state.readers[$1]?.handler.readers() ?? 0) },
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

    /// Reads an instrument's quotes until their last reader leaves, or until they fail permanently.
    private func read(_ symbol: Symbol, _ generation: Int) async {
        let failure = await sources.follow {
            try await $0.liveQuotes(of: [symbol])
        } isData: {
            if case .quote = $0 { true } else { false }
        } receive: {
            self.received($0, symbol, generation)
        } retry: {
            failed(symbol, generation, $0)
        }
        guard !Task.isCancelled else { return }
        if let failure, failure.code.concernsInstrumentOnly {
            refused(symbol, generation, failure)
        } else {
            ended(symbol, generation, throwing: failure)
        }
    }

    /// Sends the failure to the readers; the quotes are tried again.
    /// - Returns: How long to wait; `nil` where they failed permanently.
    private func failed(_ symbol: Symbol, _ generation: Int, _ failure: MarketDataError) -> Duration? {
        let uptime = uptime
        return state.withLock { state in
            var wait: Duration?
            let readers = state.topics.update(symbol, generation) { topic in
                var random = SystemRandomNumberGenerator()
                wait = topic.supervision.failed(failure, at: uptime, using: &random)
            }
            if wait != nil { for reader in readers { state.readers[reader]?.send(failure, of: symbol) } }
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
                for reader in readers { state.readers[reader]?.send(event, of: symbol) }
            }
        case .status(let status):
            ledger.reported(status)
            state.withLock { state in
                for reader in state.topics.update(symbol, generation, { $0.outage.reported(status) }) {
                    state.readers[reader]?.send(status)
                }
            }
        case .refused(let refusedSymbol, let error):
            guard refusedSymbol == symbol else { return }
            // A temporary refusal is retried by the source itself.
            if failed(symbol, generation, error) == nil { refused(symbol, generation, error) }
        }
    }

    /// The instrument has no quotes; the feeds of readers with no other instrument end.
    private func refused(_ symbol: Symbol, _ generation: Int, _ error: MarketDataError) {
        let task = state.withLock { state in
            let task = state.topics.entries[symbol]?.value.task
            let (readers, idle) = state.topics.close(symbol, generation)
            for reader in readers { state.readers[reader]?.handler.receive(.refused(symbol, error)) }
            for reader in idle { state.readers.removeValue(forKey: reader)?.handler.end(nil) }
            return readers.isEmpty ? nil : task
        }
        task?.cancel()
    }

    /// The upstream feed ended. With an error, all its readers' feeds end; without, only those with no other instrument.
    private func ended(_ symbol: Symbol, _ generation: Int, throwing error: MarketDataError?) {
        let left = state.withLock { state in
            let (readers, idle) = state.topics.close(symbol, generation)
            let over = error == nil ? idle : readers
            return over.flatMap { reader in
                state.readers.removeValue(forKey: reader)?.handler.end(error)
                return state.topics.leave(reader)
            }
        }
        for topic in left { topic.task?.cancel() }
    }
}

/// One reader of quotes, and the statuses and failures that were sent to it.
struct QuoteReader {
    let handler: LiveHandler<QuoteEvent>
    private var sent: [Provenance.Source: SourceStatus] = [:]
    /// The failures sent to it, of instruments that are tried again.
    private var failures: [Symbol: MarketDataError.Code] = [:]

    init(handler: LiveHandler<QuoteEvent>) { self.handler = handler }

    /// Passes a quote on; its instrument has no failure any more.
    mutating func send(_ event: QuoteEvent, of symbol: Symbol) {
        failures[symbol] = nil
        handler.receive(event)
    }

    /// Passes on a failure that is tried again, once until a quote comes.
    mutating func send(_ failure: MarketDataError, of symbol: Symbol) {
        guard failures.updateValue(failure.code, forKey: symbol) != failure.code else { return }
        handler.receive(.refused(symbol, failure))
    }

    /// Passes a status on once, although each of the reader's instruments reports it.
    mutating func send(_ status: SourceStatus) {
        let isChange =
            sent[status.source].map {
                ($0.state, $0.reason, $0.reconnects) != (status.state, status.reason, status.reconnects)
            }
        guard isChange ?? true else { return }
        sent[status.source] = status
        handler.receive(.status(status))
    }
}

/// What the hub keeps of one instrument whose quotes are open upstream.
struct QuoteTopic {
    var task: Task<Void, Never>?
    var latest: Quote?
    var lastData: Timestamp?
    var outage = Outage()
    var supervision: Supervision

    /// The status to send in place of the cached quote while the source is unavailable.
    var blocking: SourceStatus? { outage.status(hasData: latest != nil) }
}
