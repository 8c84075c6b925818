import Foundation
import JSON
public import Logging
import MarketData
import MarketServer
import Synchronization

/// Writes a server's log to standard error, as text or as a JSON object a line; its level can change while it runs. Of a
/// message that repeats, 20 records a minute are written and the others counted.
public struct ServerLogHandler: LogHandler {
    /// The form of a line.
    public enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    private static let level = Mutex(Logger.Level.info)
    private static let limiter = LogLimiter()

    /// Sets how much all loggers of this kind say.
    public static func setLevel(_ level: Logger.Level) { self.level.withLock { $0 = level } }

    private let label: String
    private let format: Format
    /// What every record carries.
    public var metadata: Logger.Metadata = [:]
    /// Adds what belongs to the task that logs, such as the id of its request.
    public var metadataProvider: Logger.MetadataProvider?

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

    /// Writes a record, or counts it where its message was written often enough within a minute.
    public func log(event: LogEvent) {
        let verdict = ServerLogHandler.limiter.admit(event.level, "\(event.message)", at: .now)
        var lines = verdict.suppressed.map { suppressed in
            line(
                suppressed.level, "repeated messages were suppressed",
                ["of": "\(suppressed.message)", "count": "\(suppressed.count)"])
        }
        if verdict.isAdmitted {
            let provided = metadata.merging(metadataProvider?.get() ?? [:]) { own, _ in own }
            lines.append(line(event.level, event.message, provided.merging(event.metadata ?? [:]) { _, new in new }))
        }
        // One write, so that lines of two threads do not mix.
        if !lines.isEmpty { FileHandle.standardError.write(Data(lines.joined().utf8)) }
    }

    /// A record as a line with its end.
    func line(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
        let all = metadata.sorted { $0.key < $1.key }
        let time = SystemClock.now().description
        var line: String
        switch format {
        case .text:
            line = "\(time) \(level) \(label): \(message)"
            for (key, value) in all { line += " \(key)=\(ServerLogHandler.plain("\(value)"))" }
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.field("time", time)
            json.field("level", level.rawValue)
            json.field("label", label)
            json.field("message", "\(message)")
            for (key, value) in all {
                json.key(key)
                json.string("\(value)")
            }
            json.endObject()
            line = String(decoding: json.bytes, as: UTF8.self)
        }
        return line + "\n"
    }

    /// A value without what would end the line or steer a terminal; quoted where it holds spaces.
    private static func plain(_ text: String) -> String {
        let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return clean.contains(" ") ? "\"\(clean)\"" : clean
    }
}

extension Logger {
    /// A server's logger; what is logged for a request carries the request's id.
    public static func forServer(level: Logger.Level, format: ServerLogHandler.Format) -> Logger {
        ServerLogHandler.setLevel(level)
        return Logger(label: "bhav") { label in
            var handler = ServerLogHandler(label: label, format: format)
            handler.metadataProvider = RequestLog.metadataProvider
            return handler
        }
    }
}
