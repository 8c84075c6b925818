/// The totals of a snapshot of open interest, and one followed strike, without the others:
/// a long history of these stays small.
public struct OpenInterestTotals: Hashable, Sendable {
    /// The underlying.
    public let symbol: Symbol
    /// When the options expire.
    public let expiry: CalendarDate
    /// What open interest and volume are counted in.
    public let unit: OpenInterestUnit
    /// Shares a contract; `nil` if unknown.
    public let lotSize: Int?
    /// The price of the underlying; `nil` if the source sent none.
    public let spot: Double?
    /// The listed strike nearest to the spot.
    public let atTheMoney: ComputedValue<Strike>
    /// The strike at which the options would pay out least.
    public let maxPain: ComputedValue<Strike>
    /// Which strikes the values are of.
    public let strikeWindow: ComputedValue<StrikeWindow>
    /// How many strikes are listed for the expiry; `nil` if unknown.
    public let listedStrikes: Int?
    /// Two snapshots of the same strikes have the same number here, within one run of a program.
    public let strikesFingerprint: Int
    /// The strike that is followed, as the snapshot has it; `nil` if it has not, or none is followed.
    public let followed: OptionStrike?
    /// The three strikes nearest to one that is followed and not there, nearest first; empty where it is, or none is.
    public let nearestStrikes: [Strike]
    /// The source of the values.
    public let provenance: Provenance
    /// Notes on the values, for people.
    public let notes: [String]
    private let openInterest: PutCallRatio
    private let change: PutCallRatio
    private let volume: PutCallRatio

    /// The totals of a snapshot.
    public init(_ snapshot: OpenInterestSnapshot, following strike: Strike? = nil) {
        symbol = snapshot.symbol
        expiry = snapshot.expiry
        unit = snapshot.unit
        lotSize = snapshot.lotSize
        spot = snapshot.spot
        atTheMoney = snapshot.computedAtTheMoney
        maxPain = snapshot.computedMaxPain
        strikeWindow = snapshot.strikeWindow
        listedStrikes = snapshot.listedStrikes
        strikesFingerprint = snapshot.strikes.map(\.strike).hashValue
        followed = strike.flatMap { wanted in snapshot.strikes.first { $0.strike == wanted } }
        nearestStrikes = followed == nil ? snapshot.strikes(nearestTo: strike, count: 3) : []
        provenance = snapshot.provenance
        notes = snapshot.notes
        openInterest = snapshot.putCallRatio(by: .openInterest)
        change = snapshot.putCallRatio(by: .change)
        volume = snapshot.putCallRatio(by: .volume)
    }

    /// Puts over calls, summed over the strikes of the snapshot and no others.
    public func putCallRatio(by basis: PutCallRatio.Basis) -> PutCallRatio {
        switch basis {
        case .openInterest: openInterest
        case .change: change
        case .volume: volume
        }
    }
}

extension OpenInterestSnapshot {
    fileprivate func strikes(nearestTo wanted: Strike?, count: Int) -> [Strike] {
        guard let wanted else { return [] }
        let near = strikes.map(\.strike).sorted { abs($0.price - wanted.price) < abs($1.price - wanted.price) }
        return Array(near.prefix(count))
    }
}
