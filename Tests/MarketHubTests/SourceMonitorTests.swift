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

    @Test("a source that comes back is known to be back though nobody asks, and one that goes is known to be gone")
    func heals() async throws {
        let source = Watched()
        let ledger = SourceLedger(sources: [.tradingview]) { Timestamp(seconds: 2000) }
        ledger.failed(MarketDataError(.upstreamUnavailable, "gone", source: .tradingview))
        let monitor = SourceMonitor(sources: [source], ledger: ledger, pause: .milliseconds(10))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            defer { group.cancelAll() }
            try await waitUntil { source.state.withLock { $0.isKept } }
            for state in [SourceStatus.State.connected, .reconnecting, .connected] {
                source.state.withLock { $0.status = state }
                try await waitUntil { ledger.reports.first?.mayAnswer == (state == .connected) }
            }
        }
    }
}
