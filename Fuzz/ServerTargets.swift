import MarketData
import NIOCore

@testable import MarketServer

extension FuzzTarget {
    static let serverTargets = [
        FuzzTarget(name: "queries", read: readQuery),
        FuzzTarget(name: "messages", read: readMessage),
    ]

    private static let parameters = [
        "symbol", "symbols", "interval", "from", "to", "count", "strikes", "format", "expiry", "session", "at",
    ]

    private static func readQuery(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        _ = AccessPolicy.hostName(text)
        guard let query = try? QueryParameters(text, known: parameters) else { return }
        let symbol = (try? query.symbol()) ?? Symbol(exchange: "NSE", ticker: "NIFTY")
        try require((try? SymbolBook.symbol(symbol.description)) == symbol, "\(symbol) does not read back")
        if let interval = try? query.interval() {
            try require((try? Interval(interval.description)) == interval, "\(interval) does not read back")
        }
        if let symbols = try? query.symbols(atMost: 200) {
            try require(symbols.symbols.count <= 200, "\(symbols.symbols.count) symbols")
        }
        if let count = try? query.integer("count", default: 5, in: 1...20) {
            try require((1...20).contains(count), "\(count) is out of bounds")
        }
        if let range = (try? query.range(of: symbol, now: Timestamp(seconds: 1_795_910_400))) ?? nil {
            try require(range.from < range.to, "an empty range")
        }
        _ = try? query.date("expiry")
        _ = try? query.format()
        if let text = (try? query.text("strikes")) ?? nil { _ = try? StrikeSelection(text) }
        if let text = (try? query.text("session")) ?? nil {
            _ = try? SessionSchedule(sessions: text, zone: "Asia/Kolkata")
        }
    }

    private static func readMessage(_ input: [UInt8]) throws {
        let message = ByteBuffer(bytes: input)
        if case .subscribe(let id, let request)? = try? StreamCommand(message, symbolLimit: 200) {
            try require(!id.isEmpty, "a subscription without an id")
            if case .quotes(let symbols) = request {
                try require(symbols.symbols.count <= 200, "\(symbols.symbols.count) symbols")
            }
        }
        _ = try? LegacyAPICommand(message, symbolLimit: 200)
    }
}
