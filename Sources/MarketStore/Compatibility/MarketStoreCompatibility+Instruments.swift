import MarketData

extension MarketStoreCompatibility {
    static let instruments: [CompatibilityCheck] = [
        CompatibilityCheck("what was last said of an instrument is what is known of it") { store in
            let symbol = MarketSample.key.symbol
            try requireEqual(try await store.instrument(of: symbol), nil, "before anything was said")
            let first = Instrument(symbol: symbol, timeZone: "Asia/Kolkata", session: "24x7", hasVolume: false)
            try await store.keep(first)
            try requireEqual(try await store.instrument(of: symbol), first, "what was kept")
            var second = Instrument(
                symbol: symbol, description: "Nifty 50", type: "index", currency: "INR", priceScale: 100, minimumMove: 5
            )
            second.country = "IN"
            try await store.keep(second)
            try await store.keep(second)
            try requireEqual(try await store.instrument(of: symbol), second, "what was said later")
        }
    ]
}
