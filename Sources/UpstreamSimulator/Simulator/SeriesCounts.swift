import MarketData
import Synchronization

/// Counts the bars asked for and sent, by symbol and interval. Bounded.
final class SeriesCounts: Sendable {
    private struct Key: Hashable {
        let symbol: String
        let interval: Interval
    }

    private static let most = 10_000
    private let counts = Mutex<[Key: SeriesCount]>([:])

    /// By symbol, then from the shortest interval up.
    var all: [SeriesCount] {
        counts.withLock { Array($0.values) }
            .sorted { ($0.symbol, "\($0.interval)") < ($1.symbol, "\($1.interval)") }
    }

    func answered(_ series: ChartSeries, asked: Int, sent: Int) {
        change(series) {
            $0.requests += 1
            $0.barsAsked += asked
            $0.barsSent += sent
        }
    }

    func pushed(_ series: ChartSeries, bars: Int) { change(series) { $0.barsPushed += bars } }

    func reset() { counts.withLock { $0 = [:] } }

    private func change(_ series: ChartSeries, _ change: (inout SeriesCount) -> Void) {
        let key = Key(symbol: "\(series.instrument.symbol)", interval: series.interval)
        counts.withLock { counts in
            guard counts[key] != nil || counts.count < SeriesCounts.most else { return }
            change(&counts[key, default: SeriesCount(symbol: key.symbol, interval: key.interval)])
        }
    }
}
