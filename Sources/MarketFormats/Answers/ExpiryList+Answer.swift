public import Foundation
public import JSON
public import MarketData

extension ExpiryList: Answer {
    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        json.beginArray("expiries")
        for expiry in expiries { json.string(expiry.description) }
        json.endArray()
        json.field("default", standard?.description)
        provenance.writeFields(to: &json)
        json.endObject()
    }

    public var rowProvenance: Provenance? { provenance }

    public var columns: [String] { ["expiry", "default"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for expiry in expiries { emit([.text(expiry.description), .bool(expiry == standard)]) }
    }
}
