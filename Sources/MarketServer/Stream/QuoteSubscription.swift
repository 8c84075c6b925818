import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore
import Synchronization

/// Follows the quotes of some instruments.
struct QuoteSubscription: Sendable {
    let hub: MarketHub
    let list: SymbolList
    let snapshotTime: Duration
    let counters: StreamCounters

    /// Sends a snapshot and then changes, until the feed ends or the task is cancelled.
    func run(_ encoder: inout MessageEncoder, to sink: some StreamSink) async throws {
        if let failure = list.failure { throw failure }
        let symbols = list.symbols
        // The feed is open before the snapshot is taken, so that nothing is lost between them.
        let feed = try await hub.liveQuotes(of: symbols)
        let answer = await hub.quotes(of: symbols, within: snapshotTime)
        try Task.checkCancellation()
        for status in answer.outages { try await sink.send(status) }
        var changes = QuoteChanges()
        for quote in answer.quotes { _ = changes.take(quote) }
        var refused = Set(answer.failures.filter { $0.error.code != .upstreamTimeout }.map(\.symbol))
        let statuses = hub.sources.map(\.status)
        sink.note(statuses)
        try await sink.send(encoder.snapshot(statuses) { list.quotes(answer).writeFields(to: &$0) })
        var lag = LagMeter(conflated: feed.conflated, at: .now)
        for try await event in feed {
            if let dropped = lag.dropped(conflated: feed.conflated, at: .now) {
                counters.merged.add(dropped, ordering: .relaxed)
                try await sink.send(encoder.lagged(dropped))
            }
            switch event {
            case .quote(let quote):
                refused.remove(quote.symbol)
                guard let former = changes.take(quote) else { continue }
                counters.messages.add(1, ordering: .relaxed)
                try await sink.send(encoder.quote(quote, former))
            case .refused(let symbol, let error):
                guard refused.insert(symbol).inserted else { continue }
                try await sink.send(encoder.message(error, symbol: symbol))
            case .status(let status): try await sink.send(status)
            }
        }
    }
}

extension MessageEncoder {
    fileprivate mutating func quote(_ quote: Quote, _ former: QuoteChanges.Former) -> ByteBuffer {
        message("quote", capacity: 512) { json in
            json.key("quote")
            switch former {
            case .unknown: quote.write(to: &json)
            case .known(let former): quote.writeChanges(since: former, to: &json)
            }
        }
    }

    fileprivate mutating func lagged(_ dropped: Int) -> ByteBuffer {
        message("lagged") { json in
            json.field("dropped", dropped)
        }
    }
}

/// What a client has been told of each instrument, and so what there is to tell.
struct QuoteChanges {
    private var told: [Symbol: Quote] = [:]

    /// Takes a newer quote.
    /// - Returns: What the client knew before, where there is anything to tell; a quote without figures where it knew
    ///   nothing.
    mutating func take(_ quote: Quote) -> Former? {
        let former = told.updateValue(quote, forKey: quote.symbol)
        guard let former else { return .unknown }
        var same = quote
        same.provenance.asOf = former.provenance.asOf
        return same == former ? nil : .known(former)
    }

    /// What the client knew before.
    enum Former {
        case unknown
        case known(Quote)
    }
}

/// Counts what was merged because a client was slow, and says so at most once a second.
struct LagMeter {
    private var told: Int
    private var notBefore: ContinuousClock.Instant

    init(conflated: Int, at now: ContinuousClock.Instant) {
        told = conflated
        notBefore = now
    }

    /// How many were merged since it was last told; `nil` where there is nothing to tell now.
    mutating func dropped(conflated: Int, at now: ContinuousClock.Instant) -> Int? {
        guard conflated > told, now >= notBefore else { return nil }
        defer {
            told = conflated
            notBefore = now.advanced(by: .seconds(1))
        }
        return conflated - told
    }
}
