import NIOCore
import NIOHTTP1

/// Answers what is no HTTP with 400 and closes the connection, on the network's side of all who write responses.
///
/// Hummingbird would answer by itself, past the count of requests: NIO's compressor looks for the request that a response
/// belongs to and ends the process where there is none. So the error is told to nobody further on.
final class MalformedRequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case reading
        /// What came cannot be read; the responses to what came whole before it are still awaited.
        case broken
        case closing
    }

    private var state = State.reading
    /// The requests whose responses have not ended, the one that is being read among them.
    private var unanswered = 0
    private var isInsideRequest = false
    private var isInsideResponse = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state == .reading else { return }
        switch unwrapInboundIn(data) {
        case .head: (isInsideRequest, unanswered) = (true, unanswered + 1)
        case .body: break
        case .end: isInsideRequest = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard state != .closing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        switch part {
        case .head(let head): isInsideResponse = head.status.code >= 200
        case .body: break
        case .end:
            (isInsideResponse, unanswered) = (false, unanswered - 1)
            if state == .broken { finish(context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || state != .reading else { return context.fireErrorCaught(error) }
        guard state == .reading else { return }
        state = .broken
        finish(context)
    }

    /// Says 400 and closes once only the request that cannot be read is left; where its response has begun, or was
    /// given before its body was read, it only closes.
    private func finish(_ context: ChannelHandlerContext) {
        guard unanswered <= (isInsideRequest ? 1 : 0) else { return }
        state = .closing
        let isAnswered = isInsideRequest && unanswered == 0
        guard !isInsideResponse, !isAnswered else { return context.close(promise: nil) }
        let headers: HTTPHeaders = ["Connection": "close", "Content-Length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loopBound.value.close(promise: nil) }
    }
}
