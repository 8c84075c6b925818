import MarketData

/// What a client has been told of each instrument, and so what there is to tell.
struct QuoteChanges {
    private var told: [Symbol: Quote] = [:]

    /// Takes a newer quote.
    /// - Returns: What the client knew before, where there is anything to tell; a quote without figures where it knew
    ///   nothing.
    mutating func take(_ quote: Quote) -> Former? {
        let former = told.updateValue(quote, forKey: quote.symbol)
        guard let former else { return .unknown }
        var same = quote
        same.provenance.asOf = former.provenance.asOf
        return same == former ? nil : .known(former)
    }

    /// What the client knew before.
    enum Former {
        case unknown
        case known(Quote)
    }
}
