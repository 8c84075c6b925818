public import Foundation
public import MarketData

/// Instruments that match a search, best first.
public struct InstrumentList: Answer {
    public let instruments: [Instrument]
    /// Who found them; `nil` where that is not known.
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
        json.key("symbols")
        json.beginArray()
        for instrument in instruments {
            json.beginObject()
            json.key("symbol")
            json.string(instrument.symbol.description)
            json.key("description")
            json.string(instrument.description)
            json.key("type")
            json.string(instrument.type)
            json.key("exchange")
            json.string(instrument.symbol.exchange)
            json.key("currency")
            json.string(instrument.currency)
            json.key("country")
            json.string(instrument.country)
            json.endObject()
        }
        json.endArray()
        if let source {
            json.key("source")
            json.string(source.rawValue)
        }
        if let note {
            json.key("note")
            json.string(note)
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
