import HTTPTypes
import Hummingbird
import MarketData
import NIOCore
import ServiceLifecycle

/// `GET /v1/events`: one subscription of the stream as server-sent events.
struct EventRoute: Sendable {
    let subscriptions: StreamSubscriptions
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let parameters = [
            "channel", "symbol", "symbols", "interval", "count", "session", "adjustment", "currency", "expiry",
        ]
        return [Endpoint("/v1/events", parameters, isStream: true, respond: respond)]
    }

    /// The name of the one subscription of a stream of events.
    private static let subscriptionID = "events"

    private func respond(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        var wanted = try parameters.streamRequest(symbolLimit: subscriptions.limits.symbols)
        if let name = HTTPField.Name("Last-Event-ID"), let last = request.headers[name] {
            wanted = wanted.resumed(after: last, now: clock())
        }
        let sink = EventSink(slowClientTime: subscriptions.limits.slowClientTime)
        let running = RunningSubscription { [wanted] in
            let encoder = await subscriptions.run(wanted, id: Self.subscriptionID, to: sink)
            sink.events.finish()
            return encoder
        }
        // A failure for good is a status, after which an EventSource does not connect again.
        do {
            if let failure = try await sink.earlyFailure(within: .seconds(5)) { throw failure }
        } catch {
            running.cancel()
            throw error
        }
        // Where the client has left already the body never runs, and the subscription ends with it.
        let lifetime = SubscriptionLifetime(running)
        let body = ResponseBody { writer in
            defer { lifetime.end() }
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await follow(sink, &writer)
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        return Response(status: .ok, headers: headers, body: body)
    }

    private func follow(_ sink: EventSink, _ writer: inout any ResponseBodyWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(15))
                    try await sink.sendHeartbeat()
                }
            }
            group.addTask {
                try await sink.watch.untilTooSlow()
                sink.events.finish()
            }
            group.addTask {
                try await gracefulShutdown()
                sink.events.finish()
            }
            // A client learns that it is connected before anything happens.
            try await writer.write(ByteBuffer(staticString: ":\n\n"))
            while let event = await sink.events.take() { try await writer.write(event) }
        }
    }
}

/// Ends a subscription when its response is done or dropped.
private final class SubscriptionLifetime: Sendable {
    private let running: RunningSubscription

    init(_ running: RunningSubscription) { self.running = running }

    func end() { running.cancel() }

    deinit { running.cancel() }
}

extension StreamRequest {
    /// The same, reaching back to the bar that the client saw last, so that a reconnection loses nothing.
    func resumed(after lastEventID: String, now: Timestamp) -> StreamRequest {
        guard case .bars(var request) = self, case .count(let count) = request.span, let seen = Int64(lastEventID),
            let length = request.interval.seconds, seen <= now.seconds, seen > 0
        else { return self }
        let missed = (now.seconds - seen) / length + 2
        request.span = .count(min(max(count, Int(clamping: missed)), BarRequest.largestCount))
        return .bars(request)
    }
}

extension QueryParameters {
    /// What a subscription to server-sent events follows.
    fileprivate func streamRequest(symbolLimit: Int) throws(MarketDataError) -> StreamRequest {
        switch try required("channel", "it may be quotes, bars or open-interest") {
        case "quotes":
            let list = try symbols(atMost: symbolLimit)
            if let failure = list.failure { throw failure }
            return .quotes(list)
        case "bars":
            let request = BarRequest(
                symbol: try symbol(), interval: try interval(),
                span: .count(try integer("count", default: 300, in: 1...BarRequest.largestCount)),
                hours: try word("session", default: .regular), adjustment: try word("adjustment", default: .splits),
                currency: try text("currency"))
            return .bars(request)
        case "open-interest":
            return .openInterest(OpenInterestRequest(symbol: try symbol(), expiry: try date("expiry")))
        case let channel:
            throw .badRequest("the parameter 'channel' is '\(channel)'; it may be quotes, bars or open-interest")
        }
    }
}
