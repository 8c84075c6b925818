public import Foundation
public import JSON
public import MarketData

/// Instruments that match a search, best first.
public struct InstrumentList: MarketResponse {
    public let instruments: [Instrument]
    /// Who found them; `nil` if unknown.
    public let source: Provenance.Source?
    /// What the caller should know of how they were found.
    public let note: String?

    public init(_ matches: SymbolMatches) {
        instruments = matches.instruments
        source = matches.source
        note = matches.note
    }

    public var timeZone: TimeZone? { nil }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.beginArray("symbols")
        for instrument in instruments {
            json.beginObject()
            json.field("symbol", instrument.symbol.description)
            json.field("description", instrument.description)
            json.field("type", instrument.type)
            json.field("exchange", instrument.symbol.exchange)
            json.field("currency", instrument.currency)
            json.field("country", instrument.country)
            json.endObject()
        }
        json.endArray()
        if let source {
            json.field("source", source.rawValue)
        }
        if let note {
            json.field("note", note)
        }
        json.endObject()
    }

    public var columns: [String] { ["symbol", "description", "type", "exchange", "currency", "country"] }

    public func rows(_ emit: ([Cell]) -> Void) {
        for instrument in instruments {
            emit([
                .text(instrument.symbol.description), .text(instrument.description), .text(instrument.type),
                .text(instrument.symbol.exchange), .text(instrument.currency), .text(instrument.country),
            ])
        }
    }
}
