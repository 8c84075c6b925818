import JSON
import MarketData
import TradingViewProtocol

/// The study that tells when a continuous future went over to the next contract.
///
/// The call is as the site sends it (`BarSetContinuousRollDates`). No answer of the real server is recorded, so all
/// ways in which studies are known to tell times are read: rows, lines drawn at positions of the time scale, and lists of
/// times.
enum RollStudy {
    static let name = "st_rolls"
    private static let turnaround = "st1"
    private static let type = "BarSetContinuousRollDates@tv-corestudies-35"

    /// The call that makes the study of a series.
    static func call(_ session: SessionID, series: String) -> ClientCall {
        .createStudy(
            session, study: name, turnaround: turnaround, series: series, type: type,
            inputs: ["currenttime": .string("now")])
    }

    /// Whether a name is that of a continuous future: `NIFTY1!`, `ES2!`.
    static func isContinuous(_ name: String) -> Bool {
        guard name.hasSuffix("!"), let digit = name.dropLast().last else { return false }
        return digit.isASCII && digit.isNumber
    }

    /// The rolls within the span of the bars, ascending.
    /// - Parameters:
    ///   - bars: The bars of the series, ascending.
    ///   - base: The position of the first of them on the time scale.
    static func rolls(in study: StudyData, bars: [Bar], base: Int) -> [ContractRoll] {
        guard let first = bars.first?.time else { return [] }
        var rolls: [ContractRoll] = study.rows.compactMap { row in
            row.values.first.flatMap { $0 }.flatMap(time).map { ContractRoll(time: $0) }
        }
        if let drawing = study.drawing {
            rolls += listed(drawing)
            rolls += lines(drawing).compactMap { line in
                guard study.indexes.indices.contains(line) else { return nil }
                let place = study.indexes[line] - base
                return bars.indices.contains(place) ? ContractRoll(time: bars[place].time) : nil
            }
        }
        var known: [Timestamp: ContractRoll] = [:]
        for roll in rolls where roll.time >= first {
            // A roll that names its contracts says more than a line.
            if known[roll.time]?.to == nil { known[roll.time] = roll }
        }
        return known.values.sorted { $0.time < $1.time }
    }

    /// The members of any list: numbers that are times, and objects that hold one.
    private static func listed(_ value: JSONValue) -> [ContractRoll] {
        if let list = value.array {
            return list.flatMap { item in
                if let time = item.double.flatMap(time) { return [ContractRoll(time: time)] }
                return listed(item)
            }
        }
        guard let object = value.object else { return [] }
        if let time = (object["time"] ?? object["date"] ?? object["t"])?.double.flatMap(time) {
            let names = (object["from"]?.string, object["to"]?.string)
            return [
                ContractRoll(
                    time: time, from: names.0.flatMap(WireName.symbol), to: names.1.flatMap(WireName.symbol))
            ]
        }
        return object.keys.sorted().flatMap { object[$0].map(listed) ?? [] }
    }

    /// The positions, among the drawing's own, of the vertical lines.
    private static func lines(_ drawing: JSONValue) -> [Int] {
        let sets = drawing["graphicsCmds"]?["create"]?["vertlines"]?.array ?? []
        return sets.flatMap { $0["data"]?.array ?? [] }.compactMap { $0["index"]?.integer }
    }

    /// Seconds since 1970, or milliseconds; nothing else is so large.
    private static func time(_ number: Double) -> Timestamp? {
        switch abs(number) {
        case 1e8..<1e11: Timestamp(milliseconds: Int64((number * 1000).rounded()))
        case 1e11..<1e14: Timestamp(milliseconds: Int64(number.rounded()))
        default: nil
        }
    }
}
