import MarketData

/// One session of one symbol, in blocks of five minutes: the prices at their ends, their extremes and their volumes.
///
/// The ticks inside a block are made from it when they are asked for, so that a day's bar needs no ticks.
struct DayPath: Sendable {
    static let blockSeconds: Int64 = 300

    let session: TradingSession
    let noise: SeededNoise
    /// The price at the beginning of each block, and at the end of the last; in ticks.
    let ends: [Int64]
    let highs: [Int64]
    let lows: [Int64]
    /// Units traded before each block, and on the whole day.
    let volumes: [Int64]
    /// The standard deviation of a block's change, in ticks.
    let blockDeviation: Double

    var blocks: Int { highs.count }

    init(
        session: TradingSession, open: Int64, close: Int64, deviation: Double, dailyVolume: Int64, noise: SeededNoise
    ) {
        self.session = session
        self.noise = noise
        let count = Int(session.seconds / DayPath.blockSeconds)
        blockDeviation = deviation / Double(count).squareRoot()
        let bridge = Bridge(
            from: open, to: close, steps: count, deviation: blockDeviation, noise: noise.child(1)
        )
        ends = (0...count).map { max(1, bridge[$0]) }
        var (highs, lows, volumes) = ([Int64](), [Int64](), [Int64(0)])
        let (above, below, traded) = (noise.child(2), noise.child(3), noise.child(4))
        for block in 0..<count {
            let (top, bottom) = (max(ends[block], ends[block + 1]), min(ends[block], ends[block + 1]))
            highs.append(top + DayPath.excess(above.bell(block), blockDeviation))
            lows.append(max(1, bottom - DayPath.excess(below.bell(block), blockDeviation)))
            let even = DayPath.shape(block, of: count) * Double(dailyVolume) / Double(count)
            volumes.append(volumes[block] + Int64((even * (0.5 + traded.fraction(block))).rounded()))
        }
        (self.highs, self.lows, self.volumes) = (highs, lows, volumes)
    }

    /// How far a block's extreme lies beyond its ends.
    private static func excess(_ bell: Int64, _ deviation: Double) -> Int64 {
        Int64((Double(abs(bell)) / SeededNoise.bellDeviation * deviation * 0.6).rounded())
    }

    /// More is traded at both ends of a day than in the middle; one on average.
    private static func shape(_ block: Int, of count: Int) -> Double {
        let place = Double(2 * block + 1) / Double(count) - 1
        return 0.6 + 1.2 * place * place
    }
}
