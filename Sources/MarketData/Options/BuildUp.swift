/// What a change of price and one of open interest over the same time say together.
///
/// Price up and open interest up is a long build-up, down and up a short build-up, down and down long unwinding, up and
/// down short covering; where either has not changed, there is none (knowledge: the convention of NSE and Trendlyne).
/// For an option it describes the option itself: a long build-up of a put is a bet on falling prices.
public enum BuildUp: String, CaseIterable, Sendable {
    case longBuildUp = "long_build_up"
    case shortBuildUp = "short_build_up"
    case longUnwinding = "long_unwinding"
    case shortCovering = "short_covering"
    case neutral

    /// Reads two changes since one and the same reference, such as the previous close.
    /// - Parameters:
    ///   - priceChange: In any unit.
    ///   - openInterestChange: In any unit.
    ///   - priceThreshold: Changes of price no larger than this are none, in the unit of `priceChange`.
    ///   - openInterestThreshold: The same for open interest.
    /// - Returns: Unknown where a change is not known.
    public static func of(
        priceChange: Double?, openInterestChange: Double?, priceThreshold: Double = 0,
        openInterestThreshold: Double = 0
    ) -> ComputedValue<BuildUp> {
        guard let priceChange, priceChange.isFinite else {
            return .unknown(reason: "the change of the price is not known")
        }
        guard let openInterestChange, openInterestChange.isFinite else {
            return .unknown(reason: "the change of the open interest is not known")
        }
        guard abs(priceChange) > priceThreshold, abs(openInterestChange) > openInterestThreshold else {
            return .known(.neutral)
        }
        switch (priceChange > 0, openInterestChange > 0) {
        case (true, true): return .known(.longBuildUp)
        case (false, true): return .known(.shortBuildUp)
        case (false, false): return .known(.longUnwinding)
        case (true, false): return .known(.shortCovering)
        }
    }
}

extension BuildUp {
    /// Reads a source's spelling, such as `Short Covering`, `Long Buildup` or `short_covering`; `nil` for another word.
    public init?(spelling text: String) {
        let letters = text.lowercased().filter(\.isLetter)
        guard let found = BuildUp.allCases.first(where: { $0.rawValue.filter(\.isLetter) == letters }) else {
            return nil
        }
        self = found
    }
}

extension BuildUp {
    /// What happened to one option between two moments, by its last price and open interest.
    /// - Parameters:
    ///   - earlier: The option at the reference.
    ///   - later: The same option afterwards, in the same unit.
    ///   - priceThreshold: Changes of price no larger than this are none, in percent of the earlier price.
    ///   - openInterestThreshold: The same for open interest, in percent of the earlier one.
    /// - Returns: Unknown where a value is, or an earlier one is zero and a threshold is to be met.
    public static func between(
        _ earlier: OptionData, and later: OptionData, priceThreshold: Double = 0,
        openInterestThreshold: Double = 0
    ) -> ComputedValue<BuildUp> {
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
