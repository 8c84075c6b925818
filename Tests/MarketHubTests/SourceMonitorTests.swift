import MarketData
import Synchronization
import TestSupport
import Testing

@testable import MarketHub

@Suite("The monitor of sources")
struct SourceMonitorTests {
    private final class Watched: MonitoredSource {
        let state = Mutex((status: SourceStatus.State.down, isKept: false))

        func status() async -> SourceStatus {
            SourceStatus(source: .tradingview, state: state.withLock { $0.status }, since: Timestamp(seconds: 1000))
        }

        func keepConnected() async { state.withLock { $0.isKept = true } }
    }

    @Test("a source that recovers is noticed without requests, and so is one that fails")
    func heals() async throws {
        let source = Watched()
        let ledger = SourceLedger(sources: [.tradingview]) { Timestamp(seconds: 2000) }
        ledger.failed(MarketDataError(.upstreamUnavailable, "gone", source: .tradingview))
        let monitor = SourceMonitor(sources: [source], probe: {}, ledger: ledger, pause: .milliseconds(10))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            defer { group.cancelAll() }
            try await waitUntil { source.state.withLock { $0.isKept } }
            for state in [SourceStatus.State.connected, .reconnecting, .connected] {
                source.state.withLock { $0.status = state }
                try await waitUntil { ledger.reports.first?.isAvailable == (state == .connected) }
            }
        }
    }

    @Test("a source that reports no state is probed while it is down, and left alone while it is up")
    func probes() async throws {
        let ledger = SourceLedger(sources: [.trendlyne]) { Timestamp(seconds: 2000) }
        let probes = Mutex(0)
        let monitor = SourceMonitor(
            sources: [],
            probe: {
                probes.withLock { $0 += 1 }
                ledger.received(from: .trendlyne)
            }, ledger: ledger, pause: .milliseconds(2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            defer { group.cancelAll() }
            for count in 1...2 {
                ledger.failed(MarketDataError(.upstreamUnavailable, "gone", source: .trendlyne))
                try await waitUntil { ledger.reports.first?.isAvailable == true }
                #expect(probes.withLock { $0 } == count)
            }
        }
    }

    @Test("probes of a source that stays down become rarer")
    func waits() {
        var wait = ProbeWait()
        var ticks: [Int] = []
        for _ in 0..<9 {
            ticks.append(wait.ticks)
            wait.probed(isDown: true)
        }
        #expect(ticks == [1, 15, 30, 60, 120, 240, 480, 600, 600])
        wait.probed(isDown: false)
        #expect(wait.ticks == 1)
    }
}
