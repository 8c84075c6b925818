import Foundation
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
        let fields: Fields
        do {
            fields = try JSONDecoder().decode(Fields.self, from: Data(message.readableBytesView))
        } catch {
            throw .badRequest("the message is not of the form {\"type\":\"subscribe\",\"symbols\":[\"NIFTY\"]}")
        }
        switch fields.type {
        case "ping": self = .ping
        case "subscribe":
            let symbols = fields.symbols ?? []
            guard symbols.count <= symbolLimit else {
                throw .init(.tooLarge, "'symbols' names \(symbols.count); one connection may follow \(symbolLimit)")
            }
            self = .subscribe(symbols)
        default: throw .badRequest("unknown type '\(fields.type)'; it may be subscribe or ping")
        }
    }

    private struct Fields: Decodable {
        let type: String
        var symbols: [String]?
    }
}
