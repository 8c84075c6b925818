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

/// How bars are written: `{"i":0,"v":[1685633880.0,306.0,307.49,304.3,305.93,28229375.0]}`.
struct BarText: Equatable, Sendable {
    /// The place of the volume.
    enum Volume: Sendable {
        case written, leftOut, null
    }

    var volume = Volume.written
    var exponents = false

    func append(_ bar: Bar, index: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"i\":\(index),\"v\":[".utf8)
        let values = [Double(bar.time.milliseconds) / 1000, bar.open, bar.high, bar.low, bar.close]
        for (place, value) in values.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            append(value, to: &bytes)
        }
        switch volume {
        case .leftOut: break
        case .null: bytes.append(contentsOf: ",null".utf8)
        case .written:
            if let volume = bar.volume {
                bytes.append(UInt8(ascii: ","))
                append(volume, to: &bytes)
                if let openInterest = bar.openInterest {
                    bytes.append(UInt8(ascii: ","))
                    append(openInterest, to: &bytes)
                }
            }
        }
        bytes.append(contentsOf: "]}".utf8)
    }

    private func append(_ value: Double, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (exponents ? BarText.withExponent(value) : value.description).utf8)
    }

    /// The same number as `d.ddde+NN`, as strictly as the shortest text: it reads back the same.
    static func withExponent(_ value: Double) -> String {
        let text = value.description
        guard !text.contains("e"), value != 0 else { return text }
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0]
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
        let digits = (whole + fraction).drop { $0 == "0" }
        let leadingZeros = whole.utf8.count + fraction.utf8.count - digits.utf8.count
        let exponent = whole.utf8.count - 1 - leadingZeros
        let rest = digits.dropFirst()
        let sign = isNegative ? "-" : ""
        let mantissa = "\(sign)\(digits.prefix(1)).\(rest.isEmpty ? "0" : rest)"
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
    }
}

extension BarText {
    /// How the faults want bars written.
    init(_ faults: Set<Fault>) {
        if faults.contains(.noVolume) { volume = .leftOut }
        if faults.contains(.nullVolume) { volume = .null }
        exponents = faults.contains(.exponentFloats)
    }
}
