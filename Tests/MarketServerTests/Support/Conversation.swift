import Foundation
import NIOCore
import Testing
import WebSocketTransport

/// A WebSocket to the server, message by message.
struct Conversation: Sendable {
    let inbound: WebSocketInbound
    let outbound: WebSocketOutbound

    /// Sends a message.
    func say(_ text: String) async throws { try await outbound.write(text: text) }

    /// The next message.
    /// - Throws: `Silence` where none comes in time.
    func next(within limit: Duration = .seconds(10)) async throws -> JSON {
        let message = try await withThrowingTaskGroup(of: WebSocketMessage?.self) { group in
            group.addTask {
                var iterator = inbound.makeAsyncIterator()
                return try await iterator.next()
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Silence()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        return try JSON(Array(#require(message, "the connection was closed").bytes.readableBytesView))
    }

    /// The next message of a type; others before it are skipped.
    func next(_ type: String) async throws -> JSON {
        while true {
            let message = try await next()
            if message["type"].string == type { return message }
        }
    }

    struct Silence: Error {}
}
