import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore

/// Bars out of the store, each stretch with its origin.
struct StoredSeries: Answer {
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
