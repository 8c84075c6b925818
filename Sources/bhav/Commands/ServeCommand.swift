import ArgumentParser
import BhavApp
import Logging

/// `bhav serve`: the server and the dashboard.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve HTTP, WebSocket and the dashboard.")

    @Option(name: .long, help: "The address to listen on (HOST, default 127.0.0.1).")
    var host: String?

    @Option(name: .long, help: "The port to listen on, 0 for any free one (PORT, default 8000).")
    var port: String?

    @OptionGroup var market: MarketOptions

    func run() async throws {
        try await Bhav.reporting {
            var options: [String: String] = [:]
            options["HOST"] = host
            options["PORT"] = port
            let configuration = try market.configuration(options)
            let logger = Logger.forStandardError(level: configuration.logLevel)
            try await Market.run(configuration, logger: logger) { market in
                try await market.serve(logger: logger) { ServeCommand.announce(configuration, port: $0) }
            }
        }
    }

    private static func announce(_ configuration: AppConfiguration, port: Int) {
        let kind = configuration.useMockData ? "the mock market (every number is SIMULATED)" : "real sources"
        Console.say("bhav: serving \(kind) on \(configuration.address(port: port))")
    }
}
