import Foundation
import NIOCore
import NIOHTTP1
import NetworkFailure

/// Reads the ordinary HTTP answer of a server that does not upgrade: its head, and the beginning of its body.
final class RefusedUpgradeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private static let bodyLimit = 200
    private static let patience = TimeAmount.seconds(1)

    private let answer: EventLoopPromise<UpgradeRefusal>
    private let now: @Sendable () -> Date
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var deadline: Scheduled<Void>?

    private init(answer: EventLoopPromise<UpgradeRefusal>, now: @escaping @Sendable () -> Date) {
        self.answer = answer
        self.now = now
    }

    static func read(
        from channel: any Channel, now: @escaping @Sendable () -> Date
    ) -> EventLoopFuture<ClientUpgradeOutcome> {
        let answer = channel.eventLoop.makePromise(of: UpgradeRefusal.self)
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusedUpgradeHandler(answer: answer, now: now))
            return .refused(answer.futureResult)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: Self.patience) { loopBound.value.conclude() }
        case .body(var bytes):
            let wanted = min(bytes.readableBytes, Self.bodyLimit - body.readableBytes)
            if let part = bytes.readSlice(length: wanted) { body.writeImmutableBuffer(part) }
            if body.readableBytes == Self.bodyLimit { conclude() }
        case .end:
            conclude()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { conclude(error) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        conclude()
    }

    private func conclude(_ error: any Error = ChannelError.eof) {
        guard let head else { return answer.fail(error) }
        answer.succeed(
            UpgradeRefusal(
                status: Int(head.status.code),
                reasonPhrase: head.status.reasonPhrase,
                retryAfterSeconds: RetryAfter.seconds(head.headers.first(name: "Retry-After"), now: now()),
                body: String(buffer: body)
            )
        )
    }
}
