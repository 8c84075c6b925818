public import Foundation
public import JSON
public import MarketData
public import NIOCore

/// The body of a response: whole as JSON, and as rows for csv, ndjson and tables.
public protocol MarketResponse: Sendable {
    /// Writes the response as one JSON value, with the fields of docs/api.
    func write(to json: inout JSONWriter)

    /// The names of the columns.
    var columns: [String] { get }

    /// Hands over the rows, each with a cell for each column.
    func rows(_ emit: ([Cell]) -> Void)

    /// The exchange's zone, for times printed in it.
    var timeZone: TimeZone? { get }

    /// The provenance of every row, for formats whose rows are separate; `nil` where the rows say it themselves, or
    /// hold no numbers of a source.
    var rowProvenance: Provenance? { get }

    /// The rows by column, with where they came from.
    var arrow: ArrowTable { get }
}

extension MarketResponse {
    public var rowProvenance: Provenance? { nil }

    /// The response as bytes; each line of csv and ndjson, and the JSON value, ends in a newline.
    public func encoded(as format: ResponseFormat, times: TimeStyle = .unix) -> ByteBuffer {
        switch format {
        case .json:
            var json = JSONWriter(capacity: 4096)
            write(to: &json)
            json.endLine()
            return json.buffer
        case .csv:
            var csv = CSVWriter(times: times, zone: timeZone)
            csv.writeHeader(columns)
            rows { csv.write($0) }
            return ByteBuffer(bytes: csv.bytes)
        case .ndjson:
            var json = JSONWriter(capacity: 4096)
            let keys = columns
            let provenance = rowProvenance
            rows { json.writeRow($0, keys: keys, times: times, zone: timeZone, provenance) }
            return json.buffer
        case .arrow:
            return arrow.stream()
        }
    }
}

extension JSONWriter {
    /// The written bytes, as a new buffer.
    public var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    /// A line of ndjson may be read without the others, so it says itself whether its numbers are real.
    fileprivate mutating func writeRow(
        _ cells: [Cell], keys: [String], times: TimeStyle, zone: TimeZone?, _ provenance: Provenance?
    ) {
        beginObject()
        for (key, cell) in zip(keys, cells) {
            self.key(key)
            switch cell {
            case .text(let text): string(text)
            case .number(let value): number(value)
            case .integer(let value): integer(value)
            case .bool(let value): bool(value)
            case .time(let time):
                if times == .unix { integer(time?.seconds) } else { string(time.map { times.text($0, zone: zone) }) }
            }
        }
        if let provenance {
            field("source", provenance.source.rawValue)
            if let via = provenance.source.via { field("via", via) }
            field("mode", provenance.mode.rawValue)
        }
        endObject()
        endLine()
    }
}

/// The formats of a response.
public enum ResponseFormat: String, CaseIterable, Sendable {
    /// The whole response, with its provenance.
    case json
    /// The rows under a header.
    case csv
    /// The rows, an object a line.
    case ndjson
    /// The rows by column, as an Arrow IPC stream.
    case arrow

    /// What HTTP calls it.
    public var contentType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .csv: "text/csv; charset=utf-8"
        case .ndjson: "application/x-ndjson; charset=utf-8"
        case .arrow: "application/vnd.apache.arrow.stream"
        }
    }
}

/// One value of a row.
public enum Cell: Hashable, Sendable {
    case text(String?)
    case number(Double?)
    case integer(Int64?)
    case bool(Bool)
    case time(Timestamp?)
}

/// How rows print times.
public enum TimeStyle: String, CaseIterable, Sendable {
    /// Seconds since 1970, UTC.
    case unix
    /// ISO 8601, UTC.
    case iso
    /// ISO 8601 in the exchange's zone.
    case exchange

    /// The text of a time; without a known zone the exchange's style is UTC.
    public func text(_ time: Timestamp, zone: TimeZone?) -> String {
        switch self {
        case .unix: String(time.seconds)
        case .iso: time.description
        case .exchange: zone.map { time.description(in: $0) } ?? time.description
        }
    }
}
