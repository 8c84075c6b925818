import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore

/// Bars out of the store, each stretch with its origin.
struct StoredSeries: MarketResponse {
    let stored: StoredBars
    private let series: BarSeries

    init(key: SeriesKey, stored: StoredBars, missing: [TimeRange], now: Timestamp) {
        self.stored = stored
        var origins = StoredOrigins()
        origins.add(stored)
        let request = BarRequest(
            symbol: key.symbol, interval: key.interval, span: .count(max(1, stored.bars.count)), hours: key.hours,
            adjustment: key.adjustment, backAdjusted: key.backAdjusted)
        series = BarSeries(
            request: request, bars: stored.bars, gaps: missing.map { Gap(range: $0, reason: "missing") },
            provenance: origins.provenance(now: now))
    }

    var timeZone: TimeZone? { series.timeZone }

    var columns: [String] { series.columns }

    func rows(_ emit: ([Cell]) -> Void) { series.rows(emit) }

    var arrow: ArrowTable { series.arrow }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        series.writeFields(to: &json)
        json.beginArray("origins")
        for stretch in stored.stretches {
            json.beginObject()
            json.field("from", stored.bars[stretch.indices.lowerBound].time.seconds)
            json.field("through", stored.bars[stretch.indices.upperBound - 1].time.seconds)
            json.field("bars", stretch.indices.count)
            stretch.provenance.writeOrigin(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension Provenance {
    fileprivate func writeOrigin(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        json.field("feed", feed)
        json.field("mode", mode.rawValue)
        json.field("delaySeconds", delaySeconds)
        json.field("asOf", asOf.description)
    }
}

/// A page of bars out of the store, as rows of csv or ndjson.
struct StoredRows: MarketResponse {
    let symbol: Symbol
    let page: StoredBars
    let withOpenInterest: Bool
    /// Whether each row names its bar's origin.
    let withOrigins: Bool

    var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    var columns: [String] {
        ["time", "open", "high", "low", "close", "volume", "final"] + (withOpenInterest ? ["openInterest"] : [])
            + (withOrigins ? ["source", "feed", "mode", "delaySeconds", "asOf"] : [])
    }

    func rows(_ emit: ([Cell]) -> Void) {
        for stretch in page.stretches {
            let origin = withOrigins ? StoredRows.cells(stretch.provenance) : []
            for bar in page.bars[stretch.indices] { emit(cells(bar) + origin) }
        }
    }

    private func cells(_ bar: Bar) -> [Cell] {
        let cells: [Cell] = [
            .time(bar.time), .number(bar.open), .number(bar.high), .number(bar.low), .number(bar.close),
            .number(bar.volume), .bool(bar.isFinal),
        ]
        return withOpenInterest ? cells + [.number(bar.openInterest)] : cells
    }

    private static func cells(_ origin: Provenance) -> [Cell] {
        [
            .text(origin.source.rawValue), .text(origin.feed), .text(origin.mode.rawValue),
            .integer(origin.delaySeconds.map(Int64.init)), .text(origin.asOf.description),
        ]
    }

    /// Nothing but the origins matters to a single JSON document, which is never made of a page.
    func write(to json: inout JSONWriter) {
        json.beginArray()
        json.endArray()
    }
}

/// Reads stored bars page by page, so that the memory used does not grow with the range.
struct StoredPages {
    private static let size = 20_000

    let store: any BarStore
    let key: SeriesKey
    let range: TimeRange
    /// Whether bars of former generations, with prices of before the whole series changed, are among them.
    var withFormer = false

    /// Hands over each page; the body says whether it wants more.
    func forEach(_ body: (StoredBars) async throws -> Bool) async throws {
        var from = range.from
        while let page = try await page(from: from), let last = page.bars.last {
            guard try await body(page) else { return }
            from = Timestamp(milliseconds: last.time.milliseconds + 1)
        }
    }

    // Swift 6.3.1 crashes where it optimises this function.
    /// Whether any bar has open interest, and so whether rows have a column for it.
    @_optimize(none)
    func haveOpenInterest() async throws -> Bool {
        var from = range.from
        while let page = try await page(from: from), let last = page.bars.last {
            if page.bars.contains(where: { $0.openInterest != nil }) { return true }
            from = Timestamp(milliseconds: last.time.milliseconds + 1)
        }
        return false
    }

    /// The bars of a part, up to a limit.
    func bars(in part: TimeRange, limit: Int) async throws -> StoredBars {
        let current = try await store.bars(of: key, in: part, limit: limit)
        guard withFormer else { return current }
        return current.merged(with: try await store.formerBars(of: key, in: part, limit: limit), limit: limit)
    }

    private func page(from: Timestamp) async throws -> StoredBars? {
        try Task.checkCancellation()
        guard from < range.to else { return nil }
        return try await bars(in: TimeRange(from: from, to: range.to), limit: StoredPages.size)
    }
}

/// The default range of a series: everything that is stored.
enum StoredRange {
    /// - Throws: `CommandFailure` where the store knows nothing of the series; `StoreError`.
    static func range(
        _ requested: TimeRange?, of key: SeriesKey, in store: any BarStore, now: Timestamp
    ) async throws -> TimeRange {
        if let requested { return requested }
        let bars = try await store.series().first { $0.key == key }
        let spans = try await store.coverage(of: key).spans.filter { $0.state == .hasData }
        let first = [bars?.first, spans.first?.range.from].compactMap { $0 }.min()
        guard let first, first < now else {
            throw CommandFailure(
                message: "the store has no bars of \(key.words); fetch them with bhav backfill \(key.symbol) "
                    + "--interval \(key.interval) --from DATE",
                exitCode: .partial)
        }
        return TimeRange(from: first, to: now)
    }
}

/// Where bars came from, gathered page by page, for a line to people.
struct StoredOrigins {
    private(set) var bars = 0
    private var names: [String] = []
    private var asOf: Timestamp?
    private var isSimulated = false

    mutating func add(_ page: StoredBars) {
        bars += page.bars.count
        for stretch in page.stretches {
            let origin = stretch.provenance
            let name = origin.briefWords + (origin.feed.map { " (\($0))" } ?? "")
            if !names.contains(name) { names.append(name) }
            asOf = max(asOf ?? origin.asOf, origin.asOf)
            isSimulated = isSimulated || origin.mode == .simulated
        }
    }

    /// What all of it is, together.
    func provenance(now: Timestamp) -> Provenance {
        Provenance(
            source: .store, feed: nil, mode: isSimulated ? .simulated : .recorded, delaySeconds: nil,
            asOf: asOf ?? now)
    }

    func words(now: Timestamp) -> String {
        "\(bars) bars, \(provenance(now: now).words)"
            + (names.isEmpty ? "" : "; from \(names.joined(separator: ", "))")
    }
}

extension SeriesKey {
    /// Such as `NSE:NIFTY 5m`; hours and adjustment only where they are not the usual ones.
    fileprivate var words: String {
        let special = [
            hours == .regular ? nil : "\(hours.rawValue) hours",
            adjustment == .splits ? nil : "adjustment \(adjustment.rawValue)", backAdjusted ? "back-adjusted" : nil,
        ].compactMap { $0 }
        return "\(symbol) \(interval)" + (special.isEmpty ? "" : " (\(special.joined(separator: ", ")))")
    }
}
