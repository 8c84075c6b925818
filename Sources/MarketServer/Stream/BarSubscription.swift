import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore
import Synchronization

/// Follows the bars of a series.
struct BarSubscription: Sendable {
    let hub: MarketHub
    let request: BarRequest
    let counters: StreamCounters

    /// Sends a snapshot and then bars, until the feed ends or the task is cancelled.
    func run(_ encoder: inout MessageEncoder, to sink: some StreamSink) async throws {
        var told: MarketDataError.Code?
        // The bar that opened last; a client that reconnects begins there again, as that bar may have changed.
        var newest: Int64?
        for try await event in try await hub.liveBars(request) {
            counters.messages.add(1, ordering: .relaxed)
            switch event {
            case .snapshot(let series):
                let size = 512 + series.bars.count * 96
                let statuses = hub.sources.map(\.status)
                sink.note(statuses)
                newest = series.bars.last?.time.seconds ?? newest
                try await sink.send(
                    encoder.snapshot(statuses, capacity: size) { series.writeFields(to: &$0) }, eventID: newest)
            case .bar(let bar):
                newest = max(newest ?? 0, bar.time.seconds)
                try await sink.send(encoder.bar(bar), eventID: newest)
            case .gap(let range):
                counters.gaps.add(1, ordering: .relaxed)
                try await sink.send(encoder.span("gap", range))
            case .repaired(let range, let bars):
                counters.repairedBars.add(bars.count, ordering: .relaxed)
                try await sink.send(encoder.span("repaired", range, bars: bars))
            case .status(let status):
                guard let condition = status.subscription else {
                    try await sink.send(status)
                    continue
                }
                if let error = condition.error, condition.state == .backingOff, told != error.code {
                    told = error.code
                    try await sink.send(encoder.message(error))
                }
                if condition.state == .live { told = nil }
                try await sink.send(encoder.condition(condition))
            }
        }
    }
}

extension MessageEncoder {
    fileprivate mutating func bar(_ bar: Bar) -> ByteBuffer {
        message("bar") { json in
            json.key("bar")
            bar.write(to: &json)
        }
    }

    /// How the subscription is doing, where that changes without its source coming or going.
    fileprivate mutating func condition(_ condition: SubscriptionCondition) -> ByteBuffer {
        message("status") { json in
            json.field("state", condition.state.rawValue)
            json.field("since", condition.since.description)
            json.field("reason", condition.reason)
            json.field("nextTry", condition.nextTry?.description)
        }
    }

    fileprivate mutating func span(_ type: StaticString, _ range: TimeRange, bars: [Bar]? = nil) -> ByteBuffer {
        message(type) { json in
            json.field("from", range.from.seconds)
            json.field("to", range.to.seconds)
            guard let bars else { return }
            json.beginArray("bars")
            for bar in bars { bar.write(to: &json) }
            json.endArray()
        }
    }
}
