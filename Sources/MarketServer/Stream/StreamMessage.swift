import JSON
import MarketData
import MarketFormats

/// Messages that belong to no subscription.
enum StreamMessage {
    /// The response to a ping.
    static let pong = Array(#"{"type":"pong"}"#.utf8)

    /// A source came or went.
    static func status(_ status: SourceStatus) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "status")
        status.writeFields(to: &json)
        json.endObject()
        return json.bytes
    }

    /// A message of the client's was wrong.
    static func error(_ error: MarketDataError, id: String? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "error")
        if let id {
            json.field("id", id)
        }
        json.key("error")
        error.writeFields(to: &json)
        json.endObject()
        return json.bytes
    }
}

extension SourceStatus {
    /// Writes source, state, since and reason into an object that is open.
    func writeFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        if let via = source.via {
            json.field("via", via)
        }
        json.field("state", state.rawValue)
        json.field("since", since.description)
        json.field("reason", reason)
    }
}

extension Frame {
    /// Why the subscription, or one instrument of it, has no data.
    static func error(_ error: MarketDataError, symbol: Symbol? = nil) -> Frame {
        Frame("error") { json in
            if let symbol {
                json.field("symbol", symbol.description)
            }
            json.key("error")
            error.writeFields(to: &json)
        }
    }

    /// A snapshot with the present status of every source, so that a client that saw an outage learns of its end.
    static func snapshot(
        _ statuses: [SourceStatus], capacity: Int = 1024, eventID: Int64? = nil, _ write: (inout JSONWriter) -> Void
    ) -> Frame {
        Frame("snapshot", capacity: capacity, eventID: eventID) { json in
            json.beginArray("sources")
            for status in statuses {
                json.beginObject()
                status.writeFields(to: &json)
                json.field("lastData", status.lastData?.description)
                json.endObject()
            }
            json.endArray()
            write(&json)
        }
    }

    /// What changed since an earlier state of a quote, or all of it; `nil` if only the time of the data changed.
    static func quote(_ quote: Quote, since former: Quote?) -> Frame? {
        guard let former else {
            return Frame("quote", capacity: 512) { json in
                json.key("quote")
                quote.write(to: &json)
            }
        }
        var same = former
        same.provenance.asOf = quote.provenance.asOf
        guard same != quote else { return nil }
        return Frame("quote", capacity: 256) { json in
            json.key("quote")
            quote.writeChanges(since: former, to: &json)
        }
    }

    /// How a subscription is doing, if that changes without its source coming or going.
    static func condition(_ condition: SubscriptionCondition) -> Frame {
        Frame("status") { json in
            json.field("state", condition.state.rawValue)
            json.field("since", condition.since.description)
            json.field("reason", condition.reason)
            json.field("nextTry", condition.nextTry?.description)
        }
    }

    /// A gap, or its repair with the bars.
    static func range(_ type: StaticString, _ range: TimeRange, bars: [Bar]? = nil) -> Frame {
        Frame(type, capacity: 256 + (bars?.count ?? 0) * 96) { json in
            json.field("from", range.from.seconds)
            json.field("to", range.to.seconds)
            guard let bars else { return }
            json.beginArray("bars")
            for bar in bars { bar.write(to: &json) }
            json.endArray()
        }
    }
}

/// Encodes the events of a live series.
struct BarMessages {
    /// The code of the failure that was reported last, until the series is live again.
    private var reported: MarketDataError.Code?
    /// The opening time of the newest bar: a client that reconnects begins there again, as that bar may have changed.
    private var newest: Int64?

    /// The updates that an event means for every viewer.
    mutating func updates(_ event: BarEvent, sources: () -> [SourceStatus]) -> [TopicUpdate.Content] {
        switch event {
        case .snapshot(let series):
            newest = series.bars.last?.time.seconds ?? newest
            let statuses = sources()
            let frame = Frame.snapshot(statuses, capacity: 512 + series.bars.count * 96, eventID: newest) {
                series.writeFields(to: &$0)
            }
            return [.message(.init(frame: frame, statuses: statuses))]
        case .bar(let bar):
            newest = max(newest ?? 0, bar.time.seconds)
            let frame = Frame("bar", eventID: newest) { json in
                json.key("bar")
                bar.write(to: &json)
            }
            return [.message(.init(frame: frame, kind: .bar(bar.time.seconds)))]
        case .gap(let range):
            return [.message(.init(frame: .range("gap", range), kind: .gap))]
        case .repaired(let range, let bars):
            return [.message(.init(frame: .range("repaired", range, bars: bars), kind: .repaired(bars.count)))]
        case .status(let status):
            guard let condition = status.subscription else {
                return [.status(status, message: StreamMessage.status(status))]
            }
            var updates: [TopicUpdate.Content] = []
            if let error = condition.error, condition.state == .backingOff, reported != error.code {
                reported = error.code
                updates.append(.message(.init(frame: .error(error))))
            }
            if condition.state == .live { reported = nil }
            return updates + [.message(.init(frame: .condition(condition)))]
        }
    }
}
