/// The AsyncAPI 3.0 document of the WebSockets `/v1/stream` and `/ws` and of the events of `/v1/events`.
enum StreamDocument {
    /// Who sends a message.
    enum Sender: Sendable {
        case client, server
    }

    /// One type of message.
    struct Message: Sendable {
        let name: String
        let sender: Sender
        let summary: String
        let fields: [String]

        init(_ name: String, _ sender: Sender, _ summary: String, _ fields: [String]...) {
            (self.name, self.sender, self.summary) = (name, sender, summary)
            self.fields = fields.flatMap { $0 }
        }
    }

    private static let place = [
        "id! string Name of the subscription, as the client chose it; events in /v1/events.",
        "seq! integer Number of the message within the subscription, from 0.",
    ]

    private static func fields(of schema: String) -> [String] {
        APISchemas.all.first { $0.name == schema }?.fields ?? []
    }

    /// The messages of `/v1/stream`; `/v1/events` sends those of the server that belong to a subscription.
    static let stream: [Message] = [
        .init(
            "subscribeQuotes", .client, "Subscribe to quotes.",
            [
                "type! subscribe Always subscribe.", "id! string Name of the subscription, at most 128 bytes.",
                "channel! quotes Always quotes.", "symbols! [string] Symbols, at most 200.",
            ]),
        .init(
            "subscribeBars", .client, "Subscribe to the bars of one symbol.",
            [
                "type! subscribe Always subscribe.", "id! string Name of the subscription, at most 128 bytes.",
                "channel! bars Always bars.", "symbol! string Symbol.", "interval! string Length of a bar.",
                "count integer Number of bars in the snapshot (default 300).",
                "session regular|extended Trading hours (default regular).",
                "adjustment splits|dividends|none Price adjustment (default splits).",
                "currency string Currency of the prices, where the source converts.",
            ]),
        .init(
            "subscribeOpenInterest", .client, "Subscribe to the open interest of one expiry.",
            [
                "type! subscribe Always subscribe.", "id! string Name of the subscription, at most 128 bytes.",
                "channel! open-interest Always open-interest.", "symbol! string Underlying.",
                "expiry string Expiry date (default the nearest).",
            ]),
        .init(
            "unsubscribe", .client, "End a subscription.",
            ["type! unsubscribe Always unsubscribe.", "id! string Name of the subscription."]),
        .init("ping", .client, "Request a pong.", ["type! ping Always ping."]),
        .init(
            "quotesSnapshot", .server, "The quotes when a subscription begins.", ["type! snapshot Always snapshot."],
            place, ["sources! [SourceStatus] State of every source."], fields(of: "Quotes")),
        .init(
            "barsSnapshot", .server, "The bars when a subscription begins, or begins again.",
            ["type! snapshot Always snapshot."], place, ["sources! [SourceStatus] State of every source."],
            fields(of: "Bars")),
        .init(
            "openInterestSnapshot", .server, "Open interest, when a subscription begins and when it has changed.",
            ["type! snapshot Always snapshot."], place, ["sources! [SourceStatus] State of every source."],
            fields(of: "OpenInterest")),
        .init(
            "quote", .server, "A changed quote: the symbol, the time of the last price and the changed fields.",
            ["type! quote Always quote."], place, ["quote! QuoteUpdate The changed fields."]),
        .init(
            "bar", .server, "A forming or a final bar; it replaces the bar with the same time.",
            ["type! bar Always bar."],
            place, ["bar! Bar The bar."]),
        .init(
            "gap", .server, "Bars may be missing, because the connection to the source was lost.",
            ["type! gap Always gap."], place,
            ["from! integer Start, UTC seconds.", "to! integer End, exclusive, UTC seconds."]),
        .init(
            "repaired", .server, "The bars of a gap.", ["type! repaired Always repaired."], place,
            [
                "from! integer Start, UTC seconds.", "to! integer End, exclusive, UTC seconds.",
                "bars! [Bar] Bars of the gap, oldest first.",
            ]),
        .init(
            "lagged", .server, "The client reads too slowly: quotes were merged. Bars are never dropped.",
            ["type! lagged Always lagged."], place, ["dropped! integer Number of quotes that were merged."]),
        .init(
            "subscriptionStatus", .server, "The state of a subscription has changed.", ["type! status Always status."],
            place,
            [
                "state! connecting|signingIn|live|stale|backingOff|refused State.",
                "since! string Since when: ISO 8601, UTC.", "reason! string? Why it is not live.",
                "nextTry! string? Time of the next attempt: ISO 8601, UTC.",
            ]),
        .init(
            "sourceStatus", .server, "The state of a source has changed.", ["type! status Always status."],
            fields(of: "SourceStatus").filter { !$0.hasPrefix("lastData") }),
        .init(
            "subscriptionError", .server,
            "A subscription, or one symbol of it, has no data. A retryable error does not end the subscription.",
            ["type! error Always error."], place, ["symbol string Symbol, where only that has no data."],
            ["error! ErrorBody The error."]),
        .init(
            "requestError", .server, "A message of the client was invalid.", ["type! error Always error."],
            [
                "id string Name of the subscription, if the message had one.", "error! ErrorBody The error.",
            ]),
        .init("ended", .server, "A subscription has ended permanently.", ["type! ended Always ended."], place),
        .init(
            "unsubscribed", .server, "Confirms unsubscribe.", ["type! unsubscribed Always unsubscribed."], place),
        .init("pong", .server, "Responds to ping.", ["type! pong Always pong."]),
    ]

    /// The messages of `/ws`.
    static let legacy: [Message] = [
        .init(
            "legacySubscribe", .client, "Follow these symbols and no others.",
            ["type! subscribe Always subscribe.", "symbols [string] Symbols, such as NIFTY."]),
        .init("legacyPing", .client, "Request a pong.", ["type! ping Always ping."]),
        .init(
            "legacySubscribed", .server, "Confirms subscribe.",
            ["type! subscribed Always subscribed.", "symbols! [string] Symbols as requested."]),
        .init(
            "legacyTick", .server, "A newer price, at most one a second for each symbol.",
            [
                "type! live_tick Always live_tick.", "symbol! string Symbol as requested.", "ltp! number Last price.",
                "change! number? Change since the previous close.", "change_percent! number? Change in percent.",
                "volume! number? Volume of the session.", "timestamp! string Time of the last price: ISO 8601, UTC.",
                "source! string Source.", "mode! string Mode.", "as_of! string ISO 8601, UTC.",
            ]),
        .init(
            "legacyError", .server, "A symbol has no data, or a message of the client was invalid.",
            ["type! error Always error.", "symbol string Symbol as requested.", "error! ErrorBody The error."]),
        .init("legacyPong", .server, "Responds to ping.", ["type! pong Always pong."]),
    ]

    /// What `/v1/events` sends.
    static let events = stream.filter { message in
        message.sender == .server && !["requestError", "unsubscribed", "pong"].contains(message.name)
    }

    /// The document.
    static var document: DocumentNode {
        let channels: [(name: String, address: String, summary: String, messages: [Message])] = [
            ("stream", "/v1/stream", "WebSocket with any number of subscriptions.", stream),
            (
                "events", "/v1/events", "One subscription as server-sent events; its parameters are in /openapi.yaml.",
                events
            ),
            ("legacy", "/ws", "WebSocket of the legacy API.", legacy),
        ]
        let operations = channels.flatMap { channel -> [(key: String, value: DocumentNode)] in
            [("send", Sender.server), ("receive", .client)].compactMap { action, sender in
                let messages = channel.messages.filter { $0.sender == sender }
                guard !messages.isEmpty else { return nil }
                return (
                    "\(channel.name)_\(action)",
                    [
                        "action": .text(action), "channel": ["$ref": .text("#/channels/\(channel.name)")],
                        "messages": .list(
                            messages.map { ["$ref": .text("#/channels/\(channel.name)/messages/\($0.name)")] }),
                    ]
                )
            }
        }
        return [
            "asyncapi": "3.0.0",
            "info": [
                "title": "Bhav", "version": "1",
                "description":
                    "Live quotes, bars and open interest. A server sends, a client receives, except where said.",
                "license": ["name": "MIT"],
            ],
            "defaultContentType": "application/json",
            "channels": .map(
                channels.map { channel in
                    (
                        channel.name,
                        [
                            "address": .text(channel.address), "summary": .text(channel.summary),
                            "messages": .map(
                                channel.messages.map {
                                    ($0.name, ["$ref": .text("#/components/messages/\($0.name)")])
                                }),
                        ]
                    )
                }),
            "operations": .map(operations),
            "components": [
                "messages": .map(
                    (stream + legacy).map { message in
                        (
                            message.name,
                            [
                                "name": .text(message.name), "summary": .text(message.summary),
                                "payload": APISchemas.schema(of: message.fields),
                            ]
                        )
                    }),
                "schemas": APIDocument.schemas,
            ],
        ]
    }
}
