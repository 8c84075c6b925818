import MarketData

extension SeriesCoverage {
    /// What is kept of the series, in a line for people.
    var words: String {
        var words = "\(bars) bars are stored"
        if let first, let last { words += ", from \(first) to \(last)" }
        if revisions > 0 { words += "; \(revisions) former values of bars that came back different" }
        return words + (missingBars > 0 ? "; \(missingBars) bars are missing" : "; nothing is missing")
    }
}
