import NIOCore
import NIOWebSocket

/// Carries out on the event loop what ``WebSocketStateMachine`` decides: frames below, messages above.
final class WebSocketChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketEvent
    typealias OutboundIn = WebSocketOutboundPart
    typealias OutboundOut = ByteBuffer

    private let role: WebSocketStateMachine.Role
    private let configuration: WebSocketConfiguration
    private let ending: WebSocketEnding
    private let backlog: WebSocketBacklog
    private var machine: WebSocketStateMachine
    private var hasEnded = false
    private var ioError: (any Error)?
    private var closeTimer: Scheduled<Void>?
    private var pingTimer: RepeatedTask?
    /// Whether the socket is being read, as it is from the upgrade on; while a slow consumer holds reading up, silence is
    /// not the peer's.
    private var isReading = true
    private var isPongMissing = false
    /// Whether reading waits for pending writes: otherwise pings would let pongs pile up without bound.
    private var isReadHeld = false
    /// Whether the peer took nothing since the last ping was due.
    private var isWriteStuck = false

    init(
        role: WebSocketStateMachine.Role, configuration: WebSocketConfiguration, ending: WebSocketEnding,
        backlog: WebSocketBacklog
    ) {
        self.role = role
        self.configuration = configuration
        self.ending = ending
        self.backlog = backlog
        machine = WebSocketStateMachine(role: role, maximumMessageSize: configuration.maximumMessageSize)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard let interval = configuration.pingInterval else { return }
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let delay = TimeAmount(interval)
        pingTimer = context.eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in
            let (handler, context) = loopBound.value
            handler.pingIsDue(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        pingTimer?.cancel()
        closeTimer?.cancel()
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isPongMissing = false
        perform(machine.received(unwrapInboundIn(data)), context)
    }

    func read(context: ChannelHandlerContext) {
        guard context.channel.isWritable || !machine.isOpen || hasEnded else {
            isReadHeld = true
            return
        }
        isReading = true
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            isWriteStuck = false
            if isReadHeld {
                isReadHeld = false
                read(context: context)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        context.fireChannelReadComplete()
        // Nothing above requests bytes any more, but the peer's close frame and close_notify are still to be read.
        if machine.isClosing || hasEnded { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let malformed as NIOWebSocketError:
            perform(machine.received(malformed), context)
        case is ByteToMessageDecoderError:
            break  // Half a frame was left when the connection ended; that end is reported separately.
        default:
            ioError = ioError ?? error
            connectionEnded(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            close(WebSocketCloseRequest(code: .goingAway, reason: "the server is shutting down"), context)
        case ChannelEvent.inputClosed:
            connectionEnded(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connectionEnded(context)
        context.fireChannelInactive()
    }

    private func perform(_ action: WebSocketStateMachine.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none:
            break
        case .deliver(let message):
            context.fireChannelRead(wrapInboundOut(.message(message)))
        case .sendPong(let payload):
            writeFrame(.pong, payload, context)
            context.flush()
        case .respondToClose(let closure):
            end(closure.code.isClean ? nil : .closedByPeer(closure), context)
            writeCloseFrame(closure.code, "", context)
        case .finishClose:
            end(nil, context)
            context.close(promise: nil)
        case .fail(let closure):
            end(.broken(closure), context)
            writeCloseFrame(closure.code, closure.reason, context)
        }
    }

    private func connectionEnded(_ context: ChannelHandlerContext) {
        let isUnexpected = machine.connectionEnded()
        end(isUnexpected ? .endedWithoutClose(ioError) : nil, context)
        if context.channel.isActive { context.close(promise: nil) }
    }

    private func end(_ failure: WebSocketError?, _ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        hasEnded = true
        ending.note(failure)
        context.fireChannelRead(wrapInboundOut(.ended))
        context.fireChannelReadComplete()
        context.read()
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        backlog.remove(part.byteCount)
        guard machine.isOpen else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch part {
        case .message(let message):
            writeFrame(message.opcode, message.bytes, context, promise)
        case .fragmented(let message, let pieces):
            writeFragments(message, pieces: pieces, context, promise)
        case .ping(let payload):
            writeFrame(.ping, payload.getSlice(at: payload.readerIndex, length: 125) ?? payload, context, promise)
        case .encoded(let frames):
            context.write(wrapOutboundOut(frames), promise: promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let request = event as? WebSocketCloseRequest else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        close(request, context)
        promise?.succeed(())
    }

    private func close(_ request: WebSocketCloseRequest, _ context: ChannelHandlerContext) {
        guard machine.close() else { return }
        ending.note(nil)
        writeFrame(.connectionClose, closePayload(request.code, request.reason), context)
        context.flush()
        scheduleCut(context)
        context.read()
    }

    /// Sends the last frame and ends the connection when it is out, or when the peer takes too long to read it.
    private func writeCloseFrame(_ code: WebSocketCloseCode, _ reason: String, _ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
        writeFrame(.connectionClose, closePayload(code, reason), context, sent)
        context.flush()
        scheduleCut(context)
    }

    private func scheduleCut(_ context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        closeTimer?.cancel()
        closeTimer = context.eventLoop.scheduleTask(in: TimeAmount(configuration.closeTimeout)) {
            loopBound.value.close(promise: nil)
        }
    }

    private func closePayload(_ code: WebSocketCloseCode, _ reason: String) -> ByteBuffer {
        var payload = ByteBuffer()
        guard code.isAllowedOnTheWire else { return payload }
        payload.writeInteger(code.rawValue)
        for character in reason {
            guard payload.readableBytes + character.utf8.count <= 125 else { break }
            payload.writeString(String(character))
        }
        return payload
    }

    private func writeFragments(
        _ message: WebSocketMessage,
        pieces: Int,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        var rest = message.bytes
        let count = max(pieces, 1)
        for index in 0..<count {
            let isLast = index == count - 1
            let length = isLast ? rest.readableBytes : rest.readableBytes / (count - index)
            let piece = rest.readSlice(length: length) ?? ByteBuffer()
            let opcode = index == 0 ? message.opcode : .continuation
            writeFrame(opcode, piece, context, isFinal: isLast, isLast ? promise : nil)
        }
    }

    private func writeFrame(
        _ opcode: WebSocketOpcode,
        _ payload: ByteBuffer,
        _ context: ChannelHandlerContext,
        isFinal: Bool = true,
        _ promise: EventLoopPromise<Void>? = nil
    ) {
        let mask = role == .client ? WebSocketMaskingKey.random() : nil
        var head = context.channel.allocator.buffer(capacity: 14)
        head.writeFrameHead(opcode: opcode, isFinal: isFinal, length: payload.readableBytes, mask: mask)
        guard payload.readableBytes > 0 else {
            context.write(wrapOutboundOut(head), promise: promise)
            return
        }
        var payload = payload
        if let mask { payload.applyMask(mask) }
        if payload.readableBytes <= 1024 {
            head.writeImmutableBuffer(payload)
            context.write(wrapOutboundOut(head), promise: promise)
        } else {
            context.write(wrapOutboundOut(head), promise: nil)
            context.write(wrapOutboundOut(payload), promise: promise)
        }
    }

    // MARK: Keep-alive

    private func pingIsDue(_ context: ChannelHandlerContext) {
        guard machine.isOpen else { return }
        if isReadHeld {
            if isWriteStuck { return giveUp("The WebSocket peer does not read.", context) }
            isWriteStuck = true
            return
        }
        guard isReading else { return }
        if isPongMissing { return giveUp("The WebSocket peer did not respond to a ping.", context) }
        isPongMissing = true
        writeFrame(.ping, ByteBuffer(), context)
        context.flush()
    }

    private func giveUp(_ reason: String, _ context: ChannelHandlerContext) {
        _ = machine.connectionEnded()
        end(WebSocketError(.timedOut, reason), context)
        context.close(promise: nil)
    }
}

extension WebSocketError {
    fileprivate static func closedByPeer(_ closure: WebSocketClosure) -> WebSocketError {
        let words = closure.reason.isEmpty ? "" : ": \(closure.reason)"
        return WebSocketError(
            .closed(code: closure.code, reason: closure.reason),
            "The WebSocket peer closed the connection with code \(closure.code)\(words)."
        )
    }

    fileprivate static func broken(_ closure: WebSocketClosure) -> WebSocketError {
        WebSocketError(
            closure.code == .messageTooLarge ? .messageTooLarge : .protocolViolation,
            "The WebSocket peer broke the protocol: \(closure.reason)."
        )
    }
}

/// What a task passes to the channel to send.
enum WebSocketOutboundPart: Sendable {
    case message(WebSocketMessage)
    /// One message in a number of frames.
    case fragmented(WebSocketMessage, pieces: Int)
    case ping(ByteBuffer)
    /// Bytes that are already frames, or deliberately invalid.
    case encoded(ByteBuffer)

    /// The size of the payload, as the backlog counts it.
    var byteCount: Int {
        switch self {
        case .message(let message), .fragmented(let message, _): message.bytes.readableBytes
        case .ping(let bytes), .encoded(let bytes): bytes.readableBytes
        }
    }
}

/// The request to begin the close handshake; it overtakes pending writes.
struct WebSocketCloseRequest: Sendable {
    let code: WebSocketCloseCode
    let reason: String
}

/// What the channel passes to the iterating task.
enum WebSocketEvent: Sendable {
    case message(WebSocketMessage)
    /// Nothing follows; ``WebSocketEnding`` says why.
    case ended
}
