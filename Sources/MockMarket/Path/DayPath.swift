import MarketData

/// One session of one symbol, in blocks of five minutes: the prices at their ends, their extremes and their volumes.
///
/// The ticks inside a block are made from it when they are requested, so that a day's bar needs no ticks.
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

/// Reads a day's path at any moment; remembers the ticks of the block it read last.
struct DayReader {
    private static let blockMilliseconds = DayPath.blockSeconds * 1000
    let day: DayPath
    private var block = -1
    private var ticks: BlockTicks?

    init(_ day: DayPath) { self.day = day }

    /// The price at a moment, in ticks; before the opening the first one, after the close the last one.
    mutating func price(at time: Timestamp) -> Int64 {
        let (block, rest) = place(of: time)
        return rest == 0 ? day.ends[block] : ticks(of: block).price(at: rest)
    }

    /// Units traded on the day until a moment.
    mutating func volume(at time: Timestamp) -> Int64 {
        let (block, rest) = place(of: time)
        return rest == 0 ? day.volumes[block] : ticks(of: block).volume(at: rest)
    }

    /// What happened from one moment to another, both included.
    mutating func aggregate(from: Timestamp, to: Timestamp) -> Aggregate {
        let (open, close) = (price(at: from), price(at: to))
        var (high, low) = (max(open, close), min(open, close))
        let (first, firstRest) = place(of: from)
        let (last, lastRest) = place(of: to)
        if first == last {
            extend(first, firstRest, lastRest, &high, &low)
        } else {
            if firstRest > 0 { extend(first, firstRest, DayReader.blockMilliseconds, &high, &low) }
            for block in (firstRest > 0 ? first + 1 : first)..<last {
                (high, low) = (max(high, day.highs[block]), min(low, day.lows[block]))
            }
            if lastRest > 0 { extend(last, 0, lastRest, &high, &low) }
        }
        return Aggregate(open: open, high: high, low: low, close: close, volume: volume(at: to) - volume(at: from))
    }

    /// Takes in the ticks of a part of a block.
    private mutating func extend(_ block: Int, _ from: Int64, _ to: Int64, _ high: inout Int64, _ low: inout Int64) {
        let step = BlockTicks.milliseconds
        let (first, last) = ((from + step - 1) / step, to / step)
        guard first <= last, to > from else { return }
        for price in ticks(of: block).prices[Int(first)...Int(last)] {
            (high, low) = (max(high, price), min(low, price))
        }
    }

    private func place(of time: Timestamp) -> (block: Int, rest: Int64) {
        let last = day.session.closes.milliseconds - day.session.opens.milliseconds
        let offset = min(last, max(0, time.milliseconds - day.session.opens.milliseconds))
        return (Int(offset / DayReader.blockMilliseconds), offset % DayReader.blockMilliseconds)
    }

    private mutating func ticks(of block: Int) -> BlockTicks {
        if block == self.block, let ticks { return ticks }
        let made = BlockTicks(block: block, of: day)
        (self.block, ticks) = (block, made)
        return made
    }
}
