public import Foundation
public import JSON
public import MarketData

/// Snapshots of open interest in time order: their totals, or one strike of each.
public struct OpenInterestHistory: MarketResponse {
    public let symbol: Symbol
    /// Ascending by time.
    public let snapshots: [OpenInterestTotals]
    /// The strike to follow, which the snapshots follow too; `nil` for totals.
    public let strike: Strike?

    public init(symbol: Symbol, snapshots: [OpenInterestTotals], strike: Strike? = nil) {
        self.symbol = symbol
        self.snapshots = snapshots
        self.strike = strike
    }

    /// A history of whole snapshots.
    public init(symbol: Symbol, snapshots: [OpenInterestSnapshot], strike: Strike? = nil) {
        self.init(
            symbol: symbol, snapshots: snapshots.map { OpenInterestTotals($0, following: strike) }, strike: strike)
    }

    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        json.field("strike", strike?.price)
        json.beginArray("snapshots")
        for snapshot in snapshots {
            json.beginObject()
            json.field("time", snapshot.provenance.asOf.seconds)
            var reasons = Reasons()
            snapshot.writeHeading(to: &json, &reasons)
            if let strike { snapshot.write(strike, to: &json, &reasons) }
            reasons.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    public var columns: [String] {
        [
            "time", "expiry", "strike", "spot", "callOpenInterest", "putOpenInterest", "callChange", "putChange",
            "putCallRatio", "unit", "source", "mode", "reason", "note",
        ]
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        for snapshot in snapshots {
            let (ratio, change) = snapshot.ratios(of: strike)
            emit([
                .time(snapshot.provenance.asOf), .text(snapshot.expiry.description), .number(strike?.price),
                .number(snapshot.spot), .number(ratio.calls), .number(ratio.puts), .number(change.calls),
                .number(change.puts), .number(ratio.value), .text(snapshot.unit.rawValue),
                .text(snapshot.provenance.source.rawValue), .text(snapshot.provenance.mode.rawValue),
                .text(ratio.reason), .text(ratio.note),
            ])
        }
    }
}

extension OpenInterestTotals {
    fileprivate func write(_ strike: Strike, to json: inout JSONWriter, _ reasons: inout Reasons) {
        let row = followed ?? OptionStrike(strike: strike, call: nil, put: nil)
        json.field("strike", strike.price)
        for type in OptionType.allCases {
            json.key(type.key)
            row.write(type, to: &json) { _, side, json, reasons in side.writeFields(to: &json, &reasons) }
            guard row[type] == nil else { continue }
            reasons.note(
                type.key,
                followed == nil ? "the strike is not among those of this snapshot" : type.missingReason)
        }
        json.computed("putCallRatio", row.putCallRatio.computed, &reasons)
    }

    fileprivate func ratios(of strike: Strike?) -> (openInterest: PutCallRatio, change: PutCallRatio) {
        guard strike != nil else { return (putCallRatio(by: .openInterest), putCallRatio(by: .change)) }
        return (
            PutCallRatio(puts: followed?.put?.openInterest, calls: followed?.call?.openInterest, basis: .openInterest),
            PutCallRatio(puts: followed?.put?.change, calls: followed?.call?.change, basis: .change)
        )
    }
}
