public import MarketData

extension MockMarket {
    /// How much of the move over the night of a roll is the roll's own, where the path is that of the nearest contract.
    private static let shareOfRoll = 0.8

    /// The rolls of a continuous future within a range, ascending: at the opening of the session
    /// after an expiry. Empty for other instruments.
    /// - Throws: `MarketDataError`, `symbolNotFound`.
    public func rolls(of symbol: Symbol, within range: TimeRange) throws(MarketDataError) -> [ContractRoll] {
        let listing = try universe.listing(symbol)
        guard let contract = listing.contract, contract.dated == nil else { return [] }
        let from = max(calendar.date(at: range.from).advanced(byDays: -40), MockMarket.historyBegins)
        return rollDays(of: contract, from: from, before: calendar.date(at: range.to).advanced(byDays: 1))
            .map { lastDay in
                let next = session(after: lastDay, listing)
                return ContractRoll(
                    time: next.opens, from: contract.name(on: lastDay, rank: contract.rank),
                    to: contract.name(on: next.date, rank: contract.rank)
                )
            }
            .filter { range.contains($0.time) }
    }

    /// The last days of the contracts that were left, ascending.
    private func rollDays(
        of contract: FuturesContract, from: CalendarDate, before end: CalendarDate
    ) -> [CalendarDate] {
        var days: [CalendarDate] = []
        var month = FuturesMonth(of: from)
        while true {
            let day = month.expiry(contract.options)
            guard day < end else { return days }
            if day >= from { days.append(day) }
            month = month.next
        }
    }

    /// By how much prices up to each roll are raised, so that no roll shows.
    func levelling(
        of listing: Listing, _ contract: FuturesContract, today: CalendarDate
    ) -> [ContractScale.Level] {
        var levels: [ContractScale.Level] = []
        var sum: Int64 = 0
        for day in rollDays(of: contract, from: MockMarket.historyBegins, before: today).reversed() {
            sum += gap(of: listing, contract, at: day)
            levels.append(ContractScale.Level(lastDay: day, offset: sum))
        }
        return levels.reversed()
    }

    /// By how much the next contract costs more than the one that is left, at the end of its last day; in ticks.
    private func gap(of listing: Listing, _ contract: FuturesContract, at lastDay: CalendarDate) -> Int64 {
        let next = session(after: lastDay, listing)
        let last = calendar.latestSession(
            at: Timestamp(milliseconds: next.opens.milliseconds - 1), segment: listing.segment
        )
        let close = Double(paths.close(last, of: listing))
        guard contract.isCarried else {
            let night = Double(paths.open(next, of: listing)) - close
            return Int64((night * MockMarket.shareOfRoll).rounded())
        }
        let factors = (
            contract.factor(on: lastDay, rank: contract.rank), contract.factor(on: lastDay, rank: contract.rank + 1)
        )
        return Int64((close * factors.1).rounded()) - Int64((close * factors.0).rounded())
    }

    private func session(after day: CalendarDate, _ listing: Listing) -> TradingSession {
        let evening = calendar.timestamp(day.advanced(byDays: 1), ClockTime(hour: 0, minute: 0))
        return calendar.nextSession(after: Timestamp(milliseconds: evening.milliseconds - 1), segment: listing.segment)
    }
}

/// What a future's path is turned into on each day.
struct ContractScale: Sendable {
    /// A roll, and the amount added to all earlier prices by back-adjustment.
    struct Level: Equatable, Sendable {
        /// The last day of the contract that was left.
        let lastDay: CalendarDate
        /// In ticks: the jump of this roll and of all later ones.
        let offset: Int64
    }

    let contract: FuturesContract
    /// Ascending by day; empty without back-adjustment.
    let levelling: [Level]

    func scale(on date: CalendarDate) -> SessionScale {
        // The first roll at or after the day.
        var (low, high) = (0, levelling.count)
        while low < high {
            let middle = (low + high) / 2
            if levelling[middle].lastDay < date { low = middle + 1 } else { high = middle }
        }
        return SessionScale(
            factor: contract.factor(on: date, rank: contract.rank),
            offset: low < levelling.count ? levelling[low].offset : 0
        )
    }
}
