import JSON
import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    /// Answers one call. Upstream is silent about much, and so is this: what has no answer there has none here.
    mutating func answer(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
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
        let isKnown = token == "unauthorized_user_token" || token == "widget_user_token" || looksLikeJWT
        return isKnown ? [] : protocolError("bad auth token")
    }

    private func refuseReplay(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let request = call.text(at: 1), !request.isEmpty else { return [] }
        let refusal: [JSONText] = [.string(session), .string(request), "the simulator has no replay"]
        return [.text(WirePacket("replay_error", refusal).framed)]
    }

    /// `critical_error`: the session is dead, the connection lives.
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
