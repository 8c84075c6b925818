public import Foundation
public import MarketData

extension ContractHistory: Answer {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: contract.underlying.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("symbol")
        json.string(contract.underlying.description)
        json.key("expiry")
        json.string(contract.expiry.description)
        json.key("type")
        json.string(contract.kind.word)
        json.key("strike")
        json.number(contract.kind.strike?.price)
        json.key("interval")
        json.string(interval.description)
        json.key("tradingDay")
        json.string(tradingDay.description)
        json.key("unit")
        json.string(unit.rawValue)
        json.key("lotSize")
        json.integer(lotSize)
        provenance.writeFields(to: &json)
        json.key("points")
        json.beginArray()
        for point in points { point.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    public var columns: [String] { ["time", "price", "openInterest", "change", "volume", "buildUp", "final"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for point in points {
            emit([
                .time(point.time), .number(point.price), .number(point.openInterest), .number(point.change),
                .number(point.volume), .text(point.buildUp), .bool(point.isFinal),
            ])
        }
    }
}

extension ContractPoint {
    /// Writes the point; `time` is the end of its interval.
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("time")
        json.integer(time.seconds)
        json.key("price")
        json.number(price)
        json.key("openInterest")
        json.number(openInterest)
        json.key("change")
        json.number(change)
        json.key("volume")
        json.number(volume)
        json.key("buildUp")
        json.string(buildUp)
        json.key("final")
        json.bool(isFinal)
        json.endObject()
    }
}
