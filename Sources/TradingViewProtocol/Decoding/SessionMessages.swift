import JSON
import MarketData

extension ServerMessage {
    /// What a chart session says of its studies; `nil` for any other message.
    func studyEvent() throws(MessageFault) -> ServerEvent? {
        switch method {
        case "study_loading": .studyLoading(try series())
        case "study_completed": .studyCompleted(try series())
        case "study_error": .studyError(try series(), reason: reason(3))
        case "study_deleted": .studyDeleted(try series())
        case "studies_metadata": .studiesMetadata(try session(), Array(parameters.dropFirst()))
        default: nil
        }
    }

    /// What quote and replay sessions say; `nil` for any other message.
    func sessionEvent() throws(MessageFault) -> ServerEvent? {
        switch method {
        case "qsd": .quoteData(try quote())
        case "quote_completed": .quoteCompleted(try session(), name: try text(1))
        case "replay_ok": .replay(try session(), .ok(request: try text(1)))
        case "replay_error": .replay(try session(), .error(request: try text(1), reason: reason(2)))
        case "replay_point": .replay(try session(), .point(index: try number(1)))
        case "replay_instance_id": .replay(try session(), .instance(id: try text(1)))
        case "replay_resolutions": .replay(try session(), .resolutions(Array(parameters.dropFirst())))
        case "replay_data_end": .replay(try session(), .dataEnd(Array(parameters.dropFirst())))
        default: nil
        }
    }

    /// What the server says of sessions' ends and of the connection; `nil` for any other message.
    func connectionEvent() throws(MessageFault) -> ServerEvent? {
        switch method {
        case "critical_error":
            let info = parameter(2)
            // One that names no session is the whole connection's.
            return .criticalError(
                SessionID(rawValue: parameter(0).string ?? ""),
                reason: reason(1),
                info: info.isNull ? nil : ErrorReason.text(info) ?? info.text
            )
        case "protocol_error":
            return .protocolError(parameters.map { ErrorReason.text($0) ?? $0.text }.joined(separator: ", "))
        case "notify_user": return .notifyUser(parameters)
        case "protocol_switched": return .protocolSwitched(try text(0))
        default: return nil
        }
    }

    private func number(_ position: Int) throws(MessageFault) -> Double {
        guard let number = parameter(position).double else {
            throw MessageFault("parameter \(position + 1) of \(method) is not a number")
        }
        return number
    }

    private func quote() throws(MessageFault) -> QuoteUpdate {
        let object = try object(1)
        guard let name = object["n"]?.string, let status = object["s"]?.string else {
            throw MessageFault("a quote has no name or status")
        }
        let values = object["v"] ?? .null
        guard let fields = values.isNull ? [:] : values.object else {
            throw MessageFault("the fields of a quote are not an object")
        }
        return QuoteUpdate(
            session: try session(),
            name: name,
            status: QuoteUpdate.Status(status),
            errorMessage: object["errmsg"].flatMap(ErrorReason.text),
            fields: QuoteFields(fields)
        )
    }
}

extension QuoteUpdate.Status {
    /// Reads the server's word.
    init(_ word: String) {
        self =
            switch word {
            case "ok": .ok
            case "error": .error
            case "permission_denied": .permissionDenied
            default: .other(word)
            }
    }
}

extension ServerHello {
    /// Reads the first packet, which is an object without a method; `nil` where it has nothing of a hello.
    init?(_ object: [String: JSONValue]) {
        guard object["session_id"]?.string != nil || object["protocol"]?.string != nil else { return nil }
        let clock = ServerClock(seconds: object["timestamp"]?.double, milliseconds: object["timestampMs"]?.double)
        let studies = object["javastudies"]
        self.init(
            sessionID: object["session_id"]?.string,
            time: clock.time,
            release: object["release"]?.string,
            wireProtocol: object["protocol"]?.string,
            studies: studies?.string.map { [$0] } ?? studies?.array?.compactMap(\.string) ?? []
        )
    }
}
