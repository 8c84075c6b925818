import MarketData
import MockMarket

/// What all connections of one simulator share; nothing of it changes but the ledger and what is counted.
struct Simulation: Sendable {
    let configuration: SimulatorConfiguration
    let market: MarketView
    let recording: Recording?
    let ledger: FaultLedger
    let counts = SeriesCounts()
    let openInterestRequests = RequestNumber()
    let frozen = FrozenSymbols()

    init(configuration: SimulatorConfiguration) throws(SimulatorConfigurationError) {
        self.configuration = configuration
        market = MarketView(configuration)
        ledger = FaultLedger(faults: configuration.faults, limit: configuration.faultLimit)
        if let folder = configuration.recording {
            recording = try Recording(folder: folder)
        } else {
            recording = nil
        }
    }

    /// The moment whose figures are shown.
    func marketTime(at now: Timestamp, of instrument: SimulatedInstrument) -> Timestamp {
        now.advanced(bySeconds: -delay(of: instrument))
    }

    private func delay(of instrument: SimulatedInstrument) -> Int64 {
        max(Int64(configuration.delaySeconds), instrument.delaySeconds)
    }

    /// Splits a share now.
    func split(_ symbol: Symbol, ratio: Double) {
        let today = market.calendar.latestSession(at: configuration.clock(), segment: .cash).date
        market.market.announce(CorporateAction(symbol: symbol, date: today, kind: .split(ratio: ratio)))
    }

    /// The group of instruments that the user has no right to, where this is one of them.
    func deniedGroup(of instrument: SimulatedInstrument) -> String? {
        if instrument.fault == .permissionDenied { return "economics_paid" }
        if let group = configuration.deniedExchanges[instrument.symbol.exchange] { return group }
        return instrument.symbol.exchange == "BSE" && ledger.strikes(.permissionDenied) ? "bse" : nil
    }

    /// How TradingView calls the way in which figures come.
    func updateMode(of instrument: SimulatedInstrument) -> String {
        let delay = delay(of: instrument)
        return delay > 0 ? "delayed_streaming_\(delay)" : "streaming"
    }

    /// The same where a recording plays.
    var updateMode: String {
        configuration.delaySeconds > 0 ? "delayed_streaming_\(configuration.delaySeconds)" : "streaming"
    }
}
