import MarketData

extension SimulatedConnection {
    /// What the faults of open streams send at a tick; some change the connection permanently.
    mutating func streamFaults(at now: Timestamp) -> [ConnectionAction] {
        guard condition == .open else { return [] }
        if simulation.ledger.strikes(.silentStream) { condition = .silent }
        if simulation.ledger.strikes(.stallStream) { condition = .stalled }
        guard condition == .open else { return [] }
        var actions: [ConnectionAction] = []
        if simulation.ledger.strikes(.garbageStream) {
            let garbage =
                "this is not a packet of TradingView's, and it is {long enough} so that bars may be lost in it"
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

/// How a response of the server reaches the client, with what may go wrong on the way.
struct ResponseDelivery {
    /// The faults that concern any response.
    static let faults: Set<Fault> = [
        .protocolError, .close, .closeMidFrame, .reset, .garbage, .brokenJSON, .lenTooSmall, .lenTooLarge,
        .splitOverMessages, .stallWithHeartbeats, .silence, .slow, .continuation, .ping, .oneFrame, .binaryFrame,
        .gluedHeartbeat,
    ]

    /// How far a lying LEN is off.
    static let lengthError = 7

    /// The response's WebSocket messages, each of some packets.
    var messages: [[WirePacket]]
    /// The message, and the packet in it, that a fault strikes: the bars.
    var target: (message: Int, packet: Int)
    let faults: Set<Fault>

    init(_ messages: [[WirePacket]], target: (message: Int, packet: Int), faults: Set<Fault>) {
        self.messages = messages
        self.target = target
        self.faults = faults
    }

    /// What to do to deliver the response. Where several faults strike, the one that ends most wins.
    /// - Parameter heartbeat: A heartbeat to glue before the response, where `gluedHeartbeat` strikes.
    func actions(heartbeat: WirePacket?) -> [ConnectionAction] {
        if faults.contains(.silence) || faults.contains(.stallWithHeartbeats) { return [] }
        if faults.contains(.reset) { return [.reset] }
        if faults.contains(.close) { return [.close] }
        if faults.contains(.protocolError) {
            return [.text(WirePacket("protocol_error", ["wrong data"]).framed), .close]
        }
        if faults.contains(.closeMidFrame) { return [.closeMidFrame(messages.joined().glued)] }
        return preamble + bodies(heartbeat).flatMap(sending)
    }

    private var preamble: [ConnectionAction] {
        var actions: [ConnectionAction] = []
        if faults.contains(.garbage) { actions.append(.text(Array("this is not a packet of TradingView's".utf8))) }
        if faults.contains(.brokenJSON) {
            actions.append(.text(WirePacket(Array(#"{"m":"timescale_update","p":["cs_"#.utf8)).framed))
        }
        if faults.contains(.ping) { actions.append(.ping) }
        return actions
    }

    private func bodies(_ heartbeat: WirePacket?) -> [[UInt8]] {
        var messages = messages
        if faults.contains(.lenTooSmall) { adjustLength(in: &messages, by: -ResponseDelivery.lengthError) }
        if faults.contains(.lenTooLarge) { adjustLength(in: &messages, by: ResponseDelivery.lengthError) }
        if let heartbeat, !messages.isEmpty { messages[target.message].insert(heartbeat, at: 0) }
        if faults.contains(.oneFrame) { return [messages.joined().glued] }
        return messages.map(\.glued)
    }

    private func adjustLength(in messages: inout [[WirePacket]], by error: Int) {
        guard messages.indices.contains(target.message),
            messages[target.message].indices.contains(target.packet)
        else { return }
        messages[target.message][target.packet].lengthError = error
    }

    private func sending(_ body: [UInt8]) -> [ConnectionAction] {
        if faults.contains(.splitOverMessages) {
            let middle = splitPoint(of: body)
            return [.text(Array(body[..<middle])), .text(Array(body[middle...]))]
        }
        if faults.contains(.binaryFrame) { return [.binary(body)] }
        if faults.contains(.continuation) { return [.fragments(body, pieces: 3)] }
        return [.text(body)]
    }

    /// The middle, moved to the beginning of a character: a text message must be valid UTF-8.
    private func splitPoint(of body: [UInt8]) -> Int {
        var middle = body.count / 2
        while middle > 0, body[middle] & 0xC0 == 0x80 { middle -= 1 }
        return middle
    }
}
