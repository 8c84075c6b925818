import Foundation
public import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketServer
import NIOCore
import ServiceLifecycle
import UnixSignals
import WebSocketTransport

extension Market {
    /// Serves this market until the program is told to stop (SIGINT or SIGTERM).
    /// - Parameters:
    ///   - reload: Reads the configuration again at SIGHUP; `nil` for a server that ignores it.
    ///   - listening: Called once with the port.
    /// - Throws: `ConfigurationError` for an address that is unsafe or cannot be listened on.
    public func serve(
        logger: Logger, reload: (@Sendable () throws -> AppConfiguration)? = nil,
        listening: @escaping @Sendable (Int) -> Void
    ) async throws {
        if let limit = DescriptorLimit.raise(), limit.after > limit.before {
            logger.info(
                "raised the limit of open files", metadata: ["from": "\(limit.before)", "to": "\(limit.after)"])
        }
        let server = try server(logger: logger)
        // What ends last stands first: the archive keeps what came until the server has stopped.
        let archive = hub.services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        let monitor = hub.monitor.map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
        let retention = retentionKeeper(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let recording = try recordingService(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let reloading = ServiceGroupConfiguration.ServiceConfiguration(
            service: ReloadService(server: server, read: reload, logger: logger))
        let announcing = ServiceGroupConfiguration.ServiceConfiguration(
            service: Announcement(server: server, say: listening))
        var settings = ServiceGroupConfiguration(
            services: archive + monitor + (retention ?? []) + (recording ?? [])
                + [reloading, .init(service: server), announcing],
            gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        // Requests end within a second or two of the signal; what lasts longer is cancelled.
        settings.maximumGracefulShutdownDuration = .seconds(4)
        let group = ServiceGroup(configuration: settings)
        do {
            try await group.run()
        } catch let error as IOError {
            let place = "\(configuration.server.host):\(configuration.server.port)"
            throw ConfigurationError("PORT", "cannot listen on \(place): \(String(cString: strerror(error.errnoCode)))")
        } catch is SocketAddressError.UnknownHost {
            throw ConfigurationError(
                "HOST", "this machine knows no address '\(configuration.server.host)' to listen on")
        }
    }

    private func server(logger: Logger) throws -> MarketServer {
        do {
            return try MarketServer(hub: hub, configuration: configuration.server, logger: logger, clock: clock)
        } catch let error as MarketDataError {
            throw ConfigurationError("server", error.message)
        } catch let error as WebSocketError {
            throw ConfigurationError("BHAV_TLS_CERT", error.message)
        }
    }
}

/// Says where the server listens, once it does.
private struct Announcement: Service {
    let server: MarketServer
    let say: @Sendable (Int) -> Void

    func run() async throws {
        // A server that could not listen says so itself, as the error of its own service.
        if let port = try? await server.port { say(port) }
        try await gracefulShutdown()
    }
}

/// Takes over keys, hosts, origins, calendar, certificate and log level at SIGHUP.
private struct ReloadService: Service {
    let server: MarketServer
    let read: (@Sendable () throws -> AppConfiguration)?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { reload() }
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
            logger.error("cannot reload the configuration; the former one stays", metadata: ["error": "\(error)"])
        }
    }
}
