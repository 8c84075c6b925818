import NIOCore
import NIOHTTP1

/// Lets those who accept gzip among others have gzip: the compressor behind would rather send deflate, of which there
/// are two readings.
final class GzipPreference: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), GzipPreference.isWelcome(in: head.headers) else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "Accept-Encoding", value: "gzip")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Whether gzip is named, and not with a quality of zero.
    private static func isWelcome(in headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "accept-encoding"].contains { choice in
            let parts = choice.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == "gzip" else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
        }
    }
}
