import MarketData
import MarketStore

/// Where bars came from, gathered page by page, for a line to people.
struct StoredOrigins {
    private(set) var bars = 0
    private var names: [String] = []
    private var asOf: Timestamp?
    private var isSimulated = false

    mutating func add(_ page: StoredBars) {
        bars += page.bars.count
        for stretch in page.stretches {
            let origin = stretch.provenance
            let name = origin.briefWords + (origin.feed.map { " (\($0))" } ?? "")
            if !names.contains(name) { names.append(name) }
            asOf = max(asOf ?? origin.asOf, origin.asOf)
            isSimulated = isSimulated || origin.mode == .simulated
        }
    }

    /// What all of it is, together.
    func provenance(now: Timestamp) -> Provenance {
        Provenance(
            source: .store, feed: nil, mode: isSimulated ? .simulated : .recorded, delaySeconds: nil,
            asOf: asOf ?? now)
    }

    func words(now: Timestamp) -> String {
        "\(bars) bars, \(provenance(now: now).words)"
            + (names.isEmpty ? "" : "; from \(names.joined(separator: ", "))")
    }
}
