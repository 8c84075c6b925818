import Foundation
import JSON
public import Logging
import MarketData
import Synchronization

/// Writes a server's log to standard error, as text or as a JSON object a line; its level can change while it runs.
public struct ServerLogHandler: LogHandler {
    /// The form of a line.
    public enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    private static let level = Mutex(Logger.Level.info)

    /// Sets how much all loggers of this kind say.
    public static func setLevel(_ level: Logger.Level) { self.level.withLock { $0 = level } }

    private let label: String
    private let format: Format
    public var metadata: Logger.Metadata = [:]

    /// A handler for a label.
    public init(label: String, format: Format) {
        self.label = label
        self.format = format
    }

    /// The level that is set for all.
    public var logLevel: Logger.Level {
        get { ServerLogHandler.level.withLock { $0 } }
        set { ServerLogHandler.setLevel(newValue) }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let time = SystemClock.now().description
        var line: String
        switch format {
        case .text:
            line = "\(time) \(event.level) \(label): \(event.message)"
            for (key, value) in all { line += " \(key)=\(ServerLogHandler.plain("\(value)"))" }
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.field("time", time)
            json.field("level", event.level.rawValue)
            json.field("label", label)
            json.field("message", "\(event.message)")
            for (key, value) in all {
                json.key(key)
                json.string("\(value)")
            }
            json.endObject()
            line = String(decoding: json.bytes, as: UTF8.self)
        }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// A value without what would end the line or steer a terminal; quoted where it holds spaces.
    private static func plain(_ text: String) -> String {
        let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return clean.contains(" ") ? "\"\(clean)\"" : clean
    }
}

extension Logger {
    /// A server's logger.
    public static func forServer(level: Logger.Level, format: ServerLogHandler.Format) -> Logger {
        ServerLogHandler.setLevel(level)
        return Logger(label: "bhav", factory: { ServerLogHandler(label: $0, format: format) })
    }
}
