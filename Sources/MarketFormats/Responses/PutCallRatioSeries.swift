public import Foundation
public import JSON
public import MarketData

/// Put-call ratios in time order, each over the strikes of its snapshot.
///
/// Snapshots of different sources, units or strikes give ratios that do not compare. Each point therefore says its own,
/// and `differences` lists the fields in which points differ.
public struct PutCallRatioSeries: MarketResponse {
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
    /// The instrument of the values, also where they come out of the store, whose feed begins with it.
    fileprivate var origin: String {
        guard source == .store else { return source.rawValue }
        return feed?.split(separator: " ").first.map(String.init) ?? source.rawValue
    }
}

extension OpenInterestTotals {
    /// Writes the snapshot's ratios, with their sums, and by which source and over which strikes they are.
    func writePoint(to json: inout JSONWriter) {
        let ratio = putCallRatio(by: .openInterest)
        let change = putCallRatio(by: .change)
        let volume = putCallRatio(by: .volume)
        var reasons = Reasons()
        json.beginObject()
        json.field("time", provenance.asOf.seconds)
        json.computed("openInterest", ratio.computed, &reasons)
        json.computed("change", change.computed, &reasons)
        json.computed("volume", volume.computed, &reasons)
        json.computed("callOpenInterest", .sum(ratio.calls), &reasons)
        json.computed("putOpenInterest", .sum(ratio.puts), &reasons)
        json.computed("spot", ComputedValue(spot, otherwise: "the source sent no price of the underlying"), &reasons)
        json.computed("callChange", .sum(change.calls), &reasons)
        json.computed("putChange", .sum(change.puts), &reasons)
        json.computed("callVolume", .sum(volume.calls), &reasons)
        json.computed("putVolume", .sum(volume.puts), &reasons)
        json.field("source", provenance.source.rawValue)
        json.field("mode", provenance.mode.rawValue)
        json.field("unit", unit.rawValue)
        json.key("strikeRange")
        writeStrikeRange(to: &json)
        reasons.write(to: &json)
        writeNotes([("openInterest", ratio), ("change", change), ("volume", volume)], to: &json)
        json.endObject()
    }

    /// Writes the notes on ratios, under their names; leaves them out if there are none.
    private func writeNotes(_ ratios: [(name: StaticString, ratio: PutCallRatio)], to json: inout JSONWriter) {
        guard ratios.contains(where: { $0.ratio.note != nil }) else { return }
        json.beginObject("notes")
        for (name, ratio) in ratios {
            guard let note = ratio.note else { continue }
            json.field(name, note)
        }
        json.endObject()
    }

    /// The same as the cells of a row.
    var pointCells: [Cell] {
        let ratio = putCallRatio(by: .openInterest)
        let change = putCallRatio(by: .change)
        let volume = putCallRatio(by: .volume)
        let reasons = [ratio, change, volume].compactMap { ratio in
            ratio.reason.map { "\(ratio.basis.rawValue): \($0)" }
        }
        let notes = [ratio, change, volume].compactMap { ratio in ratio.note.map { "\(ratio.basis.rawValue): \($0)" } }
        let window = strikeWindow.value
        return [
            .time(provenance.asOf), .text(expiry.description), .number(ratio.value), .number(change.value),
            .number(volume.value), .number(ratio.calls), .number(ratio.puts), .number(spot),
            .number(window?.from.price), .number(window?.to.price),
            .text(provenance.source.rawValue), .text(provenance.mode.rawValue), .number(change.calls),
            .number(change.puts), .number(volume.calls), .number(volume.puts), .integer(Int64(window?.covered ?? 0)),
            .integer(listedStrikes.map(Int64.init)), .text(unit.rawValue),
            .text(reasons.isEmpty ? nil : reasons.joined(separator: "; ")),
            .text(notes.isEmpty ? nil : notes.joined(separator: "; ")),
        ]
    }
}

extension ComputedValue<Double> {
    /// A sum over options, of which none may be known.
    fileprivate static func sum(_ value: Double?) -> ComputedValue<Double> {
        ComputedValue(value, otherwise: "no value for any option of these strikes")
    }
}
