import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore

/// A page of bars out of the store, as rows of csv or ndjson.
struct StoredRows: Answer {
    let symbol: Symbol
    let page: StoredBars
    let withOpenInterest: Bool
    /// Whether each row names its bar's origin.
    let withOrigins: Bool

    var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    var columns: [String] {
        ["time", "open", "high", "low", "close", "volume", "final"] + (withOpenInterest ? ["openInterest"] : [])
            + (withOrigins ? ["source", "feed", "mode", "delaySeconds", "asOf"] : [])
    }

    func rows(_ emit: ([Cell]) -> Void) {
        for stretch in page.stretches {
            let origin = withOrigins ? StoredRows.cells(stretch.provenance) : []
            for bar in page.bars[stretch.indices] { emit(cells(bar) + origin) }
        }
    }

    private func cells(_ bar: Bar) -> [Cell] {
        let cells: [Cell] = [
            .time(bar.time), .number(bar.open), .number(bar.high), .number(bar.low), .number(bar.close),
            .number(bar.volume), .bool(bar.isFinal),
        ]
        return withOpenInterest ? cells + [.number(bar.openInterest)] : cells
    }

    private static func cells(_ origin: Provenance) -> [Cell] {
        [
            .text(origin.source.rawValue), .text(origin.feed), .text(origin.mode.rawValue),
            .integer(origin.delaySeconds.map(Int64.init)), .text(origin.asOf.description),
        ]
    }

    /// Nothing but the origins matters to a single JSON document, which is never made of a page.
    func write(to json: inout JSONWriter) {
        json.beginArray()
        json.endArray()
    }
}
