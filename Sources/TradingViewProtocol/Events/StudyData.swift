public import JSON

/// What a study says: a row a time point, and a drawing.
public struct StudyData: Hashable, Sendable {
    /// One row.
    public struct Row: Hashable, Sendable {
        /// The position on the chart session's time scale; far below zero where the row has none.
        public var index: Int
        /// The time in seconds, then the study's own values; `nil` where one is not a number.
        public var values: [Double?]

        /// A row from its parts.
        public init(index: Int, values: [Double?]) {
            self.index = index
            self.values = values
        }
    }

    /// The rows, in the order sent.
    public var rows: [Row]
    /// What the study draws, from the text `ns.d`; `nil` where it draws nothing.
    public var drawing: JSONValue?
    /// The positions on the time scale that the drawing counts in; -2000000 is none.
    public var indexes: [Int]

    /// Data from their parts.
    public init(rows: [Row] = [], drawing: JSONValue? = nil, indexes: [Int] = []) {
        self.rows = rows
        self.drawing = drawing
        self.indexes = indexes
    }
}

extension StudyData {
    /// Reads the block of a study; what in it is not of the usual shape is left out, for no study is vital.
    init(block: [String: JSONValue]) {
        rows = (block["st"]?.array ?? []).compactMap { row in
            guard let index = row["i"]?.integer, let values = row["v"]?.array else { return nil }
            return Row(index: index, values: values.map(\.double))
        }
        let text = block["ns"]?["d"]?.string ?? ""
        drawing = text.isEmpty ? nil : JSONValue(parsing: Array(text.utf8))
        indexes = (block["ns"]?["indexes"]?.array ?? []).compactMap(\.integer)
    }
}
