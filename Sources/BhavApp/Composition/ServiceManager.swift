import Foundation
import ServiceLifecycle

/// The service manager that started this process, as sd_notify(3) and sd_listen_fds(3) describe it: state is sent to the
/// datagram socket of `NOTIFY_SOCKET`, and a listening socket may be inherited.
public struct ServiceManager: Sendable {
    /// The first descriptor that systemd passes.
    private static let firstDescriptor: Int32 = 3

    private let notifySocket: String?
    /// The time within which the manager expects a sign of life; `nil` where it expects none.
    public let watchdog: Duration?
    /// The listening socket that the manager opened; `nil` where there is none.
    public let listeningSocket: Int32?

    /// Reads the variables of the manager. Those that are addressed to another process are ignored.
    public init(environment: [String: String], processID: Int32? = nil) {
        let processID = processID ?? getpid()
        let socket = environment["NOTIFY_SOCKET"] ?? ""
        notifySocket = socket.hasPrefix("/") || socket.hasPrefix("@") ? socket : nil
        let isWatched = environment["WATCHDOG_PID"].map { Int32($0) == processID } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isWatched && microseconds > 0 && notifySocket != nil ? .microseconds(microseconds) : nil
        let isListener = environment["LISTEN_PID"].flatMap { Int32($0) } == processID
        let count = environment["LISTEN_FDS"].flatMap { Int32($0) } ?? 0
        listeningSocket = isListener && count > 0 ? ServiceManager.firstDescriptor : nil
    }

    /// Sends a state such as `READY=1`; without a manager it does nothing.
    /// - Returns: Whether it was sent.
    @discardableResult
    public func notify(_ state: String) -> Bool {
        guard let notifySocket else { return false }
        // An abstract name begins with a zero byte in place of the `@`.
        let name = notifySocket.hasPrefix("@") ? [0] + notifySocket.utf8.dropFirst() : Array(notifySocket.utf8)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // A path ends with a zero byte, an abstract name with its length.
        let isPath = !notifySocket.hasPrefix("@")
        let length =
            MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + name.count
            + (isPath ? 1 : 0)
        let bytes = Array(state.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
        return sent == bytes.count
    }
}

extension ServiceManager {
    /// The address and port that an inherited socket listens on; `127.0.0.1` for a Unix socket, which is on this machine.
    static func address(of descriptor: Int32) throws(ConfigurationError) -> (host: String, port: Int) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isSocket = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard isSocket == 0 else { throw ConfigurationError("LISTEN_FDS", "the inherited descriptor is not a socket") }
        guard storage.ss_family != sa_family_t(AF_UNIX) else { return ("127.0.0.1", 0) }
        var (host, port) = ([CChar](repeating: 0, count: 64), [CChar](repeating: 0, count: 16))
        let failed = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, length, &host, 64, &port, 16, NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        guard failed == 0 else { throw ConfigurationError("LISTEN_FDS", "the inherited socket has no address") }
        func text(_ characters: [CChar]) -> String {
            String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return (text(host), Int(text(port)) ?? 0)
    }

    /// Says that the configuration is being read again; `READY=1` ends that.
    func notifyReloading() {
        // The uptime is that of CLOCK_MONOTONIC, which the protocol requires.
        notify("RELOADING=1\nMONOTONIC_USEC=\(Int64(ProcessInfo.processInfo.systemUptime * 1_000_000))")
    }
}

/// Notifies the service manager that the server is ready, alive and stopping.
struct ServiceManagerNotifier: Service {
    let manager: ServiceManager
    /// Returns the port once the server listens.
    let port: @Sendable () async throws -> Int

    func run() async throws {
        // A server that could not listen reports that itself, as the error of its service.
        guard let port = try? await port() else { return try await gracefulShutdown() }
        manager.notify("READY=1\nSTATUS=Listening on port \(port)\nMAINPID=\(getpid())")
        try await withGracefulShutdownHandler {
            guard let watchdog = manager.watchdog else { return try await gracefulShutdown() }
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    manager.notify("WATCHDOG=1")
                    try? await Task.sleep(for: watchdog / 2)
                }
            }
        } onGracefulShutdown: {
            manager.notify("STOPPING=1\nSTATUS=Stopping")
        }
    }
}
