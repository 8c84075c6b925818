import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    mutating func createQuotes(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0) else { return protocolError("wrong data") }
        if let refusal = refusalOfNewSession(call) { return refusal }
        quotes[session] = QuoteSession()
        return []
    }

    mutating func endQuotes(_ call: ReceivedCall) -> [ConnectionAction] {
        if let session = call.text(at: 0) { quotes[session] = nil }
        return []
    }

    mutating func setFields(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), quotes[session] != nil else { return [] }
        let names = call.names
        quotes[session]?.fields = names.isEmpty ? nil : Set(names)
        return []
    }

    mutating func addSymbols(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let known = quotes[session] else { return [] }
        guard takesQuoteOptions || !call.hasOptions else {
            return criticalQuoteError(call, "invalid_parameters", call.name)
        }
        let names = call.names
        guard known.streams.count + names.count <= configuration.symbolsPerQuoteSession else {
            return criticalQuoteError(call, "exceed limit of symbols in the session", call.name)
        }
        return names.flatMap { addSymbol($0, to: session, at: now) }
    }

    private mutating func addSymbol(_ name: String, to session: String, at now: Timestamp) -> [ConnectionAction] {
        guard condition == .open, quotes[session] != nil else { return [] }
        let candidates = ResponseDelivery.faults.union([.symbolError, .criticalError, .freeze, .deadFeed])
        let instrument = simulation.recording == nil ? instrument(name) : nil
        let faults = faults(for: instrument, among: candidates)
        if faults.contains(.criticalError) {
            quotes[session] = nil
            let refusal: [JSONText] = [.string(session), "simulated critical error", "quote_add_symbols"]
            return [.text(WirePacket("critical_error", refusal).framed)]
        }
        let completed = WirePacket("quote_completed", [.string(session), .string(name)])
        guard let instrument, !faults.contains(.symbolError) else {
            return [.text([QuoteText.refusal(session, name), completed].glued)]
        }
        if faults.contains(.deadFeed) { return [] }
        if simulation.deniedGroup(of: instrument) != nil {
            let alternative = instrument.delayedTwin
            return [.text([QuoteText.denial(session, name, alternative: alternative), completed].glued)]
        }
        guard let quote = simulation.market.quote(of: instrument, at: simulation.marketTime(at: now, of: instrument))
        else {
            return [.text([QuoteText.refusal(session, name), completed].glued)]
        }
        let reference = QuoteFields.reference(instrument, updateMode: simulation.updateMode(of: instrument))
        let values = QuoteFields.values(quote, hasUnknownFields: configuration.hasUnknownFields)
        let sent = quotes[session]?.wanted(reference + values) ?? []
        quotes[session]?.streams[name] = QuoteSession.Stream(
            instrument: instrument, sent: Dictionary(sent.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
            updated: now, number: simulation.frozen.open(), isFrozen: faults.contains(.freeze)
        )
        // The snapshot comes in two packets, as upstream's does: the moment of the last price, then all else.
        let moment = sent.filter { $0.name == "lp_time" }
        let rest = sent.filter { $0.name != "lp_time" }
        let packets = [moment, rest].filter { !$0.isEmpty }.map { QuoteText.packet(session, name, $0) }
        return deliver([packets + [completed]], target: (0, 0), faults: faults, at: now)
    }

    mutating func removeSymbols(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0) else { return [] }
        for name in call.names { quotes[session]?.streams[name] = nil }
        return []
    }

    mutating func fastSymbols(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let known = quotes[session] else { return [] }
        let names = call.names
        let quickened = names.filter { known.streams[$0] != nil && !(known.fast?.contains($0) ?? true) }
        quotes[session]?.fast = Set(names)
        let packets = quickened.map { WirePacket("quote_completed", [.string(session), .string($0)]) }
        return packets.isEmpty ? [] : [.text(packets.glued)]
    }

    mutating func hibernate(_ call: ReceivedCall) -> [ConnectionAction] {
        if let session = call.text(at: 0) { quotes[session]?.fast = [] }
        return []
    }

    /// What changed in the quotes.
    mutating func quoteUpdates(at now: Timestamp) -> [WirePacket] {
        var packets: [WirePacket] = []
        for session in quotes.keys.sorted() {
            guard let streams = quotes[session]?.streams else { continue }
            for (name, stream) in streams.sorted(by: { $0.key < $1.key }) {
                let marketTime = simulation.marketTime(at: now, of: stream.instrument)
                guard !stream.isFrozen,
                    !simulation.frozen.isFrozen("\(stream.instrument.symbol)", opened: stream.number),
                    let quote = simulation.market.quote(of: stream.instrument, at: marketTime)
                else { continue }
                let values = QuoteFields.values(quote, hasUnknownFields: configuration.hasUnknownFields)
                let changed = quotes[session]?.changes(of: name, to: values, at: now) ?? []
                if !changed.isEmpty { packets.append(QuoteText.packet(session, name, changed)) }
            }
        }
        return packets
    }

    private mutating func criticalQuoteError(
        _ call: ReceivedCall, _ reason: String, _ information: String
    ) -> [ConnectionAction] {
        let session = call.text(at: 0) ?? ""
        quotes[session] = nil
        let refusal: [JSONText] = [.string(session), .string(reason), .string(information)]
        return [.text(WirePacket("critical_error", refusal).framed)]
    }
}

/// One quote session of a connection: whose values it wants, which of them, and what was sent to it.
struct QuoteSession: Sendable {
    /// One name under which an instrument was added; the plain one and `={...}` are separate streams.
    struct Stream: Sendable {
        let instrument: SimulatedInstrument
        /// What the client has, by field.
        var sent: [String: JSONText]
        var updated: Timestamp
        /// Its place among all that were opened.
        let number: Int
        /// A fault: it stops changing after its first values.
        let isFrozen: Bool
    }

    /// How far apart updates of names outside the fast set are, in seconds.
    private static let slowUpdates: Int64 = 5

    /// The fields wanted; `nil` for all.
    var fields: Set<String>?
    /// By the name as it was added.
    var streams: [String: Stream] = [:]
    /// The names that are reported at full rate; `nil` for all.
    var fast: Set<String>?

    /// The fields of a snapshot that the session wants.
    func wanted(_ values: [QuoteFields.Field]) -> [QuoteFields.Field] {
        guard let fields else { return values }
        return values.filter { fields.contains($0.name) }
    }

    /// The fields that changed since the last update, where the name's time has come.
    mutating func changes(
        of name: String, to values: [QuoteFields.Field], at now: Timestamp
    ) -> [QuoteFields.Field] {
        guard var stream = streams[name] else { return [] }
        let isFast = fast?.contains(name) ?? true
        guard isFast || now >= stream.updated.advanced(bySeconds: QuoteSession.slowUpdates) else { return [] }
        let changed = wanted(values).filter { stream.sent[$0.name] != $0.value }
        guard !changed.isEmpty else { return [] }
        for field in changed { stream.sent[field.name] = field.value }
        stream.updated = now
        streams[name] = stream
        return changed
    }
}
