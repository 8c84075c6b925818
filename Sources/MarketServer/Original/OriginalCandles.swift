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
        json.key("symbol")
        json.string(name)
        json.key("interval")
        json.string(interval)
        json.key("candles")
        json.beginArray()
        for bar in series.bars { write(bar, to: &json) }
        json.endArray()
        json.key("complete")
        json.bool(series.isComplete)
        if let reason = series.shortfall?.rawValue ?? series.gaps.last?.reason {
            json.key("reason")
            json.string(reason)
        }
        series.provenance.writeOriginalFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ bar: Bar, to json: inout JSONWriter) {
        json.beginObject()
        json.key("time")
        json.integer(bar.time.seconds)
        json.key("open")
        json.number(bar.open)
        json.key("high")
        json.number(bar.high)
        json.key("low")
        json.number(bar.low)
        json.key("close")
        json.number(bar.close)
        json.key("volume")
        json.number(bar.volume?.rounded())
        json.key("final")
        json.bool(bar.isFinal)
        json.endObject()
    }
}

extension Provenance {
    /// Writes the provenance in the original's spelling, into an object that is open.
    func writeOriginalFields(to json: inout JSONWriter) {
        json.key("source")
        json.string(source.rawValue)
        json.key("mode")
        json.string(mode.rawValue)
        json.key("as_of")
        json.string(asOf.description)
    }
}
