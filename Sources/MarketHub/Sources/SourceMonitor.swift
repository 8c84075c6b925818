import MarketData
public import ServiceLifecycle

/// Looks at the sources that know how they are doing, so that the hub's record of them needs no traffic.
public struct SourceMonitor: Service {
    let sources: [any MonitoredSource]
    let ledger: SourceLedger
    let pause: Duration

    /// Keeps the sources connected and looks at them each second, until the task is cancelled or the service group shuts
    /// down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            for source in self.sources { await source.keepConnected() }
            repeat {
                for source in self.sources { self.ledger.reported(await source.status()) }
            } while (try? await Task.sleep(for: self.pause)) != nil
        }
    }
}
