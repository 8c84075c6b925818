import HTTPTypes
import Hummingbird
import MarketData
import NIOCore
import ServiceLifecycle

/// `GET /v1/events`: one subscription of the stream as server-sent events.
struct EventRoute: Sendable {
    let subscriptions: StreamSubscriptions

    /// The path with its route.
    var routes: [String: Route] {
        let parameters = [
            "channel", "symbol", "symbols", "interval", "count", "session", "adjustment", "currency", "expiry",
        ]
        return ["/v1/events": .streaming(parameters, respond: respond)]
    }

    private func respond(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        let wanted = try parameters.streamRequest(symbolLimit: subscriptions.limits.symbols)
        let body = ResponseBody { writer in
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await follow(wanted, &writer)
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        return Response(status: .ok, headers: headers, body: body)
    }

    private func follow(_ wanted: StreamRequest, _ writer: inout any ResponseBodyWriter) async throws {
        let sink = EventSink(slowClientTime: subscriptions.limits.slowClientTime)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                _ = await subscriptions.run(wanted, id: "events", to: sink)
                sink.events.finish()
            }
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
