import JSON
import MarketData
import SourceHTTP

/// The chain of one expiry as NSE served it, in one form for all generations of addresses.
///
/// Open interest, its change and the volume are in contracts and may be fractional: the site divides shares by the
/// present lot, and far contracts may be older than it. Orders are in shares.
struct SiteChain: Hashable, Sendable {
    /// One side of a strike.
    struct Side: Hashable, Sendable {
        /// In contracts.
        var openInterest: Double?
        /// In contracts, since the close of the previous session.
        var change: Double?
        /// In contracts.
        var volume: Double?
        /// `nil` for an option that was never traded.
        var last: Double?
        /// The last price less the close of the previous session; `nil` for an option that was never traded.
        var priceChange: Double?
        /// In percent, by Black-Scholes on the spot with a rate of 10 %; `nil` if the site has 0 without one.
        var impliedVolatility: Double?
        /// The best bid price, and the shares wanted at it.
        var bid: Order?
        /// The best ask price, and the shares offered at it.
        var ask: Order?
    }

    /// The best order on one side of the book.
    struct Order: Hashable, Sendable {
        var price: Double
        var shares: Double
    }

    /// A strike; a side that the site left out was never traded and is `nil`.
    struct Row: Hashable, Sendable {
        var strike: Strike
        var call: Side?
        var put: Side?
    }

    /// The expiry of every row.
    var expiry: CalendarDate
    /// Ascending by strike, each once.
    var rows: [Row]
    /// The site's own stamp.
    var stamp: Timestamp
    /// The price of the underlying; `nil` if the site sent none.
    var spot: Double?
    /// How many strikes are listed for this expiry, where the response itself shows it.
    var listedStrikes: Int?
    /// The sides that were left out because their numbers cannot be, and why.
    var dropped: [String] = []
}

extension SiteChain {
    /// Reads the object that holds the rows, the stamp and the spot.
    /// - Parameter isWhole: Whether a response of this generation has every strike of the expiry.
    init(_ records: JSONFields, _ reading: ChainRows, isWhole: Bool = false) throws(ChainFault) {
        let items = try ChainFault.naming { () throws(UnreadableField) in try records.list("data") }
        guard let items else { throw .missingRecords(records.path(of: "data")) }
        var (objects, unread): ([JSONFields], [UnreadableField]) = ([], [])
        for (index, item) in items.enumerated() {
            let place = "\(records.path(of: "data"))[\(index)]"
            if case .object(let fields) = item {
                objects.append(JSONFields(fields, path: place))
            } else {
                unread.append(UnreadableField(place, "expected an object, found \(item.brief)"))
            }
        }
        let (rows, dropped) = try reading.read(objects, beside: unread)
        let (stamp, spot, named) = try ChainFault.naming { () throws(UnreadableField) in
            (
                try SiteChain.stamp(of: records), try SiteChain.spot(of: records, objects),
                try records.strikes("strikePrices")
            )
        }
        // Those named may be of other expiries too: where the rows have all of them, none of this expiry is missing.
        let isComplete = isWhole || named.map { rows.count >= $0 } ?? false
        self.init(
            expiry: reading.expiry, rows: rows, stamp: stamp, spot: spot, listedStrikes: isComplete ? rows.count : nil,
            dropped: dropped)
    }

    /// The price of the underlying, which every side has too; `nil` if they do not agree on one.
    private static func spot(of records: JSONFields, _ rows: [JSONFields]) throws(UnreadableField) -> Double? {
        if let spot = try records.positive("underlyingValue") { return spot }
        var spots: Set<Double> = []
        for row in rows {
            for side in ["CE", "PE"] {
                if let spot = try? row.object(side)?.positive("underlyingValue") { spots.insert(spot) }
            }
        }
        return spots.count == 1 ? spots.first : nil
    }

    private static func stamp(of records: JSONFields) throws(UnreadableField) -> Timestamp {
        let path = records.path(of: "timestamp")
        guard let text = records.text("timestamp") else {
            throw UnreadableField(path, "missing: the time of the values is unknown")
        }
        guard let stamp = SourceDate.timestamp(text) else {
            throw UnreadableField(
                path, "expected a time such as 10-Jul-2026 15:30:00, found '\(text.prefix(40))'")
        }
        return stamp
    }
}

extension JSONFields {
    /// The envelope of the two older generations, absent, null or empty where the site declines.
    var records: JSONFields {
        get throws(ChainFault) {
            let records = try ChainFault.naming { () throws(UnreadableField) in try object("records") }
            guard let records, !records.isEmpty else { throw .missingRecords(path(of: "records")) }
            return records
        }
    }
}

extension SiteChain {
    /// The snapshot of a chain as of the site's own stamp: in shares where the lot is known, otherwise in contracts.
    /// - Parameters:
    ///   - lot: Shares a contract; `nil` if unknown.
    ///   - feed: The address that sent the chain.
    ///   - strikesOfAllExpiries: How many strikes the site lists over all expiries. A chain that has as many is whole;
    ///     of a smaller one it is not known how many its expiry has.
    ///   - at: The requested moment; `nil` for now.
    /// - Throws: `MarketDataError`: `expiryNotListed` for an expiry that was over by then, `noDataForTime` for frozen
    ///   values, for those of an earlier day while those of this one are due (where the year's holidays are known),
    ///   and for those stamped after the moment.
    func snapshot(
        of symbol: Symbol, lot: Lot?, feed: String, strikesOfAllExpiries: Int?, at: Timestamp? = nil, now: Timestamp,
        calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try checkStamp(symbol, at: at, now: now, calendar: calendar)
        var strikes: [OptionStrike] = []
        for row in rows {
            strikes.append(
                OptionStrike(strike: row.strike, call: row.call?.values(lot), put: row.put?.values(lot)))
        }
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: lot == nil ? .contracts : .shares, lotSize: lot?.size, spot: spot,
            strikes: strikes,
            listedStrikes: listedStrikes ?? strikesOfAllExpiries.flatMap { $0 == rows.count ? $0 : nil },
            provenance: provenance(feed, now: now, calendar: calendar), notes: notes(lot)
        )
    }

    private func notes(_ lot: Lot?) -> [String] {
        dropped.map { "dropped an option with contradicting values: \($0)" }
            + (lot == nil ? ["lot size unknown; reporting open interest in contracts"] : [])
    }

    private func provenance(_ feed: String, now: Timestamp, calendar: TradingCalendar) -> Provenance {
        let day = IndianTime.date(stamp)
        let close = calendar.hours(on: day, segment: .derivatives).closes
        let isOver = now >= IndianTime.timestamp(day, close)
        return Provenance(
            source: .nse, feed: feed, mode: isOver ? .endOfDay : .delayed,
            delaySeconds: isOver ? nil : Int(max(0, now.seconds - stamp.seconds)), asOf: stamp
        )
    }

    private func checkStamp(
        _ symbol: Symbol, at: Timestamp?, now: Timestamp, calendar: TradingCalendar
    ) throws(MarketDataError) {
        guard expiry >= IndianTime.date(stamp) else {
            throw MarketDataError(
                .expiryNotListed,
                "the expiry \(expiry) of \(symbol) expired before \(IndianTime.date(stamp)), the day of NSE's values",
                source: .nse
            )
        }
        let due = calendar.latestSession(
            at: (at ?? now).advanced(bySeconds: -SiteChain.openingGrace), segment: .derivatives)
        let reason: String? =
            if stamp < now.advanced(bySeconds: -SiteChain.longestClosure) {
                "its values are frozen"
            } else if IndianTime.date(stamp) < due.date, IndianHolidays.listedYears.contains(due.date.parts.year) {
                "its values are of an earlier day; those of \(due.date) are due by now"
            } else if stamp > (at ?? now.advanced(bySeconds: ChainRequest.nowTolerance)) {
                "values from after the requested time were not known then"
            } else {
                nil
            }
        guard let reason else { return }
        throw MarketDataError(
            .noDataForTime,
            "no open interest for \(symbol) at \(at ?? now): NSE returned values from \(stamp): \(reason)",
            source: .nse
        )
    }

    /// How long after the opening the site may still serve the day before, in seconds.
    private static let openingGrace: Int64 = 600
    /// Longer than any run of holidays, in seconds.
    private static let longestClosure: Int64 = 8 * 86_400
}

extension SiteChain.Side {
    /// In shares by a lot that fits the chain, otherwise in contracts.
    fileprivate func values(_ lot: Lot?) -> OptionData {
        let counted = { (contracts: Double?) in contracts.flatMap { lot == nil ? $0 : lot?.shares($0) } }
        let openInterest = counted(openInterest)
        let change = counted(change)
        let previous: Double? = if let openInterest, let change { max(0, openInterest - change) } else { nil }
        return OptionData(
            openInterest: openInterest, change: change, previous: previous, last: last, volume: counted(volume),
            impliedVolatility: impliedVolatility, priceChange: priceChange, bid: bid?.price, ask: ask?.price
        )
    }
}
