public import Foundation
public import MarketData

/// Put-call ratios in time order, each over the strikes of its snapshot.
public struct PutCallRatioSeries: Answer {
    public let symbol: Symbol
    /// Ascending by time; at least one.
    public let snapshots: [OpenInterestSnapshot]

    public init(symbol: Symbol, snapshots: [OpenInterestSnapshot]) {
        self.symbol = symbol
        self.snapshots = snapshots
    }

    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("symbol")
        json.string(symbol.description)
        json.key("expiry")
        json.string(snapshots.last?.expiry.description)
        json.key("unit")
        json.string(snapshots.last?.unit.rawValue)
        json.key("strikeRange")
        if let newest = snapshots.last { newest.writeStrikeRange(to: &json) } else { json.null() }
        snapshots.last?.provenance.writeFields(to: &json)
        json.key("points")
        json.beginArray()
        for snapshot in snapshots { snapshot.writePoint(to: &json) }
        json.endArray()
        json.endObject()
    }

    public var columns: [String] {
        [
            "time", "expiry", "openInterest", "change", "volume", "callOpenInterest", "putOpenInterest", "spot",
            "strikeFrom", "strikeTo", "source", "mode",
        ]
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        for snapshot in snapshots {
            let ratio = snapshot.putCallRatio(by: .openInterest)
            emit([
                .time(snapshot.provenance.asOf), .text(snapshot.expiry.description), .number(ratio.value),
                .number(snapshot.putCallRatio(by: .change).value), .number(snapshot.putCallRatio(by: .volume).value),
                .number(ratio.calls), .number(ratio.puts), .number(snapshot.spot),
                .number(snapshot.strikes.first?.strike.price), .number(snapshot.strikes.last?.strike.price),
                .text(snapshot.provenance.source.rawValue), .text(snapshot.provenance.mode.rawValue),
            ])
        }
    }
}

extension OpenInterestSnapshot {
    fileprivate func writePoint(to json: inout JSONWriter) {
        let ratio = putCallRatio(by: .openInterest)
        json.beginObject()
        json.key("time")
        json.integer(provenance.asOf.seconds)
        json.key("openInterest")
        json.number(ratio.value)
        json.key("change")
        json.number(putCallRatio(by: .change).value)
        json.key("volume")
        json.number(putCallRatio(by: .volume).value)
        json.key("callOpenInterest")
        json.number(ratio.calls)
        json.key("putOpenInterest")
        json.number(ratio.puts)
        json.key("spot")
        json.number(spot)
        writeReasons(to: &json)
        json.endObject()
    }

    private func writeReasons(to json: inout JSONWriter) {
        let reasons = PutCallRatio.Basis.allCases.compactMap { basis in
            putCallRatio(by: basis).reason.map { "\(basis.rawValue): \($0)" }
        }
        guard !reasons.isEmpty else { return }
        json.key("reason")
        json.string(reasons.joined(separator: "; "))
    }
}
