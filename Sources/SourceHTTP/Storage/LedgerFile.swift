import MarketData

/// A site's ledger in a file of the data folder.
public struct LedgerFile: LedgerMemory {
    private let file: SharedJSONFile<Record>

    /// A ledger kept at a path, such as `.../trendlyne-requests.json`.
    public init(path: String) { file = SharedJSONFile(path: path, empty: Record(RequestLedger())) }

    /// Lets a change happen to the ledger, alone among all processes.
    public func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result {
        try file.change { record in
            var ledger = record.ledger
            defer { record = Record(ledger) }
            return body(&ledger)
        }
    }
}

/// How a ledger is written: dates as text, moments as milliseconds since 1970.
private struct Record: Codable, Equatable {
    struct Stop: Codable, Equatable {
        var cause: Cooldown.Cause
        var reason: String
        var until: Int64
    }

    var day: String?
    var requests: Int
    var lastRequest: Int64?
    var stop: Stop?

    init(_ ledger: RequestLedger) {
        day = ledger.day?.description
        requests = ledger.requests
        lastRequest = ledger.lastRequest?.milliseconds
        stop = ledger.stop.map { Stop(cause: $0.cause, reason: $0.reason, until: $0.until.milliseconds) }
    }

    var ledger: RequestLedger {
        RequestLedger(
            day: day.flatMap { CalendarDate($0) },
            requests: requests,
            lastRequest: lastRequest.map { Timestamp(milliseconds: $0) },
            stop: stop.map {
                Cooldown(cause: $0.cause, reason: $0.reason, until: Timestamp(milliseconds: $0.until))
            }
        )
    }
}

/// Where a site's ledger outlives a process, shared by all that ask the site.
public protocol LedgerMemory: Sendable {
    /// Lets a change happen to the ledger, alone among all who share it.
    /// - Throws: `JSONFileError` where the ledger cannot be read or kept; nothing has changed then.
    func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result
}
