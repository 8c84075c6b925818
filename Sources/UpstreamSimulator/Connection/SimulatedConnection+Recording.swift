import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    /// How long a client may wait for the recorded symbol without asking for its bars, in milliseconds.
    private static let symbolWait: Int64 = 500

    /// Answers a history request with the next recorded history.
    mutating func playRecording(_ parameters: CreateSeriesParameters, at now: Timestamp) -> [ConnectionAction] {
        let session = parameters.session.rawValue
        charts[session]?.awaitedRecordedSymbol = nil
        guard let recording = simulation.recording, recordingsPlayed < recording.histories.count else {
            let refusal: [JSONText] = [
                .string(session), .string(parameters.series), .string(parameters.turnaround),
                .string("the recording holds no further history; \(recordingsPlayed) were played"), "undefined",
            ]
            return [.text(WirePacket("series_error", refusal, stampMilliseconds: now.milliseconds).framed)]
        }
        let history = recording.histories[recordingsPlayed]
        recordingsPlayed += 1
        charts[session]?.recordedTurnarounds[parameters.series] = parameters.turnaround
        let wanted = RecordedNames(
            session: session, series: parameters.series, turnaround: parameters.turnaround,
            symbol: parameters.symbolName
        )
        return history.messages(for: wanted).map { .text($0) }
    }

    /// A recording has no older bars than it holds.
    func endOfRecording(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let series = call.text(at: 1),
            let recording = simulation.recording, recordingsPlayed > 0
        else { return [] }
        let history = recording.histories[recordingsPlayed - 1]
        let turnaround = charts[session]?.recordedTurnarounds[series] ?? history.names.turnaround ?? ""
        let completed: [JSONText] = [
            .string(session), .string(series), .string(simulation.updateMode), .string(turnaround),
            .object([("rt_update_period", 0), ("data_completed", "end")]),
        ]
        return [.text(WirePacket("series_completed", completed, stampMilliseconds: now.milliseconds).framed)]
    }

    /// Tells of symbols alone to clients that do not ask for bars before they know the symbol.
    mutating func lateRecordedSymbols(at now: Timestamp) -> [WirePacket] {
        guard let recording = simulation.recording else { return [] }
        var packets: [WirePacket] = []
        for (session, chart) in charts {
            guard let awaited = chart.awaitedRecordedSymbol,
                now.milliseconds >= awaited.since.milliseconds + SimulatedConnection.symbolWait,
                recordingsPlayed < recording.histories.count
            else { continue }
            charts[session]?.awaitedRecordedSymbol = nil
            let wanted = RecordedNames(session: session, symbol: awaited.name)
            let payload = recording.histories[recordingsPlayed].symbolPayload(for: wanted)
            if let payload { packets.append(WirePacket(payload)) }
        }
        return packets
    }
}
