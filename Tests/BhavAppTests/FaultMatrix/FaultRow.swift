import TestSupport
import Testing
import UpstreamSimulator

/// One named fault: what goes wrong, and for how long.
struct FaultRow: Sendable, CustomTestStringConvertible {
    let name: String
    /// How long upstream or the way to it is ill; 0 for what is over at once.
    let seconds: Double
    /// By how much the server's clock is wrong.
    var clockShift: Int64 = 0
    var begin: @Sendable (UpstreamSimulator, FaultProxy) async -> Void = { _, _ in }
    var end: @Sendable (UpstreamSimulator, FaultProxy) async -> Void = { _, _ in }

    var testDescription: String { name }

    /// The fault affects responses, and the connection is broken once so that everything is requested again.
    static func atReconnect(_ fault: Fault, for seconds: Double) -> FaultRow {
        FaultRow(
            name: "\(fault.rawValue) for \(brief(seconds)) s at reconnecting", seconds: seconds,
            begin: { simulator, _ in
                simulator.begin(fault)
                await simulator.cutConnections()
            }, end: { simulator, _ in simulator.end(fault) })
    }

    /// The fault affects all messages on a working connection.
    static func inStream(_ fault: Fault, for seconds: Double) -> FaultRow {
        FaultRow(
            name: "\(fault.rawValue) for \(brief(seconds)) s on a healthy stream", seconds: seconds,
            begin: { simulator, _ in simulator.begin(fault) }, end: { simulator, _ in simulator.end(fault) })
    }

    static func network(
        _ name: String, for seconds: Double = 0,
        _ begin: @escaping @Sendable (FaultProxy) async -> Void,
        then end: @escaping @Sendable (FaultProxy) async -> Void = { _ in }
    ) -> FaultRow {
        FaultRow(
            name: seconds > 0 ? "\(name) for \(brief(seconds)) s" : name, seconds: seconds,
            begin: { _, proxy in await begin(proxy) }, end: { _, proxy in await end(proxy) })
    }

    static func clock(_ name: String, by shift: Int64, refusedFor seconds: Double = 0) -> FaultRow {
        FaultRow(
            name: "our clock \(name), " + (seconds > 0 ? "cut and refused for \(brief(seconds)) s" : "and a cut"),
            seconds: seconds, clockShift: shift,
            begin: { simulator, proxy in
                proxy.refuse(seconds > 0)
                await simulator.cutConnections()
            }, end: { _, proxy in proxy.refuse(false) })
    }

    private static func brief(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }

    /// A dozen of all kinds, each over within seconds, for every run of the tests.
    static let dozen: [FaultRow] = [
        network("half-open", { $0.abandonOpen() }),
        network("stalled", for: 1.5, { $0.hold() }, then: { $0.resume() }),
        network("cut and refused", for: 1.5, cutAndRefuse, then: { $0.refuse(false) }),
        network("reset", { await $0.reset() }),
        network("flipped bytes", for: 1, { $0.damage(.flips) }, then: { $0.damage(.none) }),
        atReconnect(.stallWithHeartbeats, for: 1.5), atReconnect(.criticalError, for: 1.5),
        atReconnect(.symbolError, for: 1.5), atReconnect(.withoutResponse, for: 1.5),
        inStream(.garbageStream, for: 1), inStream(.stallStream, for: 0.6), inStream(.criticalStream, for: 1),
        clock("1 h fast", by: 3600),
    ]

    private static let resetAndRefuse: @Sendable (FaultProxy) async -> Void = { proxy in
        proxy.refuse(true)
        await proxy.reset()
    }

    private static let cutAndRefuse: @Sendable (FaultProxy) async -> Void = { proxy in
        proxy.refuse(true)
        await proxy.cut()
    }

    /// All of them.
    static let all: [FaultRow] = stalls + breaks + slowPaths + damagedBytes + responses + streams + clocks

    private static let stalls: [FaultRow] = [3.0, 12, 40].map { seconds in
        network("stalled", for: seconds, { $0.hold() }, then: { $0.resume() })
    }

    private static let breaks: [FaultRow] = [
        network("cut and refused", for: 3, cutAndRefuse, then: { $0.refuse(false) }),
        network("cut and refused", for: 12, cutAndRefuse, then: { $0.refuse(false) }),
        network("cut and refused", for: 40, cutAndRefuse, then: { $0.refuse(false) }),
        network("cut", { await $0.cut() }),
        network("reset", { await $0.reset() }),
        network("reset and refused", for: 12, resetAndRefuse, then: { $0.refuse(false) }),
        network("half-open, new connections well", { $0.abandonOpen() }),
        network("half-open and refused", for: 20, abandonAndRefuse, then: { $0.refuse(false) }),
        network("three cuts in a row", for: 1, cutThrice),
    ]

    private static let slowPaths: [FaultRow] = [
        network("delayed by 0.3 s", for: 10, { $0.delay(by: .milliseconds(300)) }, then: { $0.delay(by: .zero) }),
        network("delayed by 2 s", for: 10, { $0.delay(by: .seconds(2)) }, then: { $0.delay(by: .zero) }),
        network("in pieces of 7 bytes", for: 5, { $0.trickle(7) }, then: { $0.trickle(nil) }),
    ]

    private static let damagedBytes: [FaultRow] = [
        network("flipped bytes", for: 5, { $0.damage(.flips) }, then: { $0.damage(.none) }),
        network("lost bytes", for: 5, { $0.damage(.truncates) }, then: { $0.damage(.none) }),
        network("inserted bytes", for: 5, { $0.damage(.inserts) }, then: { $0.damage(.none) }),
    ]

    private static let abandonAndRefuse: @Sendable (FaultProxy) async -> Void = { proxy in
        proxy.abandonOpen()
        proxy.refuse(true)
    }

    private static let cutThrice: @Sendable (FaultProxy) async -> Void = { proxy in
        for _ in 0..<3 {
            await proxy.cut()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private static let responses: [FaultRow] =
        responseFaults.map { atReconnect($0, for: 10) } + [
            atReconnect(.silence, for: 30), atReconnect(.stallWithHeartbeats, for: 30),
        ]

    private static let responseFaults: [Fault] = [
        .symbolError, .seriesError, .criticalError, .protocolError, .deadFeed, .withoutResponse, .freeze, .close,
        .closeMidFrame, .reset, .upgrade429, .htmlInstead, .garbage, .brokenJSON, .lenTooSmall, .lenTooLarge,
        .splitOverMessages, .stallWithHeartbeats, .silence, .slow, .continuation, .ping, .oneFrame, .binaryFrame,
        .gluedHeartbeat, .emptySeries,
    ]

    private static let streams: [FaultRow] =
        streamFaults.flatMap { [inStream($0, for: 2), inStream($0, for: 10)] } + [
            inStream(.stallStream, for: 1), inStream(.silentStream, for: 1),
        ]

    private static let streamFaults: [Fault] = [
        .garbageStream, .brokenStream, .criticalStream, .seriesErrorStream, .symbolErrorStream, .unknownSeries,
    ]

    private static let clocks: [FaultRow] = [
        clock("20 s fast", by: 20), clock("20 s slow", by: -20), clock("1 h fast", by: 3600),
        clock("1 h slow", by: -3600), clock("1 day fast", by: 86_400),
        clock("1 h slow", by: -3600, refusedFor: 20), clock("1 h fast", by: 3600, refusedFor: 20),
    ]
}
