import MarketData

extension BarSeries {
    /// The same, for protocols that cannot name a hole: stored bars beside a span that its source failed to give would
    /// pass for all there is.
    /// - Throws: `MarketDataError`: the failure that left the hole.
    var unbroken: BarSeries {
        get throws {
            for gap in gaps {
                guard let code = MarketDataError.Code(rawValue: gap.reason) else { continue }
                let span = "the bars from \(gap.range.from) to \(gap.range.to) could not be had"
                throw MarketDataError(code, span, source: provenance.source)
            }
            return self
        }
    }
}
