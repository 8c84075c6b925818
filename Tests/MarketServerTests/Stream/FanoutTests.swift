import MarketData
import MarketHub
import NIOCore
import TestSupport
import Testing

@testable import MarketServer

@Suite("Fan-out on one event loop")
struct FanoutTests {
    private static let symbols = (0..<20).map { Symbol(exchange: "NSE", ticker: "S\($0)") }

    /// A started subscription to quotes without a snapshot.
    private static func subscribe(
        _ recorded: RecordedViewer, _ fanout: Fanout, _ symbols: [Symbol], id: String = "a"
    ) throws -> StreamSubscription {
        let subscription = StreamSubscription(.quotes, id: id, viewer: recorded.viewer)
        fanout.attach(subscription, to: symbols.enumerated().map { .quotes($0 + 1, $1) })
        let result = QuoteResult(quotes: [], failures: [], outages: [])
        fanout.start(subscription, .quotes(try SymbolList(symbols.map(\.description)), result))
        fanout.flush()
        let snapshot = try recorded.messages()
        #expect(snapshot.first?["seq"].int == 0)
        return subscription
    }

    @Test("a frame has the viewer's id and number after the type", arguments: [0, 9, 10, 99, 100, 12_345])
    func label(number: Int) throws {
        var label = FrameLabel(id: "a\"b")
        for _ in 0..<number { label.advance() }
        var buffer = ViewerBuffer(.events)
        buffer.append(Frame("bar", eventID: 60), &label)
        #expect(
            String(buffer: buffer.take())
                == "id: 60\ndata: {\"type\":\"bar\",\"id\":\"a\\\"b\",\"seq\":\(number)}\n\n")
        #expect(label.number == number + 1)
    }

    @Test("messages of every length are framed for a WebSocket", arguments: [1, 125, 126, 65_535, 65_536, 70_000])
    func lengths(length: Int) throws {
        let recorded = RecordedViewer()
        let fanout = Fanout.recording(recorded)
        let text = "\"" + String(repeating: "x", count: length - 2 < 0 ? 0 : length - 2) + "\""
        fanout.send(message: Array(length == 1 ? "7".utf8 : text.utf8), to: recorded.viewer)
        fanout.flush()
        let message = try #require(try recorded.messages().first)
        #expect(length == 1 ? message.int == 7 : message.string?.utf8.count == length - 2)
    }

    @Test("viewers that keep up get every change, written once per flush")
    func everyChange() throws {
        let (one, two) = (RecordedViewer(), RecordedViewer())
        let fanout = Fanout.recording(one, two)
        _ = try Self.subscribe(one, fanout, [.nifty])
        _ = try Self.subscribe(two, fanout, [.nifty], id: "b")
        let writes = one.writes
        var former: Quote?
        for price in 1...5 {
            let quote = Quote.of(.nifty, last: Double(price), bid: 1)
            fanout.apply([.quote(1, price, quote, since: former)])
            former = quote
        }
        fanout.flush()
        #expect(one.writes == writes + 1)
        let messages = try one.messages()
        #expect(messages.map { $0["seq"].int } == [1, 2, 3, 4, 5])
        #expect(messages.map { $0["quote"]["last"].number } == [1, 2, 3, 4, 5])
        #expect(messages[0]["quote"].keys.contains("ask"))
        #expect(messages[1]["quote"].keys == ["symbol", "last", "lastTime"])
        #expect(try two.messages().map { $0["id"].string } == ["b", "b", "b", "b", "b"])
    }

    @Test("viewers that follow the same get the same messages, each with its own numbers")
    func audience() throws {
        let viewers = (0..<4).map { _ in RecordedViewer() }
        let fanout = Fanout(counters: StreamCounters(), sources: { [] })
        var price = 0
        var expected: [[Double]] = []
        for joining in viewers {
            fanout.add(joining.viewer)
            // Numbers of the viewers that joined earlier are ahead, also by a digit.
            _ = try Self.subscribe(joining, fanout, [.nifty])
            expected.append([])
            for length in [1, 5, 40, 300] {
                let updates = (0..<length).map { _ in
                    defer { price += 1 }
                    let former = price == 0 ? nil : Quote.of(.nifty, last: Double(price - 1), bid: 1)
                    return TopicUpdate.quote(1, price + 1, .of(.nifty, last: Double(price), bid: 1), since: former)
                }
                for place in expected.indices { expected[place] += (price - length..<price).map(Double.init) }
                fanout.apply(updates)
                fanout.flush()
            }
        }
        for (recorded, prices) in zip(viewers, expected) {
            let messages = try recorded.messages()
            #expect(messages.map { $0["quote"]["last"].number } == prices)
            // One who joins late gets the newest quote after the snapshot.
            let first = prices.first == 0 ? 1 : 2
            #expect(messages.map { $0["seq"].int } == Array(first..<first + prices.count))
            #expect(messages.allSatisfy { $0["id"].string == "a" })
        }
    }

    @Test("a status between two changes is sent between them")
    func order() throws {
        let viewers = [RecordedViewer(), RecordedViewer()]
        let fanout = Fanout.recording(viewers[0], viewers[1])
        for recorded in viewers { _ = try Self.subscribe(recorded, fanout, [.nifty]) }
        let status = SourceStatus(source: .tradingview, state: .reconnecting, since: Timestamp(seconds: 1))
        fanout.apply([
            .quote(1, 1, .of(.nifty, last: 1)),
            TopicUpdate(topic: 1, number: 2, content: .status(status, message: StreamMessage.status(status))),
            .quote(1, 3, .of(.nifty, last: 2), since: .of(.nifty, last: 1)),
        ])
        fanout.flush()
        for recorded in viewers {
            #expect(try recorded.messages().map { $0["type"].string } == ["quote", "status", "quote"])
        }
    }

    @Test("a slow client gets the merged changes after their number")
    func merged() throws {
        let recorded = RecordedViewer()
        let fanout = Fanout.recording(recorded)
        _ = try Self.subscribe(recorded, fanout, [.nifty])
        fanout.apply([.quote(1, 1, .of(.nifty, last: 1, bid: 1))])
        fanout.flush()
        _ = try recorded.messages()
        recorded.isWritable = false
        fanout.apply([.quote(1, 2, .of(.nifty, last: 2, bid: 1), since: .of(.nifty, last: 1, bid: 1))])
        fanout.flush()
        fanout.apply([.quote(1, 3, .of(.nifty, last: 3, bid: 5), since: .of(.nifty, last: 2, bid: 1))])
        fanout.apply([.quote(1, 4, .of(.nifty, last: 3, bid: 6), since: .of(.nifty, last: 3, bid: 5))])
        fanout.apply([.quote(1, 5, .of(.nifty, last: 2, bid: 7), since: .of(.nifty, last: 3, bid: 6))])
        fanout.flush()
        #expect(try recorded.messages().isEmpty)
        recorded.isWritable = true
        fanout.isReady(recorded.viewer, at: .now)
        let messages = try recorded.messages()
        // What waited in the buffer; then three changes as one. The price is what the client has already.
        #expect(messages.map { $0["type"].string } == ["quote", "lagged", "quote"])
        #expect(messages.map { $0["seq"].int } == [2, 3, 4])
        #expect(messages[1]["dropped"].int == 2)
        #expect(messages[2]["quote"].keys == ["symbol", "lastTime", "bid"])
        #expect(messages[2]["quote"]["bid"].number == 7)
    }

    @Test("every viewer ends with upstream's values and consecutive numbers")
    func random() throws {
        for seed in 0..<6 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let viewers = (0..<12).map { _ in RecordedViewer() }
            let fanout = Fanout(counters: StreamCounters(), sources: { [] })
            for recorded in viewers { fanout.add(recorded.viewer) }
            for (place, recorded) in viewers.enumerated() {
                _ = try Self.subscribe(recorded, fanout, Self.symbols, id: ["a", "b", "c"][place % 5 % 3])
            }
            var upstream: [Symbol: Quote] = [:]
            var largest = 0
            var (number, changes) = (0, 0)
            for _ in 0..<400 {
                var updates: [TopicUpdate] = []
                for _ in 0..<Int.random(in: 1...30, using: &random) {
                    let index = Int.random(in: 0..<Self.symbols.count, using: &random)
                    let symbol = Self.symbols[index]
                    let former = upstream[symbol]
                    var quote = former ?? .of(symbol, last: 0)
                    quote.last = Double(Int.random(in: 0...3, using: &random))
                    if Bool.random(using: &random) { quote.bid = Double(Int.random(in: 0...3, using: &random)) }
                    number += 1
                    let update = TopicUpdate.quote(index + 1, number, quote, since: former)
                    if case .quote(let version) = update.content, version.frame != nil { changes += 1 }
                    upstream[symbol] = quote
                    updates.append(update)
                }
                fanout.apply(updates)
                fanout.flush()
                largest = max(largest, viewers.map(\.viewer.buffer.count).max() ?? 0)
                for (place, recorded) in viewers.enumerated() where place % 3 == 0 {
                    // Every third client reads now and then, and little.
                    recorded.room = Int.random(in: 0...2_000, using: &random)
                    recorded.isWritable = recorded.room != 0
                    fanout.isReady(recorded.viewer, at: .now)
                }
            }
            for recorded in viewers {
                (recorded.room, recorded.isWritable) = (nil, true)
                fanout.isReady(recorded.viewer, at: .now)
                _ = fanout.inspect(at: .now.advanced(by: .seconds(2)), slowClientTime: .seconds(60))
                try check(recorded.messages(), upstream, changes: changes)
            }
            #expect(largest < 16_000)
        }
    }

    /// Every number once, every value of upstream's, and every change either sent, merged or undone.
    private func check(_ messages: [JSON], _ upstream: [Symbol: Quote], changes: Int) throws {
        var known: [String: (last: Double?, bid: Double?)] = [:]
        var (sent, dropped) = (0, 0)
        for (place, message) in messages.enumerated() {
            #expect(message["seq"].int == place + 1)
            if message["type"].string == "lagged" { dropped += message["dropped"].int ?? 0 }
            guard let symbol = message["quote"]["symbol"].string else { continue }
            sent += 1
            if !message["quote"]["last"].isMissing {
                known[symbol, default: (nil, nil)].last = message["quote"]["last"].number
            }
            if !message["quote"]["bid"].isMissing {
                known[symbol, default: (nil, nil)].bid = message["quote"]["bid"].number
            }
        }
        for (symbol, quote) in upstream {
            #expect(known[symbol.description]?.last == quote.last)
            #expect(known[symbol.description]?.bid == quote.bid)
        }
        // What was merged to nothing is neither sent nor the last of what was dropped.
        #expect(sent + dropped <= changes)
        if dropped == 0 { #expect(sent == changes) }
    }

    @Test("bars wait in order for a slow client, and only the same bar is replaced")
    func bars() throws {
        let recorded = RecordedViewer()
        let fanout = Fanout.recording(recorded)
        let subscription = StreamSubscription(.series, id: "b", viewer: recorded.viewer)
        fanout.attach(subscription, to: [.series(1)])
        fanout.apply([.bar(1, 1, .at(1))])
        fanout.apply([.bar(1, 2, .at(2, final: false))])
        // The opening contains the first bar only.
        fanout.start(subscription, .series([], through: 1))
        fanout.flush()
        #expect(try recorded.messages().map { $0["bar"]["time"].int } == [120])
        recorded.isWritable = false
        fanout.apply([.bar(1, 3, .at(2, close: 2))])
        fanout.flush()
        for close in 1...3 { fanout.apply([.bar(1, 3 + close, .at(3, close: Double(close), final: close == 3))]) }
        fanout.apply([.bar(1, 7, .at(4))])
        recorded.isWritable = true
        fanout.isReady(recorded.viewer, at: .now)
        let messages = try recorded.messages()
        #expect(messages.map { $0["bar"]["time"].int } == [120, 180, 240])
        #expect(messages.map { $0["seq"].int } == [1, 2, 3])
        #expect(messages[1]["bar"]["close"].number == 3)
    }

    @Test("too many waiting bars end the subscription with an error")
    func overflow() throws {
        let recorded = RecordedViewer()
        let fanout = Fanout.recording(recorded)
        let subscription = StreamSubscription(.series, id: "b", viewer: recorded.viewer)
        fanout.attach(subscription, to: [.series(1)])
        fanout.start(subscription, .series([], through: 0))
        recorded.isWritable = false
        let count = FrameQueue.capacity + 2
        for minute in 1...count {
            fanout.apply([.bar(1, minute, .at(minute))])
            fanout.flush()
        }
        recorded.isWritable = true
        fanout.isReady(recorded.viewer, at: .now)
        let messages = try recorded.messages()
        // The first is in the buffer, and the last found no place.
        #expect(messages.count == count)
        #expect(messages.last?["error"]["code"].string == "overloaded")
        #expect(messages.dropLast().enumerated().allSatisfy { $1["bar"]["time"].int == ($0 + 1) * 60 })
        #expect(subscription.isOver)
    }

    @Test("a client that reads nothing is closed after the limit, and its topics are released")
    func tooSlow() throws {
        let recorded = RecordedViewer()
        let fanout = Fanout(counters: StreamCounters(), sources: { [] })
        fanout.add(recorded.viewer)
        _ = try Self.subscribe(recorded, fanout, [.nifty])
        recorded.isWritable = false
        fanout.apply([.quote(1, 1, .of(.nifty, last: 1))])
        fanout.flush()
        let start = ContinuousClock.now
        for (seconds, expected) in [(0, 0), (9, 0), (11, 1)] {
            let slow = fanout.inspect(at: start.advanced(by: .seconds(seconds)), slowClientTime: .seconds(10))
            #expect(slow == expected)
        }
        #expect(recorded.isClosedAsSlow)
        #expect(fanout.takeReleased() == [1] && fanout.viewers.isEmpty)
    }
}
