import Foundation
import MarketData
import UpstreamSimulator

/// What a soak found, and the server's memory and descriptors over time.
struct SoakLedger: Sendable {
    /// When each fault began, and its name.
    var faults: [(begin: Timestamp, name: String)] = []
    var back = Duration.zero
    var away: [String] = []
    private(set) var compared = 0
    private(set) var wrong = 0
    private(set) var wrongAtFirst = 0
    private(set) var lost = 0
    /// What was lost or wrong, with the number of viewers that it happened to: the first cases.
    private(set) var cases: [Case: Int] = [:]
    private(set) var doubled = 0
    private(set) var connections = 0
    private var samples: [(seconds: Double, usage: SoakServer.Usage)] = []
    private var settledThrough: Timestamp?
    private let start = ContinuousClock.now

    /// Compares what viewers received of the bars before an instant, and removes these bars.
    mutating func settle(_ viewers: [StreamViewer], _ simulator: UpstreamSimulator, before cut: Timestamp) throws {
        let through = Timestamp(seconds: cut.seconds)
        // A viewer that was slow reaches back further than the others of its symbol.
        var starts: [Symbol: Timestamp] = [:]
        for viewer in viewers {
            for (symbol, finals) in viewer.seen.finals {
                guard let first = finals.keys.min() else { continue }
                starts[symbol] = min(starts[symbol] ?? first, first, settledThrough ?? first)
            }
        }
        let truths = try starts.reduce(into: [Symbol: [Timestamp: Bar]]()) { truths, start in
            let from = start.value.advanced(bySeconds: -30)
            guard from < through else { return }
            truths[start.key] = try simulator.truth(of: start.key, from: from, through: through)
        }
        for viewer in viewers {
            for symbol in viewer.symbols {
                let found = viewer.settle(symbol, through: through, truth: truths[symbol] ?? [:])
                compared += found.compared
                wrong += found.wrongTimes.count
                wrongAtFirst += found.wrongAtFirst
                lost += found.lost.count
                note(found.lost, as: "lost", of: viewer)
                note(found.wrongTimes, as: "wrong", of: viewer)
            }
        }
        settledThrough = through
        doubled = viewers.reduce(0) { $0 + $1.seen.doubled }
        connections = viewers.reduce(0) { $0 + $1.seen.connections }
    }

    /// Bars of a span that viewers lost, or got wrong.
    struct Case: Hashable {
        let what: String
        let first: Timestamp
        let last: Timestamp
    }

    private mutating func note(_ times: [Timestamp], as what: String, of viewer: StreamViewer) {
        guard let first = times.min(), let last = times.max() else { return }
        let found = Case(what: "\(what), \(viewer.manner) viewers", first: first, last: last)
        if cases.count < 40 || cases[found] != nil { cases[found, default: 0] += 1 }
    }

    /// Each case, with the faults that began less than a minute before.
    private var caseLines: [String] {
        cases.sorted { $0.key.first < $1.key.first }.map { found, count in
            let before = faults.filter { $0.begin > found.first.advanced(bySeconds: -60) && $0.begin <= found.last }
            let names = before.map { "\($0.begin) \($0.name)" }.joined(separator: ", ")
            return "\(count) x \(found.what), \(found.first) to \(found.last); before: \(names)"
        }
    }

    /// Notes the server's memory and descriptors.
    /// - Throws: Where its process has ended.
    mutating func sample(_ server: SoakServer) throws {
        samples.append(((ContinuousClock.now - start) / .seconds(1), try server.usage()))
    }

    /// Kilobytes a minute over the second half.
    var slope: Double { slope(\.kilobytes) }

    /// Descriptors a minute over the second half.
    var descriptorSlope: Double { slope { Double($0.descriptors) } }

    /// A minute's growth by least squares over the second half.
    private func slope(_ value: (SoakServer.Usage) -> Double) -> Double {
        let half = samples.suffix(samples.count / 2)
        guard half.count > 2 else { return 0 }
        let count = Double(half.count)
        let meanX = half.reduce(0) { $0 + $1.seconds } / count
        let meanY = half.reduce(0) { $0 + value($1.usage) } / count
        let above = half.reduce(0) { $0 + ($1.seconds - meanX) * (value($1.usage) - meanY) }
        let below = half.reduce(0) { $0 + ($1.seconds - meanX) * ($1.seconds - meanX) }
        return below > 0 ? above / below * 60 : 0
    }

    /// The findings as a table.
    var text: String {
        func decimal(_ value: Double) -> String { value.formatted(.number.precision(.fractionLength(1))) }
        let half = samples.suffix(samples.count / 2).map(\.usage)
        let memory = half.map(\.kilobytes)
        let descriptors = half.map(\.descriptors)
        let rows = [
            ("minutes, faults", "\(decimal((samples.last?.seconds ?? 0) / 60)), \(faults.count)", ""),
            ("final bars compared at viewers", "\(compared) over \(connections) connections", ""),
            ("wrong / lost / doubled", "\(wrong) / \(lost) / \(doubled)", "0 / 0 / 0"),
            ("wrong at first and revised", "\(wrongAtFirst)", ""),
            ("all bars back within", "\(decimal(back / .seconds(1))) s", "< 30 s"),
            ("series that are not back", away.isEmpty ? "none" : away.joined(separator: ", "), "none"),
            ("server's memory, first sample", "\(Int(samples.first?.usage.kilobytes ?? 0)) kB", ""),
            ("server's memory, second half", "\(Int(memory.min() ?? 0)) to \(Int(memory.max() ?? 0)) kB", ""),
            ("its slope, second half", "\(decimal(slope)) kB a minute", "< 100"),
            ("server's descriptors, second half", "\(descriptors.min() ?? 0) to \(descriptors.max() ?? 0)", ""),
            ("their slope, second half", "\(decimal(descriptorSlope)) a minute", "< 1"),
        ]
        let table = ["| soak | found | expected |", "|---|---|---|"] + rows.map { "| \($0.0) | \($0.1) | \($0.2) |" }
        return (table + caseLines).joined(separator: "\n")
    }
}
