/// What a live feed of quotes says.
public enum QuoteEvent: Hashable, Sendable {
    /// The newest figures of one instrument, whole.
    case quote(Quote)
    /// One instrument has no quotes; the others go on.
    case refused(Symbol, MarketDataError)
    /// The source came or went.
    case status(SourceStatus)
}
