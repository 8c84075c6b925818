import MarketData

extension SimulatedConnection {
    /// What the faults of open streams send at a tick; some change the connection for good.
    mutating func streamFaults(at now: Timestamp) -> [ConnectionAction] {
        guard condition == .open else { return [] }
        if simulation.ledger.strikes(.silentStream) { condition = .silent }
        if simulation.ledger.strikes(.stallStream) { condition = .stalled }
        guard condition == .open else { return [] }
        var actions: [ConnectionAction] = []
        if simulation.ledger.strikes(.garbageStream) {
            let garbage =
                "this is no packet of TradingView's, and it goes on {for a while} so that bars may be lost in it"
            actions.append(.text(Array((garbage + garbage).utf8)))
        }
        if simulation.ledger.strikes(.brokenStream) {
            actions.append(.text(WirePacket(Array(#"{"m":"du","p":["cs_"#.utf8)).framed))
        }
        if simulation.ledger.strikes(.unknownSeries) { actions.append(.text(SimulatedConnection.strangers.glued)) }
        if !charts.isEmpty, simulation.ledger.strikes(.seriesErrorStream) { actions += endSeries(at: now) }
        if !charts.isEmpty, simulation.ledger.strikes(.symbolErrorStream) { actions += forgetSymbols(at: now) }
        if !charts.isEmpty || !quotes.isEmpty, simulation.ledger.strikes(.criticalStream) { actions += endSessions() }
        return actions
    }

    /// Bars of a series that was never created, and of a session that was never opened.
    private static let strangers: [WirePacket] = {
        let bars: JSONText = .object([
            (
                "sds_99",
                .object([
                    ("node", "sim"),
                    ("s", .list([.object([("i", 1), ("v", .list([.int(1_600_000_000), 1, 1, 1, 1, 1]))])])),
                    ("t", "s1"),
                ])
            )
        ])
        let quote: JSONText = .object([
            ("n", "NSE:NOBODY"), ("s", "ok"), ("v", .object([("lp", 1)])),
        ])
        return [
            WirePacket("du", ["cs_unknownunkno", bars]), WirePacket("qsd", ["qs_unknownunkno", quote]),
        ]
    }()

    private mutating func endSeries(at now: Timestamp) -> [ConnectionAction] {
        var packets: [WirePacket] = []
        for session in charts.keys.sorted() {
            for series in (charts[session]?.series ?? [:]).values.sorted(by: { $0.id < $1.id }) {
                packets.append(
                    WirePacket(
                        "series_error",
                        [
                            .string(session), .string(series.id), .string(series.turnaround), "simulated series error",
                            "sim",
                        ], stampMilliseconds: now.milliseconds))
                charts[session]?.series[series.id] = nil
            }
        }
        return packets.isEmpty ? [] : [.text(packets.glued)]
    }

    private mutating func forgetSymbols(at now: Timestamp) -> [ConnectionAction] {
        var packets: [WirePacket] = []
        for session in charts.keys.sorted() where charts[session]?.series.isEmpty == false {
            for name in (charts[session]?.symbols ?? [:]).keys.sorted() {
                packets.append(
                    WirePacket(
                        "symbol_error", [.string(session), .string(name), "invalid symbol"],
                        stampMilliseconds: now.milliseconds))
            }
            charts[session]?.series = [:]
        }
        return packets.isEmpty ? [] : [.text(packets.glued)]
    }

    private mutating func endSessions() -> [ConnectionAction] {
        let names = charts.keys.sorted() + quotes.keys.sorted()
        (charts, quotes) = ([:], [:])
        return [
            .text(
                names.map { WirePacket("critical_error", [.string($0), "simulated critical error", "stream"]) }.glued)
        ]
    }
}
