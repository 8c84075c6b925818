public import MarketData
import Synchronization

/// The price paths of a market, made a day at a time and kept for a while.
final class PricePaths: Sendable {
    private struct Key: Hashable {
        let symbol: Symbol
        let day: Int
    }

    private static let keptDays = 1_024
    private static let keptTotals = 65_536
    /// Places of the long walk in a day: the opening is the first, the close of a session the last, so that a quarter of
    /// a day's variance falls into the night.
    private static let placesInDay = 4
    /// How much of a day's change happens while the market is open.
    private static let openShare = 0.85
    /// 2026-01-01, from when the level no longer grows.
    private static let levelDay = 20_454

    private let seed: UInt64
    private let hours: MockMarket.Hours
    private let days = Mutex<[Key: DayPath]>([:])
    private let totals = Mutex<[Key: Aggregate]>([:])
    private let walks = Mutex<[String: LongWalk]>([:])

    init(seed: UInt64, hours: MockMarket.Hours) {
        self.seed = seed
        self.hours = hours
    }

    /// The path of one session.
    func day(_ session: TradingSession, of listing: Listing) -> DayPath {
        let key = Key(symbol: listing.symbol, day: session.date.daysSinceEpoch)
        if let kept = days.withLock({ $0[key] }) { return kept }
        let made = make(session, of: listing)
        days.withLock { days in
            if days.count >= PricePaths.keptDays { days.removeAll(keepingCapacity: true) }
            days[key] = made
        }
        return made
    }

    /// Open, high, low, close and volume of one whole session.
    func total(_ session: TradingSession, of listing: Listing) -> Aggregate {
        let key = Key(symbol: listing.symbol, day: session.date.daysSinceEpoch)
        if let kept = totals.withLock({ $0[key] }) { return kept }
        let day = make(session, of: listing)
        let made = Aggregate(
            open: day.ends[0], high: day.highs.reduce(day.ends[0], max), low: day.lows.reduce(day.ends[0], min),
            close: day.ends[day.blocks], volume: day.volumes[day.blocks]
        )
        totals.withLock { totals in
            if totals.count >= PricePaths.keptTotals { totals.removeAll(keepingCapacity: true) }
            totals[key] = made
        }
        return made
    }

    /// The last price of a session, in ticks.
    func close(_ session: TradingSession, of listing: Listing) -> Int64 {
        let place = session.date.daysSinceEpoch * PricePaths.placesInDay
        return level(place + PricePaths.placesInDay - (hours == .always ? 0 : 1), of: listing)
    }

    /// The first price of a session, in ticks.
    func open(_ session: TradingSession, of listing: Listing) -> Int64 {
        level(session.date.daysSinceEpoch * PricePaths.placesInDay, of: listing)
    }

    func noise(_ name: String) -> SeededNoise { SeededNoise(seed: seed, name: "\(hours.rawValue) \(name)") }

    private func make(_ session: TradingSession, of listing: Listing) -> DayPath {
        let open = open(session, of: listing)
        let day = session.date.daysSinceEpoch
        let noise = noise("day \(listing.path)").child(day)
        let busy = 0.6 + 0.8 * self.noise("volume \(listing.symbol)").fraction(day)
        return DayPath(
            session: session, open: open, close: close(session, of: listing),
            deviation: Double(open) * listing.dailyVolatility * PricePaths.openShare,
            dailyVolume: Int64((Double(listing.dailyVolume ?? 0) * busy).rounded()), noise: noise
        )
    }

    /// The price at a place of the long walk, in ticks.
    private func level(_ place: Int, of listing: Listing) -> Int64 {
        let walk = walk(of: listing)
        let days = Double(min(0, place - PricePaths.placesInDay * PricePaths.levelDay)) / Double(PricePaths.placesInDay)
        let years = days / 365.25
        let wander = walk.value(at: place) + years * listing.growth
        return Prices.ticks(listing.level * Exponential.of(wander))
    }

    private func walk(of listing: Listing) -> LongWalk {
        walks.withLock { walks in
            if let walk = walks[listing.path] { return walk }
            let walk = LongWalk(
                noise: noise("walk \(listing.path)"),
                step: listing.dailyVolatility / Double(PricePaths.placesInDay).squareRoot()
            )
            walks[listing.path] = walk
            return walk
        }
    }
}

/// A random walk over a century that can be read at any place without walking there.
///
/// Midpoint displacement (Lévy's construction of Brownian motion): the value half way between two known ones is their
/// mean and a seeded push as large as the distance deserves. Over distances beyond `settling` the pushes stop growing,
/// so that the walk stays around zero.
struct LongWalk: Sendable {
    private static let span = 65_536
    private static let settling = 256
    private let noise: SeededNoise
    /// Deviation of the push at distance 1, 2, 4, ...
    private let pushes: [Double]

    /// A walk whose steps have a standard deviation.
    init(noise: SeededNoise, step: Double) {
        self.noise = noise
        var pushes: [Double] = []
        var distance = 1
        while distance <= LongWalk.span {
            let deviation = distance <= LongWalk.settling ? Double(distance).squareRoot() / 2 : 3
            pushes.append(step * deviation / SeededNoise.bellDeviation)
            distance *= 2
        }
        self.pushes = pushes
    }

    func value(at place: Int) -> Double {
        let block = Int64(place) >= 0 ? place / LongWalk.span : (place + 1) / LongWalk.span - 1
        var low = block * LongWalk.span
        var high = low + LongWalk.span
        var level = pushes.count - 1
        var (left, right) = (push(low, level), push(high, level))
        if place == low { return left }
        while true {
            let middle = low + (high - low) / 2
            let value = (left + right) / 2 + push(middle, level)
            if place == middle { return value }
            if place < middle { (high, right) = (middle, value) } else { (low, left) = (middle, value) }
            level -= 1
        }
    }

    private func push(_ place: Int, _ level: Int) -> Double {
        Double(noise.bell(place)) * pushes[level]
    }
}

extension MockMarket {
    /// The price of a symbol at any moment from 2010 on, rounded to 0.05; outside the session the last price before.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `noDataForTime` before 2010.
    public func price(of symbol: Symbol, at time: Timestamp) throws(MarketDataError) -> Double {
        let listing = try universe.listing(symbol)
        try checkHistory(time)
        return price(of: listing, at: time)
    }

    func price(of listing: Listing, at time: Timestamp) -> Double {
        let session = calendar(of: listing).latestSession(at: time, segment: listing.segment)
        if time >= session.closes { return Prices.price(paths.close(session, of: listing)) }
        var reader = DayReader(paths.day(session, of: listing))
        return Prices.price(reader.price(at: time))
    }
}
