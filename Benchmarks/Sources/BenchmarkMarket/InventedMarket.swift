public import MarketData

/// One-minute bars of NSE sessions, the same in every run: a walk over prices with two decimals.
public struct InventedMarket: Sequence, Sendable {
    /// 2016-11-22, 00:00 in India.
    public static let start = Timestamp(seconds: 1_479_753_000)
    /// Where the bars begin and end.
    public static let boundaries = BarBoundaries(interval: .oneMinute)

    private let bars: Int
    private let seed: UInt64

    /// The given number of sessions of 375 bars.
    public init(sessions: Int, seed: UInt64 = 1) {
        bars = sessions * 375
        self.seed = seed
    }

    /// Ascending.
    public func makeIterator() -> Iterator { Iterator(bars: bars, seed: seed) }

    /// Makes up bar after bar.
    public struct Iterator: IteratorProtocol {
        private var openings: ExpectedOpenings
        private var left: Int
        private var state: UInt64
        private var price: Int64 = 2_245_015

        init(bars: Int, seed: UInt64) {
            left = bars
            state = seed
            openings = ExpectedOpenings(boundaries: InventedMarket.boundaries, from: InventedMarket.start)
        }

        /// The next bar.
        public mutating func next() -> Bar? {
            guard left > 0 else { return nil }
            left -= 1
            let close = Swift.max(100_000, price + random(1_001) - 500)
            let (high, low) = (Swift.max(price, close) + random(300), Swift.min(price, close) - random(300))
            let bar = Bar(
                time: openings.next(), open: Double(price) / 100, high: Double(high) / 100, low: Double(low) / 100,
                close: Double(close) / 100, volume: Double(random(100_000)), isFinal: true)
            price = close
            return bar
        }

        private mutating func random(_ below: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % below)
        }
    }
}

/// The openings of one-minute bars, session by session.
struct ExpectedOpenings {
    private let boundaries: BarBoundaries
    private var session: TradingSession
    private var opening: Timestamp

    init(boundaries: BarBoundaries, from start: Timestamp) {
        self.boundaries = boundaries
        session = boundaries.calendar.nextSession(after: start, segment: boundaries.segment)
        opening = session.opens
    }

    mutating func next() -> Timestamp {
        if opening >= session.closes {
            let end = Timestamp(milliseconds: session.closes.milliseconds - 1)
            session = boundaries.calendar.nextSession(after: end, segment: boundaries.segment)
            opening = session.opens
        }
        defer { opening = opening.advanced(bySeconds: 60) }
        return opening
    }
}
