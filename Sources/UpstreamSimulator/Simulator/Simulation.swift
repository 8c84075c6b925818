import MarketData

/// What all connections of one simulator share; nothing of it changes but the ledger and what is counted.
struct Simulation: Sendable {
    let configuration: SimulatorConfiguration
    let market: MarketView
    let recording: Recording?
    let ledger: FaultLedger
    let counts = SeriesCounts()
    let openInterestRequests = RequestNumber()

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
    func marketTime(at now: Timestamp) -> Timestamp {
        now.advanced(bySeconds: -Int64(configuration.delaySeconds))
    }

    /// How TradingView calls the way in which figures come.
    var updateMode: String {
        configuration.delaySeconds > 0 ? "delayed_streaming_\(configuration.delaySeconds)" : "streaming"
    }
}
