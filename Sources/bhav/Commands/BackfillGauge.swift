import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// How far a backfill of many series has come, and how long the rest will take at the pace so far. Each series weighs as
/// much as the bars that its span may hold.
struct BackfillGauge {
    private let weights: [Int: Double]
    private let total: Double
    private let items: Int
    private var settled = 0
    private var reached = 0.0
    private var current = 0.0
    private var bars = 0
    private var barsOfItem = 0

    init(job: BackfillJob, now: Timestamp) {
        let open = job.items.filter(\.isOpen)
        items = open.count
        weights = Dictionary(uniqueKeysWithValues: open.map { ($0.number, BackfillGauge.weight($0.order, now)) })
        total = weights.values.reduce(0, +)
    }

    mutating func advance(_ item: Int, _ progress: BackfillProgress) {
        guard progress.lacking > 0 else { return }
        current = (weights[item] ?? 0) * Double(progress.done) / Double(progress.lacking)
        barsOfItem = progress.done
    }

    mutating func settle(_ item: Int) {
        settled += 1
        reached += weights[item] ?? 0
        bars += barsOfItem
        current = 0
        barsOfItem = 0
    }

    /// `[####....] 3/12  NSE:TCS 1m  3400/90000 bars  1200/s, 12 min left`.
    func line(_ item: BackfillJob.Item, _ progress: BackfillProgress, seconds: Double) -> String {
        let share = total > 0 ? min(1, (reached + current) / total) : 1
        let filled = Int(share * 24)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        let key = item.order.key
        var line =
            "[\(bar)] \(settled)/\(items)  \(key.symbol) \(key.interval)  \(progress.done)/\(progress.lacking) bars"
        guard share > 0, seconds > 0.5 else { return line }
        let left = Int((seconds * (1 - share) / share).rounded(.up))
        line += "  \(Int(Double(bars + barsOfItem) / seconds))/s, \(BackfillGauge.words(left)) left"
        return line
    }

    static func words(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
    }

    private static func weight(_ order: BackfillOrder, _ now: Timestamp) -> Double {
        guard let range = order.range(now: now) else { return 0 }
        let length = order.key.interval.shortestSeconds
        return max(1, Double(range.to.seconds - range.from.seconds) / Double(max(1, length)))
    }
}
