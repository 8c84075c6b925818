import JSON
import MarketData

/// A server message of any kind as JSON: its method, its parameters and the server's clock.
struct ServerMessage {
    let method: String
    let parameters: [JSONValue]
    let serverTime: Timestamp?

    /// The event of a payload's JSON.
    static func event(_ value: JSONValue, payload: UnsafeBufferPointer<UInt8>) throws(MessageFault) -> ServerEvent {
        guard let object = value.object else { throw MessageFault("a message is an object, and this is none") }
        guard let method = object["m"] else {
            guard let hello = ServerHello(object) else { throw MessageFault("a message without a method") }
            return .hello(hello)
        }
        guard let name = method.string else { throw MessageFault("the method of a message is not text") }
        guard let parameters = (object["p"] ?? []).array else {
            throw MessageFault("the parameters of \(name) are not a list")
        }
        let clock = ServerClock(seconds: object["t"]?.double, milliseconds: object["t_ms"]?.double)
        let message = ServerMessage(method: name, parameters: parameters, serverTime: clock.time)
        if let event = try message.chartEvent() { return event }
        if let event = try message.studyEvent() { return event }
        if let event = try message.sessionEvent() { return event }
        if let event = try message.connectionEvent() { return event }
        return .unknown(method: name, payload: Array(payload.prefix(ServerEventDecoder.longestPayloadKept)))
    }

    /// The parameter at a position, or null.
    func parameter(_ position: Int) -> JSONValue {
        parameters.indices.contains(position) ? parameters[position] : .null
    }

    /// The parameter at a position, which must be text.
    func text(_ position: Int) throws(MessageFault) -> String {
        guard let text = parameter(position).string else {
            throw MessageFault("parameter \(position + 1) of \(method) is not text")
        }
        return text
    }

    /// The parameter at a position, which must be an object.
    func object(_ position: Int) throws(MessageFault) -> [String: JSONValue] {
        guard let object = parameter(position).object else {
            throw MessageFault("parameter \(position + 1) of \(method) is not an object")
        }
        return object
    }

    /// The first parameter, which must be the name of a session.
    func session() throws(MessageFault) -> SessionID { SessionID(rawValue: try text(0)) }

    /// Session, series or study, and turnaround, which are at these positions.
    func series(turnaround position: Int = 2) throws(MessageFault) -> SeriesReference {
        SeriesReference(session: try session(), id: try text(1), turnaround: try text(position))
    }

    /// Why something failed: text, or `{error, ctx}`. A failure is one also where its reason is missing or strange.
    func reason(_ position: Int) -> String {
        let value = parameter(position)
        return ErrorReason.text(value) ?? (value.isNull ? "no reason given" : value.text)
    }
}

/// Reasons as the server gives them: text, or `{error, ctx}`, where `error` may name keys of `ctx` in braces.
enum ErrorReason {
    /// The reason in one printable line; `nil` where there is none.
    static func text(_ value: JSONValue) -> String? { raw(value)?.printable }

    private static func raw(_ value: JSONValue) -> String? {
        if let text = value.string { return text }
        guard var text = value["error"]?.string else { return nil }
        var rest: [String] = []
        for (key, value) in (value["ctx"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let shown = value.string ?? value.text
            if text.contains("{\(key)}") {
                text = text.replacing("{\(key)}", with: shown)
            } else {
                rest.append("\(key): \(shown)")
            }
        }
        return rest.isEmpty ? text : "\(text) (\(rest.joined(separator: ", ")))"
    }
}

/// The server's clock as messages carry it: `t` in seconds and `t_ms` in milliseconds.
struct ServerClock {
    var seconds: Double?
    var milliseconds: Double?

    /// The more exact of the two; `nil` where there is none.
    var time: Timestamp? {
        if let milliseconds { return Timestamp(wireSeconds: milliseconds / 1000) }
        return seconds.flatMap(Timestamp.init(wireSeconds:))
    }
}

extension Timestamp {
    /// An instant from seconds with a fraction, to the nearest millisecond; `nil` for an invalid instant.
    init?(wireSeconds seconds: Double) {
        guard abs(seconds) < 1e11 else { return nil }
        let scaled = seconds * 1000
        let whole = Int64(scaled)
        self.init(milliseconds: Double(whole) == scaled ? whole : Int64(scaled.rounded()))
    }
}
