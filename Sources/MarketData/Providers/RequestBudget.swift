/// A source that may be asked only so often a day.
public protocol RequestBudget: Sendable {
    /// Which source.
    var source: Provenance.Source { get }
    /// How many requests may still be sent today; `nil` where none are counted.
    var requestsLeft: Int? { get }
}
