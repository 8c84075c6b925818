import Foundation
public import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketServer
import NIOCore
import ServiceLifecycle
import UnixSignals

extension Market {
    /// Serves this market until the program is told to stop (SIGINT or SIGTERM).
    /// - Parameter listening: Called once with the port.
    /// - Throws: `ConfigurationError` for an address that is unsafe or cannot be listened on.
    public func serve(logger: Logger, listening: @escaping @Sendable (Int) -> Void) async throws {
        let server = try server(logger: logger)
        // What ends last stands first: the archive keeps what came until the server has stopped.
        let archive = hub.archive.map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
        let monitor = hub.monitor.map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
        let retention = retentionKeeper(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let recording = try recordingService(logger: logger).map {
            [ServiceGroupConfiguration.ServiceConfiguration(service: $0)]
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: archive + monitor + (retention ?? []) + (recording ?? [])
                    + [.init(service: server), .init(service: Announcement(server: server, say: listening))],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
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
