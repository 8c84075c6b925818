import Hummingbird
import MarketData
import MarketFormats
import MarketHub

/// How the server and its sources are doing.
struct StatusRoutes: Sendable {
    let hub: MarketHub
    let clock: @Sendable () -> Timestamp

    /// Each path with its route.
    var routes: [String: Route] {
        [
            "/v1/status": Route { _ in Response(json: status) },
            "/health/live": Route(isOpen: true) { _ in
                var json = JSONWriter()
                json.beginObject()
                json.key("status")
                json.string("live")
                json.endObject()
                json.endLine()
                return Response(json: json)
            },
            "/health/ready": Route(isOpen: true) { _ in readiness },
        ]
    }

    private var status: JSONWriter {
        let now = clock()
        var json = JSONWriter()
        json.beginObject()
        json.key("time")
        json.string(now.description)
        json.key("sources")
        json.beginArray()
        for report in hub.sources { report.write(to: &json, now: now) }
        json.endArray()
        json.key("subscriptions")
        json.beginArray()
        for report in hub.subscriptions { report.write(to: &json, now: now) }
        json.endArray()
        if let archive = hub.archive {
            json.key("store")
            archive.report.write(to: &json)
        }
        json.endObject()
        json.endLine()
        return json
    }

    /// Ready, unless every source that has bars is out of reach.
    private var readiness: Response {
        let reports = hub.sources
        let bad = reports.filter { !$0.mayAnswer }
        let barSources = reports.filter(\.givesBars)
        let isReady = barSources.isEmpty || barSources.contains(where: \.mayAnswer)
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.string(isReady ? "ready" : "unavailable")
        json.key("reasons")
        json.beginArray()
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
        json.key("source")
        json.string(status.source.rawValue)
        json.key("state")
        json.string(status.state.rawValue)
        json.key("since")
        json.string(status.since.description)
        json.key("reason")
        json.string(status.reason)
        json.key("lastData")
        json.string(status.lastData?.description)
        json.key("lagSeconds")
        json.number(status.lastData.map { $0.age(at: now) })
        json.key("reconnects")
        json.integer(status.reconnects)
        json.key("budgetLeft")
        json.integer(budgetLeft)
        json.key("lastError")
        if let lastError {
            lastError.writeFields(to: &json)
        } else {
            json.null()
        }
        json.key("lastErrorTime")
        json.string(lastErrorTime?.description)
        json.endObject()
    }
}

extension SubscriptionReport {
    fileprivate func write(to json: inout JSONWriter, now: Timestamp) {
        json.beginObject()
        json.key("channel")
        json.string(channel)
        json.key("symbol")
        json.string(symbol.description)
        json.key("interval")
        json.string(interval?.description)
        json.key("readers")
        json.integer(readers)
        json.key("lastData")
        json.string(lastData?.description)
        json.key("ageSeconds")
        json.number(lastData.map { $0.age(at: now) })
        json.endObject()
    }
}

extension Timestamp {
    fileprivate func age(at now: Timestamp) -> Double { Double(max(0, now.milliseconds - milliseconds)) / 1000 }
}
