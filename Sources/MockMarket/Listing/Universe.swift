import MarketData

/// Everything that the mock market trades.
struct Universe: Sendable {
    let listings: [Listing]
    private let bySymbol: [Symbol: Int]

    static let standard = Universe(
        listings: indices + futures + shares + generated + splitting + currencies + abroad + scripted)

    init(listings: [Listing]) {
        self.listings = listings
        bySymbol = Dictionary(listings.enumerated().map { ($1.symbol, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func listing(_ symbol: Symbol) throws(MarketDataError) -> Listing {
        if let known = known(symbol) ?? FuturesListings.listing(symbol, in: self) { return known }
        throw MarketDataError(
            .symbolNotFound, "the mock market has no symbol '\(symbol)'", source: .mock,
            suggestions: NearNames(listings.map(\.symbol)).suggestions(for: symbol).map(\.description)
        )
    }

    /// The listed instruments, without those made on request.
    func known(_ symbol: Symbol) -> Listing? { bySymbol[symbol].map { listings[$0] } }

    private static let indices: [Listing] = [
        index("NSE", "NIFTY", "Nifty 50 Index", 25_000, 0.009, volume: 280_000_000),
        index("NSE", "BANKNIFTY", "Nifty Bank Index", 57_000, 0.010, volume: 160_000_000),
        index("NSE", "FINNIFTY", "Nifty Financial Services Index", 27_000, 0.0095, volume: 190_000_000),
        index("NSE", "MIDCPNIFTY", "Nifty Midcap Select Index", 13_500, 0.011, volume: 140_000_000),
        index("NSE", "NIFTYNXT50", "Nifty Next 50 Index", 68_000, 0.011, volume: 230_000_000),
        index("NSE", "INDIAVIX", "India Volatility Index", 13, 0.035, growth: 0, volume: nil),
        index("BSE", "SENSEX", "S&P BSE Sensex Index", 82_000, 0.009, volume: 12_000_000),
        index("BSE", "BANKEX", "S&P BSE Bankex Index", 64_000, 0.010, volume: 5_000_000),
    ]

    private static let futures: [Listing] = [
        future("NIFTY", "Nifty 50 Index Futures", 25_040, 0.009, volume: 9_000_000, openInterest: 17_000_000),
        future("BANKNIFTY", "Nifty Bank Index Futures", 57_100, 0.010, volume: 2_200_000, openInterest: 2_400_000),
    ]

    private static let shares: [Listing] = [
        share("NSE", "RELIANCE", "Reliance Industries Ltd", 1_450, 0.013, volume: 11_000_000),
        share("NSE", "TCS", "Tata Consultancy Services Ltd", 3_300, 0.012, volume: 2_600_000),
        share("NSE", "INFY", "Infosys Ltd", 1_550, 0.014, volume: 7_000_000),
        share("NSE", "HDFCBANK", "HDFC Bank Ltd", 980, 0.011, volume: 18_000_000),
        share("NSE", "SBIN", "State Bank of India", 850, 0.013, volume: 12_000_000),
        share("NASDAQ", "AAPL", "Apple Inc.", 230, 0.014, volume: 48_000_000, currency: "USD", country: "US"),
    ]

    /// So that hundreds of symbols can be streamed.
    private static let generated: [Listing] = (1...300).map { number in
        let name = "MOCK" + String(1000 + number).dropFirst()
        let noise = SeededNoise(seed: 0, name: name)
        let level = Double(60 + noise.integer(0, below: 3_940))
        return share(
            "NSE", name, "Mock Company \(number)", level, 0.01 + noise.fraction(1) * 0.012,
            volume: Int64(200_000 + noise.integer(2, below: 8_000_000))
        )
    }

    /// The share that splits and pays dividends; after the others, whose places in searches stay.
    private static let splitting = [
        share("NSE", CorporateActions.seededSymbol.ticker, "Splitting Company Ltd", 400, 0.012, volume: 900_000)
    ]

    /// A pair of currencies; after the others too.
    private static let currencies = [
        Listing(
            symbol: Symbol(exchange: "OANDA", ticker: "USDINR"), description: "U.S. Dollar / Indian Rupee",
            type: "forex", currency: "INR", country: "IN", level: 88, dailyVolatility: 0.004, growth: 0.03,
            dailyVolume: 60_000, openInterest: nil, path: "OANDA:USDINR", segment: .cash
        )
    ]

    /// A share and a coin of other time zones; last of all.
    private static let abroad = [
        share("ASX", "BHP", "BHP Group Ltd", 45, 0.014, volume: 7_000_000, currency: "AUD", country: "AU"),
        Listing(
            symbol: Symbol(exchange: "BINANCE", ticker: "BTCUSDT"), description: "Bitcoin / TetherUS", type: "crypto",
            currency: "USDT", country: "", level: 95_000, dailyVolatility: 0.025, growth: 0.4, dailyVolume: 20_000,
            openInterest: nil, path: "BINANCE:BTCUSDT", segment: .cash
        ),
    ]

    /// What the examples of other people's scripts name, such as those of tvDatafeed; after all others.
    private static let scripted = [
        share("NSE", "EICHERMOT", "Eicher Motors Ltd", 7_000, 0.013, volume: 450_000),
        Listing(
            symbol: Symbol(exchange: "MCX", ticker: "CRUDEOIL1!"), description: "Crude Oil Futures", type: "futures",
            currency: "INR", country: "IN", level: 5_400, dailyVolatility: 0.018, growth: 0.03, dailyVolume: 30_000,
            openInterest: 15_000, path: "MCX:CRUDEOIL", segment: .cash
        ),
        Listing(
            symbol: Symbol(exchange: "BINANCE", ticker: "ETHUSDT"), description: "Ethereum / TetherUS", type: "crypto",
            currency: "USDT", country: "", level: 3_200, dailyVolatility: 0.03, growth: 0.4, dailyVolume: 300_000,
            openInterest: nil, path: "BINANCE:ETHUSDT", segment: .cash
        ),
    ]

    private static func index(
        _ exchange: String, _ ticker: String, _ description: String, _ level: Double, _ volatility: Double,
        growth: Double = 0.09, volume: Int64?
    ) -> Listing {
        Listing(
            symbol: Symbol(exchange: exchange, ticker: ticker), description: description, type: "index",
            currency: "INR", country: "IN", level: level, dailyVolatility: volatility, growth: growth,
            dailyVolume: volume, openInterest: nil, path: "\(exchange):\(ticker)", segment: .cash
        )
    }

    private static func future(
        _ underlying: String, _ description: String, _ level: Double, _ volatility: Double, volume: Int64,
        openInterest: Int64
    ) -> Listing {
        Listing(
            symbol: Symbol(exchange: "NSE", ticker: "\(underlying)1!"), description: description, type: "futures",
            currency: "INR", country: "IN", level: level, dailyVolatility: volatility, growth: 0.09,
            dailyVolume: volume, openInterest: openInterest, path: "NSE:\(underlying)", segment: .derivatives,
            contract: OptionListing.of(Symbol(exchange: "NSE", ticker: underlying)).map {
                FuturesContract(options: $0, rank: 1, isCarried: false)
            }
        )
    }

    private static func share(
        _ exchange: String, _ ticker: String, _ description: String, _ level: Double, _ volatility: Double,
        volume: Int64, currency: String = "INR", country: String = "IN"
    ) -> Listing {
        Listing(
            symbol: Symbol(exchange: exchange, ticker: ticker), description: description, type: "stock",
            currency: currency, country: country, level: level, dailyVolatility: volatility, growth: 0.09,
            dailyVolume: volume, openInterest: nil, path: "\(exchange):\(ticker)", segment: .cash
        )
    }
}

/// What the mock market makes prices of: an instrument, and how its price and volume behave.
struct Listing: Sendable {
    let symbol: Symbol
    let description: String
    let type: String
    let currency: String
    let country: String
    /// Where the price wanders about from 2026 on.
    let level: Double
    /// The standard deviation of a day's relative change.
    let dailyVolatility: Double
    /// How much a year lifted the level before 2026, as a logarithm.
    let growth: Double
    /// Units traded on a day in the middle; `nil` for an instrument without volume.
    let dailyVolume: Int64?
    /// Open contracts in the middle; `nil` for what has none.
    let openInterest: Int64?
    /// Whose path of prices this one follows: a future that of its underlying.
    let path: String
    let segment: TradingCalendar.Segment
    /// Which contract a continuous future follows.
    var contract: FuturesContract? = nil

    var instrument: Instrument {
        Instrument(
            symbol: symbol, description: description, type: type, currency: currency, country: country,
            timeZone: IndianTime.zone, hasVolume: dailyVolume != nil, priceScale: 100, minimumMove: 5
        )
    }
}
