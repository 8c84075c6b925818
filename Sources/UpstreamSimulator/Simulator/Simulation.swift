import MarketData
import MockMarket
import Synchronization

/// The state shared by all connections of a simulator; only the ledger and the counters change.
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

    /// The moment whose values are shown.
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

    /// How TradingView calls the way in which values come.
    func updateMode(of instrument: SimulatedInstrument) -> String {
        let delay = delay(of: instrument)
        return delay > 0 ? "delayed_streaming_\(delay)" : "streaming"
    }

    /// The same where a recording plays.
    var updateMode: String {
        configuration.delaySeconds > 0 ? "delayed_streaming_\(configuration.delaySeconds)" : "streaming"
    }
}

/// Symbols whose open series and quotes are frozen. Those opened later move again.
final class FrozenSymbols: Sendable {
    private struct State {
        var opened = 0
        var frozen: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// Numbers a series or a quote that is opened.
    func open() -> Int {
        state.withLock { state in
            state.opened += 1
            return state.opened
        }
    }

    func freeze(_ symbol: String) { state.withLock { $0.frozen[symbol] = $0.opened } }

    func thaw(_ symbol: String) { state.withLock { $0.frozen[symbol] = nil } }

    func isFrozen(_ symbol: String, opened number: Int) -> Bool {
        state.withLock { state in state.frozen[symbol].map { number <= $0 } ?? false }
    }
}

/// The faults that still occur: limited ones occur their number of times.
final class FaultLedger: Sendable {
    private struct State {
        var faults: Set<Fault>
        /// Those that strike without limit.
        var begun: Set<Fault> = []
        var struck: [Fault: Int] = [:]
    }

    private let limit: Int?
    private let state: Mutex<State>

    init(faults: Set<Fault>, limit: Int?) {
        self.limit = limit
        state = Mutex(State(faults: faults))
    }

    /// Whether the fault strikes now; if so, that counts.
    func strikes(_ fault: Fault) -> Bool {
        state.withLock { state in
            if state.begun.contains(fault) { return true }
            guard state.faults.contains(fault) else { return false }
            guard let limit else { return true }
            let count = state.struck[fault, default: 0]
            state.struck[fault] = min(count + 1, limit)
            return count < limit
        }
    }

    /// Whether the fault was requested at all.
    func isConfigured(_ fault: Fault) -> Bool {
        state.withLock { $0.faults.contains(fault) || $0.begun.contains(fault) }
    }

    /// Those of the faults that strike now.
    func striking(among candidates: Set<Fault>) -> Set<Fault> { candidates.filter(strikes) }

    func begin(_ fault: Fault) { state.withLock { _ = $0.begun.insert(fault) } }

    func end(_ fault: Fault) {
        state.withLock { state in
            state.begun.remove(fault)
            state.faults.remove(fault)
        }
    }
}
