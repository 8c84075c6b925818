public import Foundation
public import JSON
public import MarketData

/// Put-call ratios in time order, each over the strikes of its snapshot.
///
/// Snapshots of different sources, units or strikes give ratios that do not compare. Each point therefore says its own,
/// and `differences` names what is not the same throughout.
public struct PutCallRatioSeries: Answer {
    public let symbol: Symbol
    /// Ascending by time; at least one.
    public let snapshots: [OpenInterestTotals]

    public init(symbol: Symbol, snapshots: [OpenInterestTotals]) {
        self.symbol = symbol
        self.snapshots = snapshots
    }

    /// A series of whole snapshots.
    public init(symbol: Symbol, snapshots: [OpenInterestSnapshot]) {
        self.init(symbol: symbol, snapshots: snapshots.map { OpenInterestTotals($0) })
    }

    /// What differs between the points, of `source`, `mode`, `expiry`, `unit` and `strikeRange`; none where every ratio
    /// compares with every other.
    public var differences: [String] {
        func differ(_ part: (OpenInterestTotals) -> some Equatable) -> Bool {
            guard let first = snapshots.first.map(part) else { return false }
            return snapshots.contains { part($0) != first }
        }
        let found: [(String, Bool)] = [
            ("source", differ(\.provenance.origin)), ("mode", differ(\.provenance.mode)), ("expiry", differ(\.expiry)),
            ("unit", differ(\.unit)), ("strikeRange", differ(\.strikesFingerprint)),
        ]
        return found.filter(\.1).map(\.0)
    }

    public var timeZone: TimeZone? { ExchangeZone.zone(of: symbol.exchange) }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("symbol", symbol.description)
        json.field("expiry", snapshots.last?.expiry.description)
        json.field("unit", snapshots.last?.unit.rawValue)
        json.key("strikeRange")
        if let newest = snapshots.last { newest.writeStrikeRange(to: &json) } else { json.null() }
        snapshots.last?.provenance.writeFields(to: &json)
        json.beginArray("differences")
        for difference in differences { json.string(difference) }
        json.endArray()
        json.beginArray("points")
        for snapshot in snapshots { snapshot.writePoint(to: &json) }
        json.endArray()
        json.endObject()
    }

    public var columns: [String] {
        [
            "time", "expiry", "openInterest", "change", "volume", "callOpenInterest", "putOpenInterest", "spot",
            "strikeFrom", "strikeTo", "source", "mode", "callChange", "putChange", "callVolume", "putVolume",
            "strikesCovered", "strikesListed", "unit", "reason", "note",
        ]
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        for snapshot in snapshots { emit(snapshot.pointCells) }
    }
}

extension Provenance {
    /// Whose figures these are, also where they come out of the store, whose feed begins with it.
    fileprivate var origin: String {
        guard source == .store else { return source.rawValue }
        return feed?.split(separator: " ").first.map(String.init) ?? source.rawValue
    }
}
