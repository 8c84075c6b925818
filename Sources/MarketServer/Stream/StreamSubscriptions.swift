import MarketData
import MarketHub

/// Runs subscriptions of every channel, for whatever carries their messages.
struct StreamSubscriptions: Sendable {
    let hub: MarketHub
    let limits: MarketServerConfiguration.Limits
    let snapshots: SharedSnapshots
    let counters = StreamCounters()

    init(hub: MarketHub, limits: MarketServerConfiguration.Limits) {
        self.hub = hub
        self.limits = limits
        snapshots = SharedSnapshots(hub: hub, pace: limits.openInterestInterval)
    }

    /// Follows what was asked for until it ends or the task is cancelled; a failure is the last message.
    /// - Returns: The encoder, for a message after the last.
    func run(_ request: StreamRequest, id: String, to sink: some StreamSink) async -> MessageEncoder {
        var encoder = MessageEncoder(id: id)
        do {
            switch request {
            case .quotes(let list):
                try await QuoteSubscription(hub: hub, list: list, snapshotTime: limits.snapshotTime, counters: counters)
                    .run(&encoder, to: sink)
            case .bars(let request):
                try await BarSubscription(hub: hub, request: request, counters: counters).run(&encoder, to: sink)
            case .openInterest(let request):
                try await OpenInterestSubscription(
                    hub: hub, snapshots: snapshots, request: request, pace: limits.openInterestInterval
                ).run(&encoder, to: sink)
            }
            try Task.checkCancellation()
            try await sink.send(encoder.message("ended"))
        } catch let error as MarketDataError {
            if !error.isRetryable { sink.fail(error) }
            try? await sink.send(encoder.message(error))
            // What may be asked again later is not over for good.
            if !error.isRetryable { try? await sink.send(encoder.message("ended")) }
        } catch {
            // The client has left, or wanted no more: there is nobody to tell.
        }
        return encoder
    }
}
