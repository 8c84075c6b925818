/// How an answer of the server reaches the client, with what may go wrong on the way.
struct AnswerDelivery {
    /// The faults that concern any answer.
    static let faults: Set<Fault> = [
        .protocolError, .close, .closeMidFrame, .reset, .garbage, .brokenJSON, .lenTooSmall, .lenTooLarge,
        .splitOverMessages, .stallWithHeartbeats, .silence, .slow, .continuation, .ping, .oneFrame, .binaryFrame,
        .gluedHeartbeat,
    ]

    /// How far a lying LEN is off.
    static let lengthError = 7

    /// The answer's WebSocket messages, each of some packets.
    var messages: [[WirePacket]]
    /// The message, and the packet in it, that a fault strikes: the bars.
    var target: (message: Int, packet: Int)
    let faults: Set<Fault>

    init(_ messages: [[WirePacket]], target: (message: Int, packet: Int), faults: Set<Fault>) {
        self.messages = messages
        self.target = target
        self.faults = faults
    }

    /// What to do to deliver the answer. Where several faults strike, the one that ends most wins.
    /// - Parameter heartbeat: A heartbeat to glue before the answer, where `gluedHeartbeat` strikes.
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
        if faults.contains(.garbage) { actions.append(.text(Array("this is no packet of TradingView's".utf8))) }
        if faults.contains(.brokenJSON) {
            actions.append(.text(WirePacket(Array(#"{"m":"timescale_update","p":["cs_"#.utf8)).framed))
        }
        if faults.contains(.ping) { actions.append(.ping) }
        return actions
    }

    private func bodies(_ heartbeat: WirePacket?) -> [[UInt8]] {
        var messages = messages
        if faults.contains(.lenTooSmall) { adjustLength(in: &messages, by: -AnswerDelivery.lengthError) }
        if faults.contains(.lenTooLarge) { adjustLength(in: &messages, by: AnswerDelivery.lengthError) }
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
