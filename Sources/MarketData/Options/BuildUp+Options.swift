extension BuildUp {
    /// What happened to one option between two moments, by its last price and open interest.
    /// - Parameters:
    ///   - earlier: The option at the reference.
    ///   - later: The same option afterwards, in the same unit.
    ///   - priceThreshold: Changes of price no larger than this are none, in percent of the earlier price.
    ///   - openInterestThreshold: The same for open interest, in percent of the earlier one.
    /// - Returns: Unknown where a figure is, or an earlier one is zero and a threshold is to be met.
    public static func between(
        _ earlier: OptionFigures, and later: OptionFigures, priceThreshold: Double = 0,
        openInterestThreshold: Double = 0
    ) -> Figure<BuildUp> {
        of(
            priceChange: change(from: earlier.last, to: later.last, inPercent: priceThreshold > 0),
            openInterestChange: change(
                from: earlier.openInterest, to: later.openInterest, inPercent: openInterestThreshold > 0
            ),
            priceThreshold: priceThreshold, openInterestThreshold: openInterestThreshold
        )
    }

    private static func change(from earlier: Double?, to later: Double?, inPercent: Bool) -> Double? {
        guard let earlier, let later else { return nil }
        guard inPercent else { return later - earlier }
        return earlier > 0 ? (later - earlier) / earlier * 100 : nil
    }
}
