import JSON
import MarketData
import TradingViewProtocol

/// The server's side of one WebSocket connection, without the socket: what the client sent and the time go in, what to
/// send comes out.
struct SimulatedConnection: Sendable {
    /// How the connection is doing.
    enum Condition: Equatable, Sendable {
        case open
        /// A fault: heartbeats, and nothing else.
        case stalled
        /// A fault: nothing at all.
        case silent
        case closed
    }

    /// Messages to send later.
    struct Delayed: Sendable {
        let due: Timestamp
        let actions: [ConnectionAction]
    }

    /// How long a slow response takes, in seconds.
    static let slowResponse: Int64 = 8

    /// The origin of embedded widgets.
    ///
    /// An options object beside the symbols of a quote session was seen refused for the main site's origins. A client
    /// that comes from the widgets' origin (pytradingview) sends one with every symbol; there it is taken.
    static let widgetOrigin = "https://s.tradingview.com"

    let simulation: Simulation
    let takesQuoteOptions: Bool
    var condition = Condition.open
    var heartbeats: Heartbeats
    var charts: [String: ChartSession] = [:]
    var quotes: [String: QuoteSession] = [:]
    /// How many sessions were ever created here.
    var sessionsCreated = 0
    /// Which of the recorded histories were played here.
    var playedHistories: Set<Int> = []
    private var delayed: [Delayed] = []

    var configuration: SimulatorConfiguration { simulation.configuration }

    /// - Parameter origin: Where the page that connects says it comes from.
    init(simulation: Simulation, origin: String? = nil, now: Timestamp) {
        self.simulation = simulation
        takesQuoteOptions = origin == SimulatedConnection.widgetOrigin
        heartbeats = Heartbeats(
            intervalSeconds: simulation.configuration.heartbeatSeconds,
            patienceSeconds: simulation.configuration.heartbeatPatienceSeconds,
            start: now
        )
    }

    /// What the server says first.
    func greeting(at now: Timestamp) -> [ConnectionAction] {
        if let recorded = simulation.recording?.hello { return [.text(recorded)] }
        let hello: JSONText = .object([
            ("session_id", "0.1.1_sim1-charts-free-1-tvbs-sim-1"), ("timestamp", .int(now.seconds)),
            ("timestampMs", .int(now.milliseconds)), ("release", "release_bhav-simulator"),
            ("studies_metadata_hash", "0000000000000000000000000000000000000000"), ("auth_scheme_vsn", 2),
            ("protocol", "json"), ("via", "127.0.0.1:443"), ("javastudies", ["3.66"]),
        ])
        return [.text(WirePacket(hello.bytes).framed)]
    }

    /// Takes a packet of the client.
    mutating func receive(_ packet: Packet, at now: Timestamp) -> [ConnectionAction] {
        guard condition != .closed else { return [] }
        switch packet {
        case .heartbeat(let payload):
            heartbeats.acknowledge(payload)
            return []
        case .message(let payload):
            guard let call = ClientCallDecoder.decode(payload) else { return protocolError("wrong data") }
            return condition == .open ? handle(call, at: now) : []
        case .unreadable:
            return protocolError("wrong data")
        }
    }

    /// Lets time pass: heartbeats, changed quotes and bars, responses that had to wait.
    mutating func tick(at now: Timestamp) -> [ConnectionAction] {
        guard condition != .closed, condition != .silent else { return [] }
        if heartbeats.isDead(at: now) { return end(with: [.close]) }
        var actions = streamFaults(at: now)
        guard condition != .silent else { return [] }
        if let heartbeat = heartbeats.due(at: now) { actions.append(.text(heartbeat.framed)) }
        guard condition == .open else { return actions }
        while let first = delayed.first, first.due <= now {
            actions += first.actions
            delayed.removeFirst()
        }
        let packets = chartUpdates(at: now) + quoteUpdates(at: now) + lateRecordedSymbols(at: now)
        // One message for all that changed: hundreds of symbols cost one frame a tick.
        if !packets.isEmpty { actions.append(.text(packets.glued)) }
        return closing(actions)
    }

    /// Sends a response, with the active faults applied.
    mutating func deliver(
        _ messages: [[WirePacket]], target: (message: Int, packet: Int), faults: Set<Fault>, at now: Timestamp
    ) -> [ConnectionAction] {
        let delivery = ResponseDelivery(messages, target: target, faults: faults)
        let heartbeat = faults.contains(.gluedHeartbeat) ? heartbeats.next(at: now) : nil
        let actions = delivery.actions(heartbeat: heartbeat)
        if faults.contains(.silence) {
            condition = .silent
        } else if faults.contains(.stallWithHeartbeats) {
            condition = .stalled
        } else if faults.contains(.slow) {
            delayed.append(Delayed(due: now.advanced(bySeconds: SimulatedConnection.slowResponse), actions: actions))
            return []
        }
        return closing(actions)
    }

    /// The faults that strike a response about an instrument.
    func faults(for instrument: SimulatedInstrument?, among candidates: Set<Fault>) -> Set<Fault> {
        let own = instrument?.fault.map { [$0] } ?? []
        return simulation.ledger.striking(among: candidates).union(candidates.intersection(own))
    }

    mutating func protocolError(_ reason: String) -> [ConnectionAction] {
        end(with: [.text(WirePacket("protocol_error", [.string(reason)]).framed), .close])
    }

    private mutating func end(with actions: [ConnectionAction]) -> [ConnectionAction] {
        condition = .closed
        return actions
    }

    private mutating func closing(_ actions: [ConnectionAction]) -> [ConnectionAction] {
        for action in actions {
            switch action {
            case .close, .reset, .closeMidFrame: condition = .closed
            default: break
            }
        }
        return actions
    }
}

/// What the simulated server does next on a connection.
enum ConnectionAction: Equatable, Sendable {
    /// Sends a text message.
    case text([UInt8])
    /// Sends a binary message.
    case binary([UInt8])
    /// Sends one text message in a number of continuation frames.
    case fragments([UInt8], pieces: Int)
    /// Sends a WebSocket ping.
    case ping
    /// Closes cleanly.
    case close
    /// Announces a text frame of the whole message, sends the first half of it and drops the connection.
    case closeMidFrame([UInt8])
    /// Drops the connection with a TCP reset.
    case reset
}

extension SimulatedConnection {
    /// Handles one call. Calls without a response upstream have none here.
    mutating func handle(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        switch call.name {
        case "set_auth_token": return authorize(call)
        case "chart_create_session": return createChart(call)
        case "chart_delete_session": return endChart(call)
        case "switch_timezone": return switchTimeZone(call)
        case "resolve_symbol": return resolve(call, at: now)
        case "create_series": return createSeries(call, at: now)
        case "modify_series": return modifySeries(call, at: now)
        case "request_more_data": return moreData(call, at: now)
        case "remove_series": return removeSeries(call)
        case "get_first_bar_time": return firstBarTime(call, at: now)
        case "create_study": return createStudy(call, at: now)
        case "quote_create_session": return createQuotes(call)
        case "quote_delete_session": return endQuotes(call)
        case "quote_set_fields": return setFields(call)
        case "quote_add_symbols": return addSymbols(call, at: now)
        case "quote_remove_symbols": return removeSymbols(call)
        case "quote_fast_symbols": return fastSymbols(call)
        case "quote_hibernate_all": return hibernate(call)
        case "replay_create_session", "replay_add_series": return refuseReplay(call)
        default: return []
        }
    }

    private mutating func authorize(_ call: ReceivedCall) -> [ConnectionAction] {
        let token = call.text(at: 0) ?? ""
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        let looksLikeJWT = parts.count == 3 && parts.allSatisfy { !$0.isEmpty }
        let isKnown = token == ClientCall.anonymousToken || token == "widget_user_token" || looksLikeJWT
        return isKnown ? [] : protocolError("bad auth token")
    }

    private func refuseReplay(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let request = call.text(at: 1), !request.isEmpty else { return [] }
        let refusal: [JSONText] = [.string(session), .string(request), "the simulator has no replay"]
        return [.text(WirePacket("replay_error", refusal).framed)]
    }

    /// `critical_error`: the session ends, the connection stays.
    func criticalError(_ call: ReceivedCall, _ reason: String) -> [ConnectionAction] {
        let arguments = call.parameters.dropFirst().map { $0.string ?? $0.text }.joined(separator: ", ")
        let packet = WirePacket(
            "critical_error",
            [
                .string(call.text(at: 0) ?? ""), .string(reason),
                .string("method: \(call.name). args: \"[\(arguments)]\""),
            ]
        )
        return [.text(packet.framed)]
    }

    /// Counts a new session; `nil` where it may be made, otherwise the refusal.
    mutating func refusalOfNewSession(_ call: ReceivedCall) -> [ConnectionAction]? {
        sessionsCreated += 1
        guard sessionsCreated > configuration.sessionsPerConnection else { return nil }
        return criticalError(call, "max sessions rate reached")
    }
}
