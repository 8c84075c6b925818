/// The ticks of one block of five minutes: a price every five seconds, and the volume until then.
struct BlockTicks: Sendable {
    static let count = 60
    static let milliseconds: Int64 = 5_000

    /// `count + 1` prices in ticks; the last one is the first of the next block.
    let prices: [Int64]
    /// Units traded on the day until then.
    let volumes: [Int64]

    /// The ticks of a block of a day. They begin and end at the block's ends and touch its extremes.
    init(block: Int, of day: DayPath) {
        let noise = day.noise.child(1000 + block)
        prices = BlockTicks.prices(block, day, noise)
        var weights: [Int64] = [0]
        for step in 0..<BlockTicks.count {
            weights.append(weights[step] + 1 + Int64(noise.bits(100 + step) >> 59))
        }
        let (before, all) = (day.volumes[block], day.volumes[block + 1] - day.volumes[block])
        let whole = weights[BlockTicks.count]
        volumes = weights.map { before + all * $0 / whole }
    }

    private static func prices(_ block: Int, _ day: DayPath, _ noise: SeededNoise) -> [Int64] {
        let (low, high) = (day.lows[block], day.highs[block])
        let first = 1 + noise.integer(0, below: count - 3)
        let second = first + 1 + noise.integer(1, below: count - 1 - first)
        let highComesFirst = noise.bits(2) & 1 == 0
        let turns: [(step: Int, price: Int64)] = [
            (0, day.ends[block]), (first, highComesFirst ? high : low), (second, highComesFirst ? low : high),
            (count, day.ends[block + 1]),
        ]
        let deviation = day.blockDeviation / Double(count).squareRoot()
        var prices = [turns[0].price]
        prices.reserveCapacity(count + 1)
        for (start, end) in zip(turns, turns.dropFirst()) {
            let steps = end.step - start.step
            let bridge = Bridge(
                from: start.price, to: end.price, steps: steps, deviation: deviation, noise: noise,
                firstIndex: 200 + start.step
            )
            for step in 1...steps { prices.append(folded(bridge[step], low, high)) }
        }
        return prices
    }

    /// Turns a walk back at the extremes, instead of letting it stop changing there.
    private static func folded(_ price: Int64, _ low: Int64, _ high: Int64) -> Int64 {
        if low <= price, price <= high { return price }
        let width = high - low
        guard width > 0 else { return low }
        let there = abs(price - low) % (2 * width)
        return low + min(there, 2 * width - there)
    }

    /// The price at a moment of the block, on the straight line between two ticks, rounded to the nearest tick.
    func price(at milliseconds: Int64) -> Int64 {
        let step = Int(milliseconds / BlockTicks.milliseconds)
        if step >= BlockTicks.count { return prices[BlockTicks.count] }
        let rest = milliseconds - Int64(step) * BlockTicks.milliseconds
        let rise = (prices[step + 1] - prices[step]) * rest
        let half = BlockTicks.milliseconds / 2
        return prices[step] + (rise >= 0 ? rise + half : rise - half) / BlockTicks.milliseconds
    }

    /// Units traded on the day until a moment of the block.
    func volume(at milliseconds: Int64) -> Int64 {
        let step = Int(milliseconds / BlockTicks.milliseconds)
        if step >= BlockTicks.count { return volumes[BlockTicks.count] }
        let rest = milliseconds - Int64(step) * BlockTicks.milliseconds
        return volumes[step] + (volumes[step + 1] - volumes[step]) * rest / BlockTicks.milliseconds
    }
}

/// What happened to a price between two moments, in ticks, and how much was traded.
struct Aggregate: Hashable, Sendable {
    var open: Int64
    var high: Int64
    var low: Int64
    var close: Int64
    var volume: Int64

    init(open: Int64, high: Int64, low: Int64, close: Int64, volume: Int64) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// Adds the next part.
    mutating func append(_ next: Aggregate) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        volume += next.volume
    }
}

/// Prices inside the mock market are whole ticks of 0.05.
enum Prices {
    static let ticksInOne = 20.0

    static func price(_ ticks: Int64) -> Double { Double(ticks) / ticksInOne }

    /// The nearest tick, at least one.
    static func ticks(_ price: Double) -> Int64 { max(1, Int64((price * ticksInOne).rounded())) }
}
