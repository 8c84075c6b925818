import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    /// How long a client may wait for the recorded symbol without requesting its bars, in milliseconds.
    private static let symbolWait: Int64 = 500

    /// Serves a history request with the next recorded history.
    mutating func playRecording(
        _ parameters: CreateSeriesParameters, of symbol: String, at now: Timestamp
    ) -> [ConnectionAction] {
        let session = parameters.session.rawValue
        charts[session]?.awaitedRecordedSymbol = nil
        let wanted = RecordedNames(
            session: session, series: parameters.series, turnaround: parameters.turnaround,
            symbol: parameters.symbolName
        )
        guard let recording = simulation.recording,
            let next = recording.next(of: symbol, without: playedHistories)
        else {
            let refusal: [JSONText] = [
                .string(session), .string(parameters.series), .string(parameters.turnaround),
                .string("the recording holds no further history; \(playedHistories.count) were played"), "undefined",
            ]
            return [.text(WirePacket("series_error", refusal, stampMilliseconds: now.milliseconds).framed)]
        }
        var responses = recording.histories[next].responses[...]
        playedHistories.insert(next)
        let first = responses.popFirst()
        charts[session]?.played[parameters.series] = PlayedHistory(names: wanted, rest: Array(responses))
        return first?.messages(for: wanted).map { .text($0) } ?? []
    }

    /// Serves a request for more, or for a change, with what was recorded next of the same history.
    /// - Parameter turnaround: The new one, where the request brings one.
    mutating func continueRecording(
        _ call: ReceivedCall, turnaround: String?, at now: Timestamp
    ) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let series = call.text(at: 1),
            var played = charts[session]?.played[series]
        else { return criticalChartError(call, "invalid parameters") }
        played.names.turnaround = turnaround ?? played.names.turnaround
        let next = played.rest.isEmpty ? nil : played.rest.removeFirst()
        charts[session]?.played[series] = played
        if let next { return next.messages(for: played.names).map { .text($0) } }
        let completed: [JSONText] = [
            .string(session), .string(series), .string(simulation.updateMode),
            .string(played.names.turnaround ?? ""),
            // Neither the plan's limit nor the beginning of history: the simulator's own word.
            .object([("rt_update_period", 0), ("data_completed", "recording_ends")]),
        ]
        return [.text(WirePacket("series_completed", completed, stampMilliseconds: now.milliseconds).framed)]
    }

    /// Sends the symbol alone to clients that request bars only once they know the symbol.
    mutating func lateRecordedSymbols(at now: Timestamp) -> [WirePacket] {
        guard let recording = simulation.recording else { return [] }
        var packets: [WirePacket] = []
        for (session, chart) in charts {
            guard let awaited = chart.awaitedRecordedSymbol,
                now.milliseconds >= awaited.since.milliseconds + SimulatedConnection.symbolWait,
                let next = recording.next(of: awaited.symbol, without: playedHistories)
            else { continue }
            charts[session]?.awaitedRecordedSymbol = nil
            let wanted = RecordedNames(session: session, symbol: awaited.name)
            let response = recording.histories[next].responses.first
            if let payload = response?.symbolPayload(for: wanted) { packets.append(WirePacket(payload)) }
        }
        return packets
    }
}
