public import Foundation
public import JSON
public import MarketData

extension BarSeries: MarketResponse {
    public var timeZone: TimeZone? {
        instrument?.timeZone.flatMap(TimeZone.init(identifier:)) ?? ExchangeZone.zone(of: request.symbol.exchange)
    }

    public var rowProvenance: Provenance? { provenance }

    /// The last column, where any bar has a value of it.
    public static let openInterestColumn = "openInterest"

    public var columns: [String] {
        ["time", "open", "high", "low", "close", "volume", "final"]
            + (hasOpenInterest ? [BarSeries.openInterestColumn] : [])
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        let withOpenInterest = hasOpenInterest
        for bar in bars {
            var cells: [Cell] = [
                .time(bar.time), .number(bar.open), .number(bar.high), .number(bar.low), .number(bar.close),
                .number(bar.volume), .bool(bar.isFinal),
            ]
            if withOpenInterest { cells.append(.number(bar.openInterest)) }
            emit(cells)
        }
    }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
    }

    /// Writes the fields of the response into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) {
        request.writeSeries(to: &json)
        if let currency = request.currency ?? instrument?.currency {
            json.field("currency", currency)
        }
        if let zone = instrument?.timeZone {
            json.field("timeZone", zone)
        }
        provenance.writeFields(to: &json)
        if let builtFrom {
            json.field("builtFrom", builtFrom.description)
        }
        json.key("complete")
        if let completeness { json.bool(completeness) } else { json.null() }
        if let shortfall {
            json.field("reason", shortfall.rawValue)
        }
        json.beginArray("gaps")
        for gap in gaps { gap.write(to: &json) }
        json.endArray()
        writeOrigins(to: &json)
        let notes = allNotes
        if !notes.isEmpty {
            json.beginArray("notes")
            for note in notes { json.string(note) }
            json.endArray()
        }
        if let rolls {
            json.beginArray("rolls")
            for roll in rolls { roll.write(to: &json) }
            json.endArray()
        }
        json.beginArray("bars")
        let hasTradingDays = request.interval.unit == .day
        for bar in bars {
            let day = hasTradingDays ? instrument?.tradingDay(ofBarOpeningAt: bar.time) : nil
            bar.write(to: &json, tradingDay: day)
        }
        json.endArray()
    }

    private var hasOpenInterest: Bool { bars.contains { $0.openInterest != nil } }
}

extension Gap {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("from", range.from.seconds)
        json.field("to", range.to.seconds)
        json.field("reason", reason)
        json.endObject()
    }
}

extension Bar {
    /// Writes `{time,open,high,low,close,volume,final}`, and `openInterest` and `tradingDay` where there is one.
    public func write(to json: inout JSONWriter, tradingDay: CalendarDate? = nil) {
        json.beginObject()
        json.field("time", time.seconds)
        if let tradingDay {
            json.field("tradingDay", tradingDay.description)
        }
        json.field("open", open)
        json.field("high", high)
        json.field("low", low)
        json.field("close", close)
        json.field("volume", volume)
        if let openInterest {
            json.field("openInterest", openInterest)
        }
        json.field("final", isFinal)
        json.endObject()
    }
}

extension BarRequest {
    /// Writes the identity of the series into an open object.
    func writeSeries(to json: inout JSONWriter) {
        json.field("symbol", symbol.description)
        json.field("interval", interval.description)
        json.field("session", hours.rawValue)
        json.field("adjustment", adjustment.rawValue)
        if backAdjusted {
            json.field("backAdjusted", true)
        }
    }
}

extension BarSeries {
    /// Writes which source sent which bars of a stored series; nothing if one provenance covers all of them.
    func writeOrigins(to json: inout JSONWriter) {
        guard !origins.isEmpty else { return }
        json.beginArray("origins")
        for origin in origins {
            json.beginObject()
            json.field("from", origin.first.seconds)
            json.field("to", origin.last.seconds)
            origin.provenance.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
    }
}

extension ContractRoll {
    /// `{"time":…,"from":…,"to":…}`; `null` for a contract that the source does not name.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("time", time.seconds)
        json.field("from", from?.description)
        json.field("to", to?.description)
        json.endObject()
    }
}
