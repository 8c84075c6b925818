import MarketData
import MockMarket
import TradingViewProtocol

extension MarketView {
    /// The instrument that a specification names, in its terms; `nil` where there is none.
    func instrument(_ specification: SymbolSpecification) -> SimulatedInstrument? {
        guard var instrument = instrument(named: specification.symbol) else { return nil }
        instrument.terms = SpokenTerms(
            adjustment: specification.adjustment ?? .splits, backAdjusted: specification.backAdjusted
        )
        // A currency without a rate is passed over: the answer's own currency code says so.
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
