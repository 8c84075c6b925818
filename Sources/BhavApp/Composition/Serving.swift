import Foundation
public import Logging
import MarketData
import MarketHistory
import MarketHub
public import MarketServer
import NIOCore
import ServiceLifecycle
import UnixSignals
import WebSocketTransport

extension Market {
    /// Serves this market until SIGINT or SIGTERM.
    /// - Parameters:
    ///   - metrics: What `/metrics` shows beside the state of the server.
    ///   - reload: Reads the configuration again at SIGHUP; `nil` for a server that ignores it.
    ///   - manager: The service manager that started the process, notified when the server is ready.
    ///   - listening: Called once with the port.
    /// - Throws: `ConfigurationError` for an address that is unsafe or cannot be listened on.
    public func serve(
        logger: Logger, metrics: PrometheusRegistry = PrometheusRegistry(),
        reload: (@Sendable () throws -> AppConfiguration)? = nil,
        manager: ServiceManager = ServiceManager(environment: [:]),
        listening: @escaping @Sendable (Int) -> Void
    ) async throws {
        if let limit = DescriptorLimit.raise(), limit.after > limit.before {
            logger.info(
                "raised the limit of open files", metadata: ["from": "\(limit.before)", "to": "\(limit.after)"])
        }
        var settings = configuration.server
        if let socket = manager.listeningSocket {
            settings.inheritedSocket = socket
            // Whether other machines reach it is decided by the socket, not by HOST.
            (settings.host, settings.port) = try ServiceManager.address(of: socket)
        }
        let server = try server(settings, logger: logger, metrics: metrics)
        // Services end in reverse order: the archive stores bars until the server has stopped.
        let archive = hub.services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        let monitor = hub.monitor.map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
        let retention = retentionKeeper(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let recording = try recordingService(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let reloading = ServiceGroupConfiguration.ServiceConfiguration(
            service: ReloadService(server: server, read: reload, manager: manager, logger: logger))
        let notifying = ServiceGroupConfiguration.ServiceConfiguration(
            service: ServiceManagerNotifier(manager: manager, port: { try await server.port }))
        let announcing = ServiceGroupConfiguration.ServiceConfiguration(
            service: Announcement(server: server, say: listening))
        var group = ServiceGroupConfiguration(
            services: archive + monitor + (retention ?? []) + (recording ?? [])
                + [reloading, .init(service: server), announcing, notifying],
            gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        // Requests end within a second or two of the signal; what lasts longer is cancelled.
        group.maximumGracefulShutdownDuration = .seconds(4)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            let place = "\(configuration.server.host):\(configuration.server.port)"
            throw ConfigurationError("PORT", "cannot listen on \(place): \(String(cString: strerror(error.errnoCode)))")
        } catch is SocketAddressError.UnknownHost {
            throw ConfigurationError(
                "HOST", "cannot listen on '\(configuration.server.host)': this machine has no such address")
        }
    }

    private func server(
        _ settings: MarketServerConfiguration, logger: Logger, metrics: PrometheusRegistry
    ) throws -> MarketServer {
        do {
            return try MarketServer(
                hub: hub, configuration: settings, logger: logger, metrics: metrics, clock: clock)
        } catch let error as MarketDataError {
            throw ConfigurationError("server", error.message)
        } catch let error as WebSocketError {
            throw ConfigurationError("BHAV_TLS_CERT", error.message)
        }
    }
}

/// The parts into which glibc's `malloc` divides the heap.
public enum HeapArenas {
    /// Limits them to one for each processor, in place of eight: each keeps the memory of its busiest moment. Arenas that
    /// exist already stay. The variable `MALLOC_ARENA_MAX` goes before.
    /// - Returns: Whether there is a limit.
    @discardableResult
    public static func limit() -> Bool {
        guard ProcessInfo.processInfo.environment["MALLOC_ARENA_MAX"] == nil else { return true }
        // Swift's module of the C library has no mallopt(3), and musl and Darwin have no such function.
        guard let symbol = dlsym(nil, "mallopt") else { return false }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        return mallopt(mostArenas, Int32(clamping: ProcessInfo.processInfo.activeProcessorCount)) == 1
    }

    /// `M_ARENA_MAX` of malloc.h.
    private static let mostArenas: Int32 = -8
}

/// Says where the server listens, once it does.
private struct Announcement: Service {
    let server: MarketServer
    let say: @Sendable (Int) -> Void

    func run() async throws {
        // A server that could not listen reports that itself, as the error of its service.
        if let port = try? await server.port { say(port) }
        try await gracefulShutdown()
    }
}

/// Takes over keys, hosts, origins, calendar, certificate and log level at SIGHUP.
private struct ReloadService: Service {
    let server: MarketServer
    let read: (@Sendable () throws -> AppConfiguration)?
    let manager: ServiceManager
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                manager.notifyReloading()
                reload()
                // A server that does not listen yet becomes ready by itself.
                if (try? await server.port) != nil { manager.notify("READY=1") }
            }
        }
    }

    private func reload() {
        guard let read else { return }
        do {
            let configuration = try read()
            try server.reload(configuration.server)
            configuration.installCalendar()
            ServerLogHandler.setLevel(configuration.logLevel)
            logger.notice("reloaded the configuration", metadata: ["keys": "\(configuration.server.apiKeys.count)"])
        } catch {
            logger.error("cannot reload the configuration; keeping the previous one", metadata: ["error": "\(error)"])
        }
    }
}
