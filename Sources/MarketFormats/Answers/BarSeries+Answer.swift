public import Foundation
public import MarketData

extension BarSeries: Answer {
    public var timeZone: TimeZone? {
        instrument?.timeZone.flatMap(TimeZone.init(identifier:)) ?? ExchangeZone.zone(of: request.symbol.exchange)
    }

    public var rowProvenance: Provenance? { provenance }

    /// The last column, where any bar has a figure of it.
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

    /// Writes the fields of the answer into an object that is open, as the stream's snapshot needs them.
    public func writeFields(to json: inout JSONWriter) {
        request.writeSeries(to: &json)
        if let currency = request.currency ?? instrument?.currency {
            json.key("currency")
            json.string(currency)
        }
        if let zone = instrument?.timeZone {
            json.key("timeZone")
            json.string(zone)
        }
        provenance.writeFields(to: &json)
        if let builtFrom {
            json.key("builtFrom")
            json.string(builtFrom.description)
        }
        json.key("complete")
        json.bool(isComplete)
        if let shortfall {
            json.key("reason")
            json.string(shortfall.rawValue)
        }
        json.key("gaps")
        json.beginArray()
        for gap in gaps { gap.write(to: &json) }
        json.endArray()
        writeOrigins(to: &json)
        if let rolls {
            json.key("rolls")
            json.beginArray()
            for roll in rolls { roll.write(to: &json) }
            json.endArray()
        }
        json.key("bars")
        json.beginArray()
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
        json.key("from")
        json.integer(range.from.seconds)
        json.key("to")
        json.integer(range.to.seconds)
        json.key("reason")
        json.string(reason)
        json.endObject()
    }
}
