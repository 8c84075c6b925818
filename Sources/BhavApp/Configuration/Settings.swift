import Configuration
import Foundation
import MarketFormats

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
        default: throw ConfigurationError(name, "must be true or false, got '\(text)'")
        }
    }

    func number(
        _ name: String, within range: ClosedRange<Int>, default standard: Int
    ) throws(ConfigurationError) -> Int {
        guard let text = text(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationError(
                name, "must be an integer from \(range.lowerBound) to \(range.upperBound), got '\(text)'")
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Choice
    ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
        guard let text = text(name) else { return standard }
        guard let choice = Choice(rawValue: text.lowercased()) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(name, "must be one of \(known), got '\(text)'")
        }
        return choice
    }

    func readableFile(_ name: String) throws(ConfigurationError) -> String? {
        guard let path = text(name) else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ConfigurationError(name, "cannot read the file '\(path)'; check the name and the permissions")
        }
        return path
    }

    func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    /// A base address: scheme, host and port, without a path; a closing slash is dropped.
    func address(_ name: String, _ schemes: [String], default standard: String) throws(ConfigurationError) -> String {
        guard var text = text(name) else { return standard }
        while text.hasSuffix("/") { text.removeLast() }
        let shown = Settings.shown(text)
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, schemes.contains(scheme),
            let host = parts.host, !host.isEmpty, !text.contains(" ")
        else {
            let forms = schemes.map { "\($0)://host:port" }.joined(separator: " or ")
            throw ConfigurationError(name, "must be an address such as \(forms), got \(shown)")
        }
        guard parts.user == nil, parts.password == nil else {
            throw ConfigurationError(name, "\(shown) contains a user name or password; remove them")
        }
        guard (1...65_535).contains(parts.port ?? 1), !text.hasSuffix(":") else {
            throw ConfigurationError(name, "the port in \(shown) must be from 1 to 65535")
        }
        guard parts.path.isEmpty, parts.query == nil, parts.fragment == nil else {
            throw ConfigurationError(name, "\(shown) has a path; give scheme, host and port only")
        }
        return text
    }

    /// An address without possible secrets: a password before an `@`, or what comes after `?` or `#`.
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

/// A `.env` file as people write it: `NAME=value`, `export NAME="value"`, `# comments`, in the encodings and with the line
/// ends of any platform.
struct DotEnvFile {
    /// The settings, by name.
    let values: [String: String]

    /// Reads a file; one that is not there holds nothing.
    /// - Throws: `ConfigurationError`, naming the file and the line that cannot be read.
    init(path: String) throws(ConfigurationError) {
        guard FileManager.default.fileExists(atPath: path) else {
            try self.init(lines: [], path: path)
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(path, "cannot read the file; check its permissions")
        }
        let lines: [String]
        do {
            lines = try ImportText.lines(Array(data))
        } catch {
            throw ConfigurationError(path, error.message)
        }
        try self.init(lines: lines, path: path)
    }

    private init(lines: [String], path: String) throws(ConfigurationError) {
        var values: [String: String] = [:]
        for (index, raw) in lines.enumerated() {
            var line = Substring(raw.trimmingCharacters(in: .whitespaces))
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = line.dropFirst(7) }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                throw ConfigurationError(path, "line \(index + 1) must have the form NAME=value")
            }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces)
            values[name] = DotEnvFile.value(line[line.index(after: equals)...])
        }
        self.values = values
    }

    /// The text between quotes; without quotes the text before a comment.
    private static func value(_ text: Substring) -> String {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let quote = text.first, quote == "\"" || quote == "'" {
            let inner = text.dropFirst()
            return String(inner.prefix { $0 != quote })
        }
        let end = text.range(of: " #")?.lowerBound ?? text.endIndex
        return text[..<end].trimmingCharacters(in: .whitespaces)
    }
}

/// An invalid setting, with its name and the reason. A secret's value is never repeated.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting, as it is written in the environment.
    public let name: String
    /// The reason, and the accepted values.
    public let message: String
    /// Whether the setting was given as an option of the command line, and not by the environment or `.env`.
    public private(set) var isOption = false

    /// An unusable setting.
    public init(_ name: String, _ message: String) {
        self.name = name
        self.message = message
    }

    /// The same error, marked as an option of the command line where it was given as one.
    func given(in options: [String: String]) -> ConfigurationError {
        var error = self
        error.isOption = options[name] != nil
        return error
    }

    /// The name and the reason.
    public var description: String { "\(name): \(message)" }
}
