public import ArgumentParser
import BhavApp
import Foundation
import MarketData
import MarketFormats
public import MarketServer

/// `bhav keys`: the API keys of a server.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Create, list and revoke the API keys of a server.",
        discussion: """
            The keys are in the file that BHAV_KEYS_FILE names (default: keys in BHAV_DATA), hashed. A running server reads the \
            file again at SIGHUP.

            bhav keys new laptop
            bhav keys new grafana --scope admin --expires 90d
            bhav keys list
            bhav keys revoke laptop
            """,
        subcommands: [NewCommand.self, ListCommand.self, RevokeCommand.self]
    )

    fileprivate static func file() throws -> KeyFile {
        try AppConfiguration.keyFile(environment: ProcessInfo.processInfo.environment, dotEnvPath: ".env")
    }

    /// `bhav keys new`: a new key, printed once.
    struct NewCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Create a key and print it once.",
            discussion: "The key goes to standard output; only its hash is kept.")

        @Argument(help: "Name of the key in lists, logs and metrics.")
        var name: String

        @Option(name: .long, help: "Scope: read, or admin, which includes the metrics.")
        var scope = APIKey.Scope.read

        @Option(name: .long, help: "Expiry: a date (UTC), or a time from now such as 90d (default: never).")
        var expires: String?

        func run() async throws {
            try await Bhav.reporting {
                guard !name.isEmpty, name.utf8.count <= 60, !name.hasPrefix("#"),
                    name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.@".contains($0)) })
                else {
                    throw MarketDataError.badRequest(
                        "invalid name '\(name.prefix(60))': use up to 60 letters, digits and - _ . @")
                }
                let file = try KeysCommand.file()
                let (text, key) = APIKey.generate(name: name, scope: scope, expires: try moment())
                try file.add(key)
                try DataOutput().write(text + "\n")
                let end = key.expires.map { ", expires \($0)" } ?? ""
                Console.say(
                    "bhav: added the key '\(name)' (\(scope.rawValue)\(end)) to \(file.path); it is not shown again")
                Console.say("bhav: a running server uses it after SIGHUP (systemctl reload bhav, or kill -HUP PID)")
            }
        }

        private func moment() throws -> Timestamp? {
            guard let expires else { return nil }
            let now = SystemClock.now()
            let end: Timestamp
            if let length = DurationOption(argument: expires) {
                end = now.advanced(bySeconds: Int64(length.seconds))
            } else {
                end = try Timestamp(try DateInput.iso(expires) ?? expires, zone: nil, dateMeans: .start)
            }
            guard end > now else { throw MarketDataError.badRequest("--expires \(expires) is in the past") }
            return end
        }
    }

    /// `bhav keys list`: the keys of the file.
    struct ListCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the keys: names, scopes and expiry, not the keys.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Bhav.reporting {
                let now = SystemClock.now()
                let keys = try KeysCommand.file().keys()
                try output.print(
                    ListResponse(
                        name: "keys", columns: ["name", "scope", "expires", "state"],
                        rows: keys.map { key in
                            let isOver = key.expires.map { $0 <= now } ?? false
                            return [
                                .text(key.name), .text(key.scope.rawValue), .text(key.expires?.description ?? "never"),
                                .text(isOver ? "expired" : "valid"),
                            ]
                        }))
            }
        }
    }

    /// `bhav keys revoke`: a key that no longer works.
    struct RevokeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Remove a key by its name.",
            discussion: "A running server refuses it after SIGHUP.")

        @Argument(help: "Name of the key.")
        var name: String

        func run() async throws {
            try await Bhav.reporting {
                let file = try KeysCommand.file()
                guard try file.remove(name) else {
                    let known = try file.keys().map(\.name)
                    throw CommandFailure(
                        message: "no key '\(name)' in \(file.path); "
                            + (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"),
                        exitCode: .usage)
                }
                Console.say("bhav: revoked '\(name)'; a running server refuses it after SIGHUP")
            }
        }
    }
}

extension APIKey.Scope: ExpressibleByArgument {}
