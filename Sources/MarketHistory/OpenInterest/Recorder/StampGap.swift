import MarketData

/// A stretch between two stamps of one source that is longer than a step.
struct StampGap: Hashable {
    let source: Provenance.Source
    let span: TimeRange
}
