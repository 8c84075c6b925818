/// The shapes in which an answer can be had.
public enum AnswerFormat: String, CaseIterable, Sendable {
    /// The whole answer, with its provenance.
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
