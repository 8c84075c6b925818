import NIOCore
import NIOHTTP1

/// Guards one HTTP connection, on the network's side of everything that writes responses.
///
/// It responds to invalid HTTP with a status and closes. Hummingbird would respond by itself, past
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
        /// The input is invalid; the responses to complete requests before it are still pending.
        case broken(HTTPResponseStatus)
        case closing
    }

    private let limits: Limits
    private var state = State.reading
    /// The requests whose responses have not ended, the one that is being read among them.
    private var withoutResponse = 0
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
            (isInsideRequest, withoutResponse) = (true, withoutResponse + 1)
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
            (isInsideResponse, withoutResponse) = (false, withoutResponse - 1)
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

    /// Responds and closes once only the request that cannot be accepted is left; where its response has begun, or was
    /// given before its body was read, it only closes.
    private func finish(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        guard withoutResponse <= (isInsideRequest ? 1 : 0) else { return }
        state = .closing
        let hasResponse = isInsideRequest && withoutResponse == 0
        guard !isInsideResponse, !hasResponse else { return context.close(promise: nil) }
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
    /// The status for a request that breaks a rule of HTTP (RFC 9112, sections 2.3, 3.2 and 6.1).
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

/// Is placed before NIO's upgrade handler until the first request's head is there and judged.
///
/// NIO's handler loses the head of a request whose upgrade is refused, so only those that will be accepted may reach it
/// as upgrades; all others go on as ordinary requests. It also ensures that no connection waits for its first
/// request forever or past a shutdown.
final class FirstRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let timeout: TimeAmount
    private let upgrader: ServerUpgrader
    private var deadline: Scheduled<Void>?
    /// The input received while the decision is pending.
    private var held: [HTTPServerRequestPart]?

    init(timeout: Duration, upgrader: ServerUpgrader) {
        self.timeout = TimeAmount(timeout)
        self.upgrader = upgrader
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: timeout) { loopBound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if held != nil {
            held?.append(part)
        } else if case .head(let head) = part {
            received(head, context)
        } else {
            context.fireChannelRead(data)
        }
    }

    private func received(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.headers.contains(name: "Upgrade") else { return passOn([.head(head)], context) }
        guard head.requestsWebSocket else { return passOn([.head(head.withoutUpgrade)], context) }
        held = [.head(head)]
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let upgrader = upgrader
        context.eventLoop.makeFutureWithTask { await upgrader.accepts(head) }.whenSuccess { isAccepted in
            let (handler, context) = loopBound.value
            guard context.channel.isActive else { return }
            let rest = handler.held?.dropFirst() ?? []
            handler.held = nil
            handler.passOn([.head(isAccepted ? head : head.withoutUpgrade)] + rest, context)
            context.fireChannelReadComplete()
        }
    }

    private func passOn(_ parts: [HTTPServerRequestPart], _ context: ChannelHandlerContext) {
        for part in parts { context.fireChannelRead(wrapInboundOut(part)) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent, ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// An invalid request gets a response that says so.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        let headers: HTTPHeaders = ["Connection": "close", "Content-Length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loopBound.value.close(promise: nil) }
    }
}

extension HTTPRequestHead {
    /// Whether this is a whole opening handshake (RFC 6455, section 4.2.1).
    fileprivate var requestsWebSocket: Bool {
        method == .GET && version.major == 1 && version.minor > 0 && ruleBroken == nil
            && headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
            && hasWebSocketKey
            && headers[canonicalForm: "Sec-WebSocket-Version"] == ["13"]
    }

    /// Whether there is one key of 16 bytes in base64.
    private var hasWebSocketKey: Bool {
        let keys = headers["Sec-WebSocket-Key"]
        guard keys.count == 1, let key = keys.first, key.utf8.count == 24, key.hasSuffix("==") else { return false }
        return key.utf8.dropLast(2).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }

    /// The same as an ordinary request, the last of its connection: NIO's decoder reads none after one with `Upgrade`.
    fileprivate var withoutUpgrade: HTTPRequestHead {
        var head = self
        head.headers.remove(name: "Upgrade")
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        return head
    }
}

/// Prefers gzip for clients that accept it: the compressor would send deflate, of which there
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
