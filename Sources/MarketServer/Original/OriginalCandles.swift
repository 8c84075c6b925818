import JSON
import MarketData
import MarketFormats

/// Bars as the original page reads them, with where they came from added.
struct OriginalCandles {
    /// The symbol as it was asked for.
    let name: String
    /// The interval as it was asked for.
    let interval: String
    let series: BarSeries

    var json: JSONWriter {
        var json = JSONWriter(capacity: 512 + series.bars.count * 96)
        json.beginObject()
        json.field("symbol", name)
        json.field("interval", interval)
        json.beginArray("candles")
        for bar in series.bars { write(bar, to: &json) }
        json.endArray()
        json.field("complete", series.isComplete)
        if let reason = series.shortfall?.rawValue ?? series.gaps.last?.reason {
            json.field("reason", reason)
        }
        series.provenance.writeOriginalFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ bar: Bar, to json: inout JSONWriter) {
        json.beginObject()
        json.field("time", bar.time.seconds)
        json.field("open", bar.open)
        json.field("high", bar.high)
        json.field("low", bar.low)
        json.field("close", bar.close)
        json.field("volume", bar.volume?.rounded())
        json.field("final", bar.isFinal)
        json.endObject()
    }
}

extension Provenance {
    /// Writes the provenance in the original's spelling, into an object that is open.
    func writeOriginalFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        json.field("mode", mode.rawValue)
        json.field("as_of", asOf.description)
    }
}
