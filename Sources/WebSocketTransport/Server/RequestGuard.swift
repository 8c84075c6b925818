import NIOCore
import NIOHTTP1

/// Guards one HTTP connection, on the network's side of everything that writes responses.
///
/// It answers what is not HTTP, or breaks its rules, with a status and closes. Hummingbird would answer by itself, past
/// the count of requests: NIO's compressor looks for the request that a response belongs to and traps where there is
/// none. It also ends connections: after a response that says `Connection: close`, after HTTP/1.0, when they are too old,
/// and soon after a shutdown began, however slowly the peer reads.
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection may live.
    struct Limits: Sendable {
        /// After this the next response is the last.
        var lifetime: TimeAmount
        /// After a shutdown began, the connection is cut.
        var shutdown: TimeAmount
        /// A peer that still sends when its last response is out may finish for this long.
        var linger: TimeAmount = .seconds(1)
    }

    private enum State {
        case reading
        /// What came cannot be accepted; the responses to what came whole before it are still awaited.
        case broken(HTTPResponseStatus)
        case closing
    }

    private let limits: Limits
    private var state = State.reading
    /// The requests whose responses have not ended, the one that is being read among them.
    private var unanswered = 0
    private var isInsideRequest = false
    private var isInsideResponse = false
    /// Whether the response that is being written, or written next, is the connection's last.
    private var isLast = false
    private var expiry: NIODeadline?
    private var cut: Scheduled<Void>?

    init(limits: Limits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { expiry = .now() + limits.lifetime }

    func handlerRemoved(context: ChannelHandlerContext) { cut?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .reading = state else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            (isInsideRequest, unanswered) = (true, unanswered + 1)
            if let status = head.ruleBroken { return refuse(status, context) }
            if !head.isKeepAlive { isLast = true }
        case .body: break
        case .end: isInsideRequest = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .closing = state {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isInsideResponse = head.status.code >= 200
            if head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "close" }) {
                isLast = true
            }
            if let expiry, expiry <= .now() { isLast = true }
            if isLast, isInsideResponse { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            (isInsideResponse, unanswered) = (false, unanswered - 1)
            if case .broken(let status) = state {
                context.write(data, promise: promise)
                finish(status, context)
            } else if isLast {
                state = .closing
                writeLast(data, promise, context)
            } else {
                context.write(data, promise: promise)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, cut == nil { scheduleCut(in: limits.shutdown, context) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .reading = state else { return }
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(.badRequest, context)
    }

    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        state = .broken(status)
        finish(status, context)
    }

    /// Answers and closes once only the request that cannot be accepted is left; where its response has begun, or was
    /// given before its body was read, it only closes.
    private func finish(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        guard unanswered <= (isInsideRequest ? 1 : 0) else { return }
        state = .closing
        let isAnswered = isInsideRequest && unanswered == 0
        guard !isInsideResponse, !isAnswered else { return context.close(promise: nil) }
        let headers: HTTPHeaders = ["Connection": "close", "Content-Length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        writeLast(wrapOutboundOut(.end(nil)), nil, context)
    }

    /// Writes the end of the last response and closes. A peer that is still sending would lose the response to a reset,
    /// so that one is given a moment.
    private func writeLast(_ end: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in
            let (handler, context) = loopBound.value
            guard handler.isInsideRequest else { return context.close(promise: nil) }
            handler.scheduleCut(in: handler.limits.linger, context)
            context.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(end, promise: sent)
    }

    private func scheduleCut(in time: TimeAmount, _ context: ChannelHandlerContext) {
        cut?.cancel()
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        cut = context.eventLoop.scheduleTask(in: time) { loopBound.value.close(promise: nil) }
    }
}

extension HTTPRequestHead {
    /// The status that answers a request which breaks a rule of HTTP's (RFC 9112, sections 2.3, 3.2 and 6.1).
    var ruleBroken: HTTPResponseStatus? {
        guard version.major == 1 else { return .httpVersionNotSupported }
        let hosts = headers["Host"].count
        guard hosts == 1 || (hosts == 0 && version.minor == 0) else { return .badRequest }
        let isChunked = headers.contains(name: "Transfer-Encoding")
        // Two lengths for one body are how requests are smuggled past a proxy.
        guard !isChunked || (!headers.contains(name: "Content-Length") && version.minor > 0) else { return .badRequest }
        return nil
    }
}
