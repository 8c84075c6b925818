import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub

/// How the server and its sources are doing.
struct StatusRoutes: Sendable {
    let hub: MarketHub
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        [
            Endpoint("/v1/status") { _, _ in Response(json: status) },
            Endpoint("/health/live", access: .open, isImmediate: true) { _, _ in
                var json = JSONWriter()
                json.beginObject()
                json.field("status", "live")
                json.endObject()
                json.endLine()
                return Response(json: json)
            },
            Endpoint("/health/ready", access: .open, isImmediate: true) { _, _ in readiness },
        ]
    }

    private var status: JSONWriter {
        let now = clock()
        var json = JSONWriter()
        json.beginObject()
        json.field("time", now.description)
        json.beginArray("sources")
        for report in hub.sources { report.write(to: &json, now: now) }
        json.endArray()
        json.beginArray("subscriptions")
        for report in hub.subscriptions { report.write(to: &json, now: now) }
        json.endArray()
        if let report = hub.archiveReport {
            json.key("store")
            report.write(to: &json)
        }
        json.endObject()
        json.endLine()
        return json
    }

    /// Ready, unless every source that has bars is out of reach.
    private var readiness: Response {
        let reports = hub.sources
        let bad = reports.filter { !$0.isAvailable }
        let barSources = reports.filter(\.givesBars)
        let isReady = barSources.isEmpty || barSources.contains(where: \.isAvailable)
        var json = JSONWriter()
        json.beginObject()
        json.field("status", isReady ? "ready" : "unavailable")
        json.beginArray("reasons")
        for report in bad {
            let status = report.status
            json.string("\(status.source.rawValue) is \(status.state.rawValue): \(status.reason ?? "no reason given")")
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return Response(json: json, status: isReady ? .ok : .serviceUnavailable)
    }
}

extension SourceReport {
    fileprivate func write(to json: inout JSONWriter, now: Timestamp) {
        json.beginObject()
        json.field("source", status.source.rawValue)
        json.field("state", status.state.rawValue)
        json.field("since", status.since.description)
        json.field("reason", status.reason)
        json.field("lastData", status.lastData?.description)
        json.field("lagSeconds", status.lastData.map { $0.age(at: now) })
        json.field("reconnects", status.reconnects)
        json.field("budgetLeft", budgetLeft)
        json.key("lastError")
        if let lastError {
            lastError.writeFields(to: &json)
        } else {
            json.null()
        }
        json.field("lastErrorTime", lastErrorTime?.description)
        json.endObject()
    }
}

extension SubscriptionReport {
    fileprivate func write(to json: inout JSONWriter, now: Timestamp) {
        json.beginObject()
        json.field("channel", channel)
        json.field("symbol", symbol.description)
        json.field("interval", interval?.description)
        json.field("readers", readers)
        json.field("state", condition.state.rawValue)
        json.field("since", condition.since.description)
        json.field("reason", condition.reason)
        json.field("nextTry", condition.nextTry?.description)
        json.field("lastData", lastData?.description)
        json.field("ageSeconds", lastData.map { $0.age(at: now) })
        json.endObject()
    }
}

extension Timestamp {
    func age(at now: Timestamp) -> Double { Double(max(0, now.milliseconds - milliseconds)) / 1000 }
}

extension ArchiveReport {
    /// Writes how the store is doing, as the value of `store`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("state", isReadOnly ? "readOnly" : isWell ? "well" : "failing")
        json.field("questions", requests)
        json.field("barsFetched", barsFetched)
        json.field("barsInserted", inserted)
        json.field("barsRevised", revised)
        json.field("seriesFetchedAnew", rebased)
        json.field("lastWrite", lastWrite?.description)
        json.field("lastError", lastFailure?.message)
        json.field("lastErrorTime", lastFailure?.time.description)
        writeLive(to: &json)
        writeRepair(to: &json)
        json.endObject()
    }

    private func writeLive(to json: inout JSONWriter) {
        json.beginObject("live")
        json.field("waiting", live.waiting)
        json.field("written", live.written)
        json.field("dropped", live.dropped)
        json.endObject()
    }

    private func writeRepair(to json: inout JSONWriter) {
        json.beginObject("repair")
        json.field("waiting", repair.waiting)
        json.field("current", repair.current)
        json.field("done", repair.done)
        json.field("failed", repair.failed)
        json.field("lastError", repair.lastFailure)
        json.endObject()
    }
}
