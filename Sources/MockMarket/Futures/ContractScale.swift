import MarketData

/// What a future's path is turned into on each day.
struct ContractScale: Sendable {
    /// A roll, and what all prices up to it are raised by when rolls are levelled out.
    struct Level: Equatable, Sendable {
        /// The last day of the contract that was left.
        let lastDay: CalendarDate
        /// In ticks: the jump of this roll and of all later ones.
        let offset: Int64
    }

    let contract: FuturesContract
    /// Ascending by day; empty where rolls are not levelled out.
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
