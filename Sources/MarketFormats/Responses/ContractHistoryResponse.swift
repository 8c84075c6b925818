public import Foundation
public import JSON
public import MarketData

extension ContractHistory: MarketResponse {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: contract.underlying.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", contract.underlying.description)
        json.field("expiry", contract.expiry.description)
        json.field("type", contract.kind.word)
        json.field("strike", contract.kind.strike?.price)
        json.field("interval", interval.description)
        json.field("tradingDay", tradingDay.description)
        json.field("unit", unit.rawValue)
        json.field("lotSize", lotSize)
        provenance.writeFields(to: &json)
        json.beginArray("points")
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
        json.field("time", time.seconds)
        json.field("price", price)
        json.field("openInterest", openInterest)
        json.field("change", change)
        json.field("volume", volume)
        json.field("buildUp", buildUp)
        json.field("final", isFinal)
        json.endObject()
    }
}
