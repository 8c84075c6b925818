import Configuration
import Foundation

/// Settings by the names of the environment: the command line's own first, then the environment, then `.env`.
struct Settings: Sendable {
    private let reader: ConfigReader

    /// - Throws: `ConfigurationError` where `.env` is there and cannot be read.
    init(options: [String: String], environment: [String: String], dotEnvPath: String) throws(ConfigurationError) {
        let file = try DotEnvFile(path: dotEnvPath)
        reader = ConfigReader(
            providers: [options, environment, file.values].map { values in
                EnvironmentVariablesProvider(environmentVariables: values)
            })
    }

    /// The text of a setting; `nil` where it is not set or empty.
    func text(_ name: String) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        return reader.string(forKey: key).flatMap { $0.isEmpty ? nil : $0 }
    }

    func switched(_ name: String, default standard: Bool) throws(ConfigurationError) -> Bool {
        guard let text = text(name) else { return standard }
        switch text {
        case "true": return true
        case "false": return false
        default: throw ConfigurationError(name, "'\(text)' is neither true nor false")
        }
    }

    func number(
        _ name: String, within range: ClosedRange<Int>, default standard: Int
    ) throws(ConfigurationError) -> Int {
        guard let text = text(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationError(
                name, "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Choice
    ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
        guard let text = text(name) else { return standard }
        guard let choice = Choice(rawValue: text.lowercased()) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(name, "'\(text)' is none of \(known)")
        }
        return choice
    }

    func readableFile(_ name: String) throws(ConfigurationError) -> String? {
        guard let path = text(name) else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ConfigurationError(name, "the file '\(path)' is not there or cannot be read")
        }
        return path
    }

    func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    /// A base address: scheme, host and port, without a path of its own; a closing slash is dropped.
    func address(_ name: String, _ schemes: [String], default standard: String) throws(ConfigurationError) -> String {
        guard var text = text(name) else { return standard }
        while text.hasSuffix("/") { text.removeLast() }
        let shown = Settings.shown(text)
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, schemes.contains(scheme),
            let host = parts.host, !host.isEmpty, !text.contains(" ")
        else {
            let forms = schemes.map { "\($0)://host:port" }.joined(separator: " or ")
            throw ConfigurationError(name, "\(shown) is not an address of the form \(forms)")
        }
        guard parts.user == nil, parts.password == nil else {
            throw ConfigurationError(name, "\(shown) holds a user name or password, which would not be sent")
        }
        guard (1...65_535).contains(parts.port ?? 1), !text.hasSuffix(":") else {
            throw ConfigurationError(name, "\(shown) has no port from 1 to 65535")
        }
        guard parts.path.isEmpty, parts.query == nil, parts.fragment == nil else {
            throw ConfigurationError(name, "\(shown) goes on after host and port; the paths are the program's own")
        }
        return text
    }

    /// An address without what may be a secret: a password before an `@`, or what comes after `?` or `#`.
    private static func shown(_ address: String) -> String {
        guard address.contains(where: { "?#@".contains($0) }) else { return "'\(address)'" }
        guard !address.contains("@"), let parts = URLComponents(string: address), let scheme = parts.scheme,
            let host = parts.host, !host.isEmpty
        else { return "the address" }
        return "'\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")'"
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: blank).reversed().drop(while: blank).reversed())
    }
}
