public import MarketData

extension ResolvedSymbol {
    /// What is known of the instrument, in Bhav's words, under the symbol that was asked for.
    public func instrument(_ symbol: Symbol) -> Instrument {
        Instrument(
            symbol: symbol,
            description: summary,
            type: type,
            currency: currencyCode,
            country: country,
            timeZone: timeZone,
            session: session,
            hasVolume: hasVolume,
            priceScale: priceScale.flatMap(Int.init(exactly:)),
            minimumMove: minMove.flatMap(Int.init(exactly:))
        )
    }
}
