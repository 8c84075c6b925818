import NIOCore
import NIOHTTP1

/// Stands before NIO's upgrade handler until the first request's head is there and judged.
///
/// NIO's handler loses the head of a request whose upgrade is refused, so only those that will be accepted may reach it
/// as upgrades; all others go on as ordinary requests. It also sees to it that no connection waits for its first request
/// for ever or past a shutdown.
final class FirstRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let timeout: TimeAmount
    private let upgrader: ServerUpgrader
    private var deadline: Scheduled<Void>?
    /// What came while the decision was awaited.
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
        guard head.asksForWebSocket else { return passOn([.head(head.withoutUpgrade)], context) }
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

    /// A request that cannot be read is told so.
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
    fileprivate var asksForWebSocket: Bool {
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
