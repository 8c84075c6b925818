import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore

/// Follows the bars of a series.
struct BarSubscription: Sendable {
    let hub: MarketHub
    let request: BarRequest

    /// Sends a snapshot and then bars, until the feed ends or the task is cancelled.
    func run(_ voice: inout SubscriptionVoice, to sink: some StreamSink) async throws {
        var told: MarketDataError.Code?
        for try await event in try await hub.liveBars(request) {
            switch event {
            case .snapshot(let series):
                let size = 512 + series.bars.count * 96
                try await sink.send(voice.message("snapshot", capacity: size) { series.writeFields(to: &$0) })
            case .bar(let bar): try await sink.send(voice.bar(bar))
            case .gap(let range): try await sink.send(voice.span("gap", range))
            case .repaired(let range, let bars): try await sink.send(voice.span("repaired", range, bars: bars))
            case .status(let status):
                guard let condition = status.subscription else {
                    try await sink.send(status)
                    continue
                }
                if let error = condition.error, condition.state == .backingOff, told != error.code {
                    told = error.code
                    try await sink.send(voice.message(error))
                }
                if condition.state == .live { told = nil }
                try await sink.send(voice.condition(condition))
            }
        }
    }
}

extension SubscriptionVoice {
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
