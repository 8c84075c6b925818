import JSON
import MarketData
import MarketFormats
import NIOCore

/// What a client of the original `/ws` may say.
enum OriginalMessage: Hashable {
    /// Follow these instruments, as the client names them, and no others.
    case subscribe([String])
    case ping

    /// Reads a message.
    /// - Throws: `MarketDataError` with code `badRequest`, naming what was wrong.
    init(_ message: ByteBuffer, symbolLimit: Int) throws(MarketDataError) {
        let fields = JSONValue(parsing: Array(message.readableBytesView))
        let list = fields?["symbols"].flatMap { $0.isNull ? nil : $0 }
        let symbols = list?.array?.compactMap(\.string) ?? []
        guard let type = fields?["type"]?.string, symbols.count == list?.array?.count ?? (list == nil ? 0 : -1) else {
            throw .badRequest("the message is not of the form {\"type\":\"subscribe\",\"symbols\":[\"NIFTY\"]}")
        }
        switch type {
        case "ping": self = .ping
        case "subscribe":
            guard symbols.count <= symbolLimit else {
                throw .init(.tooLarge, "'symbols' names \(symbols.count); one connection may follow \(symbolLimit)")
            }
            self = .subscribe(symbols)
        default: throw .badRequest("unknown type '\(type)'; it may be subscribe or ping")
        }
    }
}
