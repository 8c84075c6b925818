import MarketData
import TradingViewProtocol

/// What is asked of one chart session: which series, and how far back.
struct SeriesQuestion: Sendable {
    /// How far back the bars must reach.
    enum Reach: Hashable, Sendable {
        /// The newest bars, this many.
        case count(Int)
        /// All bars since an instant.
        case since(Timestamp)
    }

    let request: BarRequest
    /// The name at TradingView, such as `NSE:CNXFINANCE`.
    let wireName: String
    let resolution: Resolution
    let pageSize: Int
    var reach: Reach
    /// Whether the dates of a continuous future's rolls are asked for beside the bars.
    var asksRolls: Bool

    /// The most bars that one question may gather.
    static let mostBars = 250_000

    /// - Throws: `MarketDataError`: a request that cannot be asked of TradingView.
    init(_ request: BarRequest, pageSize: Int) throws(MarketDataError) {
        try request.validate()
        self.request = request
        self.pageSize = pageSize
        wireName = WireName.of(request.symbol)
        resolution = Resolution(request.interval)
        asksRolls = RollStudy.isContinuous(wireName)
        guard resolution.isNative else {
            throw MarketDataError(
                .notSupported,
                "TradingView keeps no bars of \(request.interval); ask for one of \(SeriesRefusal.nativeIntervals)",
                source: .tradingview)
        }
        switch request.span {
        case .count(let count): reach = .count(count)
        case .range(let range): reach = .since(range.from)
        }
    }

    var specification: SymbolSpecification {
        var specification = SymbolSpecification(request)
        specification.symbol = wireName
        return specification
    }

    /// Whether the bars up to the end of a range are asked for, and not the newest ones, where many lie between.
    var isAnchored = true

    /// What the first call asks for: of a range that ended long ago, the bars up to its end.
    func firstBars(at now: Timestamp) -> BarCount {
        guard let end = anchor(at: now), case .since(let start) = reach else { return .newest(firstCount(at: now)) }
        let span = max(0, end.seconds - start.seconds) / request.interval.shortestSeconds
        return .upTo(end.advanced(bySeconds: -1), count: min(Int(clamping: span) + 1, pageSize))
    }

    /// The end of the range; `nil` where it is no range, or where the newest bars bring it along.
    func anchor(at now: Timestamp) -> Timestamp? {
        guard isAnchored, case .range(let range) = request.span else { return nil }
        let bars = (now.seconds - range.to.seconds) / request.interval.shortestSeconds
        return bars > SeriesQuestion.bridgedBars ? range.to : nil
    }

    /// So many bars between a range and now are fetched along with it.
    private static let bridgedBars: Int64 = 50

    /// How many of the newest bars the first call asks for.
    func firstCount(at now: Timestamp) -> Int {
        switch reach {
        case .count(let count): return min(count, pageSize)
        case .since(let start):
            let span = max(0, now.seconds - start.seconds) / request.interval.shortestSeconds
            return min(max(10, Int(clamping: span) + 2), pageSize)
        }
    }

    /// Whether bars from `oldest` on, this many, are enough.
    func isAnswered(by count: Int, since oldest: Timestamp) -> Bool {
        switch reach {
        case .count(let wanted): count >= wanted
        case .since(let start): oldest <= start
        }
    }

    /// How many older bars to ask for next.
    func nextCount(having count: Int) -> Int {
        switch reach {
        case .count(let wanted): min(pageSize, max(1, wanted - count))
        case .since: pageSize
        }
    }
}
