public import Foundation
public import MarketData

extension ExpiryList: Answer {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("symbol")
        json.string(symbol.description)
        json.key("expiries")
        json.beginArray()
        for expiry in expiries { json.string(expiry.description) }
        json.endArray()
        json.key("default")
        json.string(standard?.description)
        provenance.writeFields(to: &json)
        json.endObject()
    }

    public var rowProvenance: Provenance? { provenance }

    public var columns: [String] { ["expiry", "default"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for expiry in expiries { emit([.text(expiry.description), .bool(expiry == standard)]) }
    }
}
