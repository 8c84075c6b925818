import MarketData

/// How `timescale_update` and `du` are written.
enum ChartUpdateText {
    /// Bars of one series, numbered on.
    struct Block: Equatable, Sendable {
        let series: String
        let turnaround: String
        let bars: [Bar]
        let firstIndex: Int
        let text: BarText
        /// When the last bar closes.
        var barClose: Timestamp?
    }

    /// The time scale that comes with whole pages.
    struct Scale: Equatable, Sendable {
        /// How many points were put before the former beginning.
        var zoneOffset = 0
        /// By how much the former points' numbers grew.
        var shift = 0
    }

    static func timescale(
        session: String, block: Block, scale: Scale = Scale(), at now: Timestamp
    ) -> WirePacket {
        var bytes = head("timescale_update", session: session, block: block)
        bytes.append(contentsOf: ",{\"index\":0,\"zoffset\":\(scale.zoneOffset),\"changes\":[".utf8)
        for (place, bar) in block.bars.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: (Double(bar.time.milliseconds) / 1000).description.utf8)
        }
        bytes.append(contentsOf: "],\"marks\":[".utf8)
        for (place, bar) in block.bars.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "[20,\(bar.time.seconds),\(block.firstIndex + place)]".utf8)
        }
        let shift = scale.shift == 0 ? "" : "[0,\(scale.shift)]"
        bytes.append(contentsOf: "],\"index_diff\":[\(shift)],\"last_session_switches\":{}}]".utf8)
        bytes.append(contentsOf: ",\"t\":\(now.seconds),\"t_ms\":\(now.milliseconds)}".utf8)
        return WirePacket(bytes)
    }

    static func update(session: String, block: Block) -> WirePacket {
        var bytes = head("du", session: session, block: block)
        bytes.append(contentsOf: "]}".utf8)
        return WirePacket(bytes)
    }

    private static func head(_ name: String, session: String, block: Block) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + block.bars.count * 104)
        bytes.append(contentsOf: "{\"m\":\"\(name)\",\"p\":[".utf8)
        JSONText.string(session).append(to: &bytes)
        bytes.append(contentsOf: ",{".utf8)
        JSONText.string(block.series).append(to: &bytes)
        bytes.append(contentsOf: ":{\"node\":\"sim1-charts-1-series-1\",\"s\":[".utf8)
        for (place, bar) in block.bars.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            block.text.append(bar, index: block.firstIndex + place, to: &bytes)
        }
        bytes.append(contentsOf: "],\"ns\":{\"d\":\"\",\"indexes\":[]},\"t\":".utf8)
        JSONText.string(block.turnaround).append(to: &bytes)
        if let close = block.barClose {
            bytes.append(contentsOf: ",\"lbs\":{\"bar_close_time\":\(close.seconds)}".utf8)
        }
        bytes.append(contentsOf: "}}".utf8)
        return bytes
    }
}
