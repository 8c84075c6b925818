import Foundation
public import HummingbirdCore
public import Logging
public import NIOCore
import Synchronization

/// How many files and sockets the process may have open.
public enum DescriptorLimit {
    /// Raises the soft limit to the hard one, at most 1,048,576.
    /// - Returns: The limit before and after; `nil` where it cannot be read.
    public static func raise() -> (before: Int, after: Int)? {
        var limit = rlimit()
        guard getrlimit(DescriptorLimit.files, &limit) == 0 else { return nil }
        let before = limit.rlim_cur
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        if limit.rlim_cur > before, setrlimit(DescriptorLimit.files, &limit) != 0 { limit.rlim_cur = before }
        return (Int(clamping: before), Int(clamping: max(before, limit.rlim_cur)))
    }

    /// The soft limit in force; `nil` where it cannot be read.
    public static var current: Int? {
        var limit = rlimit()
        return getrlimit(DescriptorLimit.files, &limit) == 0 ? Int(clamping: limit.rlim_cur) : nil
    }

    #if canImport(Glibc)
        private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let files = RLIMIT_NOFILE
    #endif
}

/// Accepts connections up to a number, and logs when that is reached; others wait in the kernel's queue.
public struct ConnectionLimit: AvailableConnectionsDelegate {
    private let most: Int
    private let logger: Logger
    private var count = 0
    private var hasWarned = false

    /// A limit.
    public init(_ most: Int, logger: Logger) {
        self.most = max(1, most)
        self.logger = logger
    }

    /// A connection was accepted.
    public mutating func connectionOpened() {
        count += 1
        guard count >= most, !hasWarned else { return }
        hasWarned = true
        logger.warning("as many connections as descriptors allow; new ones wait", metadata: ["connections": "\(count)"])
    }

    /// A connection has gone.
    public mutating func connectionClosed() {
        count -= 1
        if count < most * 9 / 10 { hasWarned = false }
    }

    /// Whether another may come.
    public func isAcceptingNewConnections() -> Bool { count < most }
}

/// Pauses accepting when the system has no descriptor left. Without a pause the listening socket stays readable and its
/// event loop does nothing but fail.
public final class AcceptBackoffHandler: ChannelInboundHandler {
    public typealias InboundIn = any Channel

    private let logger: Logger
    private let pause: TimeAmount
    private var isPaused = false

    /// A handler for a listening channel.
    public init(logger: Logger, pause: TimeAmount = .milliseconds(250)) {
        self.logger = logger
        self.pause = pause
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(failure.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        guard !isPaused else { return }
        isPaused = true
        logger.warning("cannot accept connections; trying again", metadata: ["errno": "\(failure.errnoCode)"])
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: pause) {
            let (handler, context) = loopBound.value
            handler.isPaused = false
            try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}

/// How many bytes the kernel keeps for a client that reads slowly.
///
/// By default it keeps up to 4 MiB and takes more only when a third of that has gone: a client that reads 40 kB/s is sent
/// what was true a hundred seconds ago, and seems to take nothing for half a minute. With a limit on the unsent bytes
/// (`TCP_NOTSENT_LOWAT`, tcp(7)), the rest waits in the process, where quotes are merged.
enum UnsentLimit {
    private static let bytes: SocketOptionValue = 128 << 10

    /// Sets the limit; a socket that is not TCP keeps its own.
    static func set(on channel: any Channel) {
        let option = ChannelOptions.Types.SocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: CInt(TCP_NOTSENT_LOWAT)))
        try? channel.syncOptions?.setOption(option, value: bytes)
    }
}

/// How many connections each client address may have; this machine's own may have any number.
final class ClientConnectionLimit: Sendable {
    private let most: Int
    private let counts = Mutex<[String: Int]>([:])

    init(_ most: Int) { self.most = most }

    /// Counts a connection of the address until it closes.
    /// - Returns: Whether there was a place.
    func admit(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress, !ClientConnectionLimit.isLoopback(address) else {
            return true
        }
        let isAdmitted = counts.withLock { counts in
            guard counts[address, default: 0] < most else { return false }
            counts[address, default: 0] += 1
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { _ in self.leave(address) }
        return true
    }

    private func leave(_ address: String) {
        counts.withLock { counts in
            let left = counts[address, default: 1] - 1
            counts[address] = left > 0 ? left : nil
        }
    }

    static func isLoopback(_ address: String) -> Bool {
        address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}
