import MarketData

/// The scanner's technical columns, such as `RSI` or `EMA20|60`, computed from bars.
///
/// Lengths and ratings follow TradingView's help page "Technical Ratings". Columns that the catalogue has and this
/// market cannot fill are `null`, as the real scanner sends for an instrument without such a value.
struct TechnicalColumns {
    /// A column's name: the value, and after a bar the interval in TradingView's spelling (none: a day).
    struct Name {
        let indicator: String
        let interval: Interval

        init?(_ column: String) {
            let parts = column.split(separator: "|", maxSplits: 1).map(String.init)
            guard let indicator = parts.first, let interval = try? Interval(parts.count == 2 ? parts[1] : "1D") else {
                return nil
            }
            self.indicator = indicator
            self.interval = interval
        }
    }

    /// Bars that the longest average needs to settle.
    static let barCount = 260

    private static let lengths = [5, 10, 20, 30, 50, 100, 200]
    private static let computed: Set<String> =
        Set(lengths.flatMap { ["SMA\($0)", "EMA\($0)"] }).union([
            "RSI", "RSI[1]", "Mom", "Mom[1]", "MACD.macd", "MACD.signal", "Stoch.K", "Stoch.D", "Stoch.K[1]",
            "Stoch.D[1]", "CCI20", "CCI20[1]", "AO", "AO[1]", "AO[2]", "W.R", "BB.upper", "BB.lower", "Recommend.All",
            "Recommend.MA", "Recommend.Other",
        ])
    /// Of the catalogue, but never filled here.
    private static let unfilled: Set<String> = [
        "ADX", "ADX+DI", "ADX-DI", "ADX+DI[1]", "ADX-DI[1]", "Rec.Stoch.RSI", "Stoch.RSI.K", "Rec.WR", "Rec.BBPower",
        "BBPower", "Rec.UO", "UO", "Rec.Ichimoku", "Ichimoku.BLine", "Rec.VWMA", "VWMA", "Rec.HullMA9", "HullMA9",
        "P.SAR",
    ]

    /// Of the quote, unless an interval is named.
    private static let ofTheBar: Set<String> = ["open", "high", "low", "close", "volume", "change", "change_abs"]

    /// Whether the catalogue has the column.
    static func knows(_ column: String) -> Bool {
        guard let name = Name(column) else { return false }
        return computes(column) || unfilled.contains(name.indicator) || name.indicator.hasPrefix("Pivot.M.")
    }

    /// Whether the column is computed from bars.
    static func computes(_ column: String) -> Bool {
        guard let name = Name(column) else { return false }
        return computed.contains(name.indicator) || column.contains("|") && ofTheBar.contains(name.indicator)
    }

    private let bars: [Bar]
    private var closes: [Double] { bars.map(\.close) }

    init(bars: [Bar]) { self.bars = bars }

    /// The value of the newest bar; `nil` where the bars do not suffice.
    func value(_ indicator: String) -> Double? {
        if let length = Int(indicator.dropFirst(3)) {
            if indicator.hasPrefix("SMA") { return TechnicalColumns.average(closes, length) }
            if indicator.hasPrefix("EMA") { return exponential(length, ago: 0) }
        }
        let ago = indicator.hasSuffix("[1]") ? 1 : indicator.hasSuffix("[2]") ? 2 : 0
        switch ago == 0 ? indicator : String(indicator.dropLast(3)) {
        case "open": return bars.last?.open
        case "high": return bars.last?.high
        case "low": return bars.last?.low
        case "close": return bars.last?.close
        case "volume": return bars.last?.volume
        case "change_abs": return step
        case "change": return step.flatMap { step in closes.last.map { 100 * step / ($0 - step) } }
        case "RSI": return strength(ago: ago)
        case "Mom": return momentum(ago: ago)
        case "MACD.macd": return convergence.last
        case "MACD.signal": return TechnicalColumns.exponential(convergence, 9).last
        case "Stoch.K": return stochastic(ago: ago)
        case "Stoch.D": return mean((0..<3).map { stochastic(ago: ago + $0) })
        case "CCI20": return channel(ago: ago)
        case "AO": return oscillator(ago: ago)
        case "W.R": return position(14, ago: 0).map { $0 - 100 }
        case "BB.upper": return band(2)
        case "BB.lower": return band(-2)
        case "Recommend.MA": return mean(movingAverages)
        case "Recommend.Other": return mean(oscillators)
        case "Recommend.All": return mean([mean(movingAverages), mean(oscillators)])
        default: return nil
        }
    }

    // Ratings: 1 buy, 0 neutral, -1 sell.

    private var movingAverages: [Double?] {
        TechnicalColumns.lengths.filter { $0 >= 10 }.flatMap { length in
            ["SMA\(length)", "EMA\(length)"].map { name in
                guard let last = closes.last, let average = value(name) else { return nil }
                return sign(last - average)
            }
        }
    }

    private var oscillators: [Double?] {
        [
            turn(value("RSI"), value("RSI[1]"), low: 30, high: 70),
            turn(value("Stoch.K"), value("Stoch.K[1]"), low: 20, high: 80),
            turn(value("CCI20"), value("CCI20[1]"), low: -100, high: 100),
            difference("AO", "AO[1]"), difference("Mom", "Mom[1]"), difference("MACD.macd", "MACD.signal"),
        ]
    }

    private func turn(_ now: Double?, _ before: Double?, low: Double, high: Double) -> Double? {
        guard let now, let before else { return nil }
        if now < low && now > before { return 1 }
        return now > high && now < before ? -1 : 0
    }

    private func difference(_ one: String, _ other: String) -> Double? {
        guard let one = value(one), let other = value(other) else { return nil }
        return sign(one - other)
    }

    private func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }

    private func mean(_ values: [Double?]) -> Double? {
        let known = values.compactMap(\.self)
        return known.isEmpty || known.count < values.count ? nil : known.reduce(0, +) / Double(known.count)
    }

    // Values.

    private func exponential(_ length: Int, ago: Int) -> Double? {
        let closes = closes.dropLast(ago)
        return closes.count < length ? nil : TechnicalColumns.exponential(Array(closes), length).last
    }

    private var convergence: [Double] {
        guard bars.count >= 26 else { return [] }
        return zip(TechnicalColumns.exponential(closes, 12), TechnicalColumns.exponential(closes, 26)).map { $0 - $1 }
    }

    /// Wilder's relative strength index over 14 bars.
    private func strength(ago: Int) -> Double? {
        let closes = Array(closes.dropLast(ago))
        guard closes.count > 14 else { return nil }
        var (gain, loss) = (0.0, 0.0)
        for (index, (before, now)) in zip(closes, closes.dropFirst()).enumerated() {
            let weight = 1 / Double(min(index + 1, 14))
            gain += (max(0, now - before) - gain) * weight
            loss += (max(0, before - now) - loss) * weight
        }
        return gain + loss == 0 ? 50 : 100 * gain / (gain + loss)
    }

    /// The newest close less the one before.
    private var step: Double? { closes.count < 2 ? nil : closes[closes.count - 1] - closes[closes.count - 2] }

    private func momentum(ago: Int) -> Double? {
        let closes = closes.dropLast(ago)
        guard closes.count > 10, let last = closes.last else { return nil }
        return last - closes[closes.endIndex - 11]
    }

    /// Where the close lies between the lowest low (0) and the highest high (100).
    private func position(_ length: Int, ago: Int) -> Double? {
        let window = bars.dropLast(ago).suffix(length)
        guard window.count == length, let close = window.last?.close, let low = window.map(\.low).min(),
            let high = window.map(\.high).max(), high > low
        else { return nil }
        return 100 * (close - low) / (high - low)
    }

    private func stochastic(ago: Int) -> Double? { mean((0..<3).map { position(14, ago: ago + $0) }) }

    /// The commodity channel index over 20 bars.
    private func channel(ago: Int) -> Double? {
        let typical = bars.dropLast(ago).suffix(20).map { ($0.high + $0.low + $0.close) / 3 }
        guard typical.count == 20, let last = typical.last else { return nil }
        let average = typical.reduce(0, +) / 20
        let deviation = typical.map { abs($0 - average) }.reduce(0, +) / 20
        return deviation == 0 ? nil : (last - average) / (0.015 * deviation)
    }

    private func oscillator(ago: Int) -> Double? {
        let middles = bars.dropLast(ago).map { ($0.high + $0.low) / 2 }
        guard let fast = TechnicalColumns.average(middles, 5), let slow = TechnicalColumns.average(middles, 34) else {
            return nil
        }
        return fast - slow
    }

    private func band(_ deviations: Double) -> Double? {
        guard let average = TechnicalColumns.average(closes, 20) else { return nil }
        let variance = closes.suffix(20).map { ($0 - average) * ($0 - average) }.reduce(0, +) / 20
        return average + deviations * variance.squareRoot()
    }

    private static func average(_ values: [Double], _ length: Int) -> Double? {
        values.count < length ? nil : values.suffix(length).reduce(0, +) / Double(length)
    }

    private static func exponential(_ values: [Double], _ length: Int) -> [Double] {
        guard var average = values.first else { return [] }
        return values.map { value in
            average += (value - average) * 2 / Double(length + 1)
            return average
        }
    }
}
