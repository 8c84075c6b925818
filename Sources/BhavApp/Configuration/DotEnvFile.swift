import Foundation

/// A `.env` file as people write it: `NAME=value`, `export NAME="value"`, `# comments`, with the line ends of any platform.
struct DotEnvFile {
    /// The settings, by name.
    let values: [String: String]

    /// Reads a file; one that is not there holds nothing.
    /// - Throws: `ConfigurationError`, naming the file and the line that cannot be read.
    init(path: String) throws(ConfigurationError) {
        guard FileManager.default.fileExists(atPath: path) else {
            try self.init(text: "", path: path)
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(path, "is there and cannot be read")
        }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path)
    }

    init(text: String, path: String) throws(ConfigurationError) {
        var values: [String: String] = [:]
        // Editors on Windows begin a file with a byte order mark.
        let plain = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let lines = plain.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        for (index, raw) in lines.enumerated() {
            var line = Substring(raw.trimmingCharacters(in: .whitespaces))
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = line.dropFirst(7) }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                throw ConfigurationError(path, "line \(index + 1) is not of the form NAME=value")
            }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces)
            values[name] = DotEnvFile.value(line[line.index(after: equals)...])
        }
        self.values = values
    }

    /// What stands between quotes; without them what comes before a comment.
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
