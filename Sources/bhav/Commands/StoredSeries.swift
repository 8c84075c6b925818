import Foundation
import MarketAnswers
import MarketData
import MarketStore

/// Bars out of the store, each stretch with its origin.
struct StoredSeries: Answer {
    let stored: StoredBars
    private let series: BarSeries

    init(key: SeriesKey, stored: StoredBars, missing: [TimeRange], now: Timestamp) {
        self.stored = stored
        let origins = stored.stretches.map(\.provenance)
        let isSimulated = origins.contains { $0.mode == .simulated }
        let provenance = Provenance(
            source: .store, feed: nil, mode: isSimulated ? .simulated : .recorded, delaySeconds: nil,
            asOf: origins.map(\.asOf).max() ?? now)
        let request = BarRequest(
            symbol: key.symbol, interval: key.interval, span: .count(max(1, stored.bars.count)), hours: key.hours,
            adjustment: key.adjustment, backAdjusted: key.backAdjusted)
        series = BarSeries(
            request: request, bars: stored.bars, gaps: missing.map { Gap(range: $0, reason: "missing") },
            provenance: provenance)
    }

    var timeZone: TimeZone? { series.timeZone }

    var columns: [String] { series.columns }

    func rows(_ emit: ([Cell]) -> Void) { series.rows(emit) }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        series.writeFields(to: &json)
        json.key("origins")
        json.beginArray()
        for stretch in stored.stretches {
            json.beginObject()
            json.key("from")
            json.integer(stored.bars[stretch.indices.lowerBound].time.seconds)
            json.key("through")
            json.integer(stored.bars[stretch.indices.upperBound - 1].time.seconds)
            json.key("bars")
            json.integer(stretch.indices.count)
            stretch.provenance.writeOrigin(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// The same rows, with the origin of each bar.
    var withOrigins: StoredSeriesWithOrigins { StoredSeriesWithOrigins(series: self) }

    /// How many bars there are and where they came from, in a line for people.
    var words: String {
        var seen = Set<String>()
        let origins = stored.stretches.map { stretch -> String in
            let feed = stretch.provenance.feed.map { " (\($0))" } ?? ""
            return stretch.provenance.briefWords + feed
        }
        let names = origins.filter { seen.insert($0).inserted }.joined(separator: ", ")
        return "\(stored.bars.count) bars, \(series.provenance.words)" + (names.isEmpty ? "" : "; from \(names)")
    }
}

/// Bars out of the store, each with its own origin, for rows that stand alone.
struct StoredSeriesWithOrigins: Answer {
    let series: StoredSeries

    var timeZone: TimeZone? { series.timeZone }

    var columns: [String] { series.columns + ["source", "feed", "mode", "delaySeconds", "asOf"] }

    func rows(_ emit: ([Cell]) -> Void) {
        var stretches = series.stored.stretches[...]
        var index = 0
        series.rows { cells in
            while let first = stretches.first, !first.indices.contains(index) { stretches.removeFirst() }
            index += 1
            guard let origin = stretches.first?.provenance else { return emit(cells) }
            emit(
                cells + [
                    .text(origin.source.rawValue), .text(origin.feed), .text(origin.mode.rawValue),
                    .integer(origin.delaySeconds.map(Int64.init)), .text(origin.asOf.description),
                ])
        }
    }

    func write(to json: inout JSONWriter) { series.write(to: &json) }
}

extension Provenance {
    fileprivate func writeOrigin(to json: inout JSONWriter) {
        json.key("source")
        json.string(source.rawValue)
        json.key("feed")
        json.string(feed)
        json.key("mode")
        json.string(mode.rawValue)
        json.key("delaySeconds")
        json.integer(delaySeconds)
        json.key("asOf")
        json.string(asOf.description)
    }
}
