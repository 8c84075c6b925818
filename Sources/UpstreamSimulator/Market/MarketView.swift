import MarketData
import MockMarket
import TradingViewProtocol

/// The mock market, as the simulated upstreams see it.
struct MarketView: Sendable {
    let market: MockMarket
    private let holidays: [CalendarDate]

    init(_ configuration: SimulatorConfiguration) {
        let hours: MockMarket.Hours = configuration.hours == .always ? .always : .exchange
        let clock = configuration.clock
        let delay = Int64(configuration.delaySeconds)
        market = MockMarket(seed: configuration.seed, hours: hours) { clock().advanced(bySeconds: -delay) }
        holidays = hours == .always ? [] : MarketView.knownHolidays
    }

    var calendar: TradingCalendar { market.calendar }

    private static let knownHolidays: [CalendarDate] = IndianHolidays.listedYears.flatMap { year in
        let start = CalendarDate(year: year, month: 1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
        return (0..<366).map(start.advanced(byDays:)).filter { date in
            date.parts.year == year && date.weekday.rawValue < Weekday.saturday.rawValue
                && IndianHolidays.contains(date)
        }
    }
}

// Instruments.
extension MarketView {
    /// The instrument of a name such as `NSE:NIFTY` or `FAULT:SLOW`; `nil` where there is none.
    func instrument(named text: String) -> SimulatedInstrument? {
        guard let symbol = Symbol(verbatim: text.uppercased()) else { return nil }
        var fault = symbol.exchange == "FAULT" ? Fault(rawValue: symbol.ticker.lowercased()) : nil
        guard symbol.exchange != "FAULT" || fault != nil else { return nil }
        let isDelayed = symbol.exchange.hasSuffix(SimulatedInstrument.delayedSuffix)
        let prompt =
            isDelayed
            ? Symbol(
                exchange: String(symbol.exchange.dropLast(SimulatedInstrument.delayedSuffix.count)),
                ticker: symbol.ticker) : symbol
        let backing = fault == nil ? MarketView.listed(prompt) : MarketView.backingOfFaults
        // The pair has a paid feed without data beside the free one.
        if symbol == MarketView.deadPair { fault = .deadFeed }
        guard let known = try? market.instrument(backing) else { return nil }
        let isReplaced = backing.exchange == "NASDAQ" && !isDelayed
        return SimulatedInstrument(
            symbol: symbol,
            feed: isReplaced ? Symbol(exchange: "BATS", ticker: symbol.ticker) : symbol,
            backing: backing,
            fault: fault,
            description: (symbol.exchange == "FAULT" ? fault : nil).map { "Fault: \($0.rawValue)" } ?? known.description
                ?? symbol.ticker,
            exchangeName: isReplaced ? "Cboe One" : symbol.exchange,
            type: known.type ?? "stock",
            currency: known.currency ?? "INR",
            country: known.country ?? "IN",
            timeZone: known.timeZone ?? IndianTime.zone,
            session: known.session ?? "24x7",
            holidays: holidays,
            hasVolume: known.hasVolume ?? true,
            alternatives: fault == .deadFeed && symbol.exchange == "FAULT" ? ["\(backing)"] : [],
            delaySeconds: isDelayed ? 900 : 0
        )
    }

    /// What the search finds.
    func search(_ query: SymbolQuery) async -> [Instrument] {
        (try? await market.search(query)) ?? []
    }

    private static let deadPair = Symbol(exchange: "FXCM", ticker: "USDINR")
    private static let backingOfFaults = Symbol(exchange: "NSE", ticker: "NIFTY")

    /// Who has the values of a symbol: Cboe's own names serve Nasdaq's, and TradingView's for some indices.
    private static func listed(_ symbol: Symbol) -> Symbol {
        switch symbol.description {
        case MarketView.deadPair.description: Symbol(exchange: "OANDA", ticker: symbol.ticker)
        case "NSE:CNXFINANCE": Symbol(exchange: "NSE", ticker: "FINNIFTY")
        case "NSE:NIFTY_MID_SELECT": Symbol(exchange: "NSE", ticker: "MIDCPNIFTY")
        case "NSE:NIFTYJR": Symbol(exchange: "NSE", ticker: "NIFTYNXT50")
        default: symbol.exchange == "BATS" ? Symbol(exchange: "NASDAQ", ticker: symbol.ticker) : symbol
        }
    }
}

// Bars and quotes.
extension MarketView {
    /// The newest values of an instrument.
    func quote(of instrument: SimulatedInstrument, at moment: Timestamp) -> Quote? {
        try? market.quote(of: instrument.backing, at: moment)
    }

    /// The newest bars up to a moment.
    func newestBars(of instrument: SimulatedInstrument, _ interval: Interval, count: Int, at moment: Timestamp) -> [Bar]
    {
        (try? market.bars(BarRequest(instrument, interval, .count(count)), at: moment))?.bars ?? []
    }

    /// The newest bars that open before an instant (`nil`: up to now), as they are known at a moment.
    func page(of series: ChartSeries, count: Int, before: Timestamp?, at moment: Timestamp) -> BarPage {
        guard let before, before <= moment else {
            let request = BarRequest(series.instrument, series.interval, .count(count))
            let made = try? market.bars(request, at: moment)
            return BarPage(bars: made?.bars ?? [], reachesStart: made?.shortfall == .startOfHistory)
        }
        let boundaries = boundaries(of: series.instrument, series.interval)
        var first = before
        for _ in 0..<count where first >= MarketView.earliest { first = boundaries.bar(before: first).from }
        let bars = bars(
            of: series.instrument, interval: series.interval, from: first, at: moment, before: before, limit: count
        )
        return BarPage(bars: bars, reachesStart: first < MarketView.earliest || bars.count < count)
    }

    /// The bars that open from an instant on, as they are known at a moment; the first of them up to a limit.
    func bars(
        of instrument: SimulatedInstrument, interval: Interval, from: Timestamp, at moment: Timestamp,
        before: Timestamp? = nil, limit: Int = 1_000
    ) -> [Bar] {
        let end = before ?? Timestamp(milliseconds: moment.milliseconds + 1)
        guard from < end else { return [] }
        let range = TimeRange(from: from, to: end)
        let made = try? market.bars(BarRequest(instrument, interval, .range(range)), at: moment)
        return Array((made?.bars ?? []).prefix(limit))
    }

    /// When the first bar of an instrument opened.
    func firstBarTime(of instrument: SimulatedInstrument, interval: Interval) -> Timestamp? {
        boundaries(of: instrument, interval).firstBar(openingAtOrAfter: MarketView.earliest).from
    }

    /// When a bar of a series closes, as `lbs` shows it: for whole days a second before the session's end.
    func close(of bar: Bar?, _ series: ChartSeries) -> Timestamp? {
        guard let bar else { return nil }
        let close = boundaries(of: series.instrument, series.interval).latestBar(at: bar.time).to
        return series.interval.isIntraday ? close : close.advanced(bySeconds: -1)
    }

    private static var earliest: Timestamp {
        IndianTime.timestamp(MockMarket.historyBegins, ClockTime(hour: 0, minute: 0))
    }

    private func boundaries(of instrument: SimulatedInstrument, _ interval: Interval) -> BarBoundaries {
        BarBoundaries(
            interval: interval, calendar: market.calendar, segment: instrument.type == "futures" ? .derivatives : .cash
        )
    }
}

// The market as a whole.
extension MarketView {
    /// The values of an underlying.
    func quote(of symbol: Symbol, at moment: Timestamp) -> Quote? { try? market.quote(of: symbol, at: moment) }

    /// Every symbol that has values.
    var symbols: [Symbol] { market.symbols }
}

/// Some bars in a row, and whether there is anything before them.
struct BarPage: Equatable, Sendable {
    /// Ascending.
    var bars: [Bar]
    /// Whether the history begins with the first of them.
    var reachesStart: Bool
}

extension MarketView {
    /// The instrument that a specification names, in its terms; `nil` where there is none.
    func instrument(_ specification: SymbolSpecification) -> SimulatedInstrument? {
        guard var instrument = instrument(named: specification.symbol) else { return nil }
        instrument.terms = RequestedTerms(
            adjustment: specification.adjustment ?? .splits, backAdjusted: specification.backAdjusted
        )
        // A currency without a rate is ignored: the response's own currency code shows that.
        if let currency = specification.currency {
            instrument.terms.currency = knowsRate(of: currency, for: instrument) ? currency : nil
        }
        return instrument
    }

    private func knowsRate(of currency: String, for instrument: SimulatedInstrument) -> Bool {
        (try? market.rate(from: instrument.currency, to: currency)) != nil
    }

    /// When a continuous future changed contracts.
    func rolls(of instrument: SimulatedInstrument, from: Timestamp, to: Timestamp) -> [ContractRoll] {
        guard from < to else { return [] }
        return (try? market.rolls(of: instrument.backing, within: TimeRange(from: from, to: to))) ?? []
    }
}

extension BarRequest {
    /// The request that a client's terms come to.
    init(_ instrument: SimulatedInstrument, _ interval: Interval, _ span: Span) {
        self.init(
            symbol: instrument.backing, interval: interval, span: span, adjustment: instrument.terms.adjustment,
            backAdjusted: instrument.terms.backAdjusted, currency: instrument.terms.currency
        )
    }
}
