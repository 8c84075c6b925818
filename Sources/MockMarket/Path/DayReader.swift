import MarketData

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
