extension Feed where Element == QuoteEvent {
    /// A feed of quotes, in which the newest quote of a symbol replaces an older one that still waits.
    public static func ofQuotes(capacity: Int = 4096) -> (feed: Feed, source: FeedSource<QuoteEvent>) {
        make(capacity: capacity) { event in
            if case .quote(let quote) = event { .symbol(quote.symbol) } else { nil }
        }
    }
}

extension Feed where Element == BarEvent {
    /// A feed of bars, in which a bar replaces an older state of itself that still waits; no bar is ever left out.
    public static func ofBars(capacity: Int = 4096) -> (feed: Feed, source: FeedSource<BarEvent>) {
        make(capacity: capacity) { event in
            if case .bar(let bar) = event { .time(bar.time) } else { nil }
        }
    }
}
