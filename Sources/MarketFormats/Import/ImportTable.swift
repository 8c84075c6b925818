/// The rows of a file of bars under their header, in any supported format.
struct ImportTable {
    /// The source of rows; every pass reads from the start.
    private enum Source {
        case delimited(DelimitedReader)
        case rows([Result<ImportRow, ImportFault>])
    }

    /// For each row above the data, the names in it.
    let header: [[String]]
    /// Whether commas divide the fields.
    let separatesByComma: Bool
    /// How many fields a row has; `nil` if rows may be shorter. A header may end in a separator that rows lack.
    let fields: ClosedRange<Int>?
    private let source: Source

    /// - Throws: `ImportFault` for a file without rows, or whose shape is not known.
    /// - Parameter countsContracts: Whether the seventh value of a row without names is open interest, as India's
    ///   brokers have it.
    init(_ bytes: [UInt8], spec: ColumnSpec?, countsContracts: Bool = true) throws(ImportFault) {
        let text = try ImportText.utf8(bytes)
        guard let first = text.first(where: { !" \t\r\n".utf8.contains($0) }) else {
            throw ImportFault("the file is empty")
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let rows = try JSONRows(text, spec: spec, countsContracts: countsContracts)
            header = [rows.names]
            separatesByComma = false
            fields = nil
            source = .rows(rows.rows)
            return
        }
        guard let separator = DelimitedReader.Separator.sniffed(in: text) else {
            throw ImportFault(
                "this is neither csv nor JSON: no line has five fields divided by , ; | or a tab", line: 1)
        }
        separatesByComma = separator == .byte(UInt8(ascii: ","))
        var reader = DelimitedReader(text, separator: separator)
        header = try ImportTable.readHeader(&reader, spec)
        let longest = header.map(\.count).max() ?? 0
        let named = header.map { names in names.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0 }.max() ?? 0
        fields = min(named, longest)...longest
        source = .delimited(reader)
    }

    /// Passes the rows, or the fault of one.
    func forEach(_ body: (Result<ImportRow, ImportFault>) throws(ImportFault) -> Void) throws(ImportFault) {
        switch source {
        case .rows(let rows): for row in rows { try body(row) }
        case .delimited(var reader):
            while true {
                let result: Result<ImportRow, ImportFault>
                do throws(ImportFault) {
                    guard let row = try reader.next() else { return }
                    result = .success(row)
                } catch { result = .failure(error) }
                try body(result)
            }
        }
    }

    /// The most lines of titles above the header.
    private static let longestPreamble = 20
    /// What pandas writes first in the rows of a header of several rows.
    private static let continuations: Set<String> = ["ticker", "date", "datetime", "price", "symbol", "index", ""]

    private static func readHeader(
        _ reader: inout DelimitedReader, _ spec: ColumnSpec?
    ) throws(ImportFault) -> [[String]] {
        let start = reader
        if let names = spec?.header {
            // The file may have a header too; columns are taken by their places all the same.
            let rest = reader
            let first = try reader.next()
            let isHeader = first.map { row in row.fields.allSatisfy { $0.first?.isNumber != true } } ?? false
            if !isHeader { reader = rest }
            return [names]
        }
        var rows: [[String]] = []
        while rows.count < longestPreamble, let row = try reader.next() {
            rows.append(row.fields)
            let isHeader =
                ImportColumns.isHeader(row.fields) || spec.map { row.fields.contains(where: $0.names(_:)) } ?? false
            guard isHeader else { continue }
            while true {
                let rest = reader
                guard let next = try reader.next(), let name = next.fields.first?.lowercased(),
                    continuations.contains(name),
                    next.fields.dropFirst().allSatisfy({ Double($0) == nil })
                else {
                    reader = rest
                    return rows
                }
                rows.append(next.fields)
            }
        }
        reader = start
        let first = rows.first?.prefix(12).joined(separator: ", ") ?? ""
        throw ImportFault(
            "no header with open, high, low and close, but '\(first.prefix(120))'; name the columns: --columns "
                + "time,open,high,low,close,volume", line: 1)
    }
}

/// The rows of a JSON document, or of ndjson: arrays of numbers, objects, or an array for each column.
struct JSONRows {
    private(set) var names: [String] = []
    private(set) var rows: [Result<ImportRow, ImportFault>] = []
    private var indices: [String: Int] = [:]
    private let places: Int

    /// The order in which Kite, ccxt and others put the values of a bar.
    private static let usual = ["time", "open", "high", "low", "close", "volume", "openInterest"]

    init(_ text: [UInt8], spec: ColumnSpec?, countsContracts: Bool) throws(ImportFault) {
        places = countsContracts ? 7 : 6
        var reader = ImportJSONReader(text)
        var values: [ImportJSON] = []
        var faults: [ImportFault] = []
        while true {
            do throws(ImportFault) {
                guard let value = try reader.next() else { break }
                values.append(value)
            } catch { faults.append(error) }
        }
        let document = values.count == 1 ? values[0] : .array(values, line: 1)
        if values.isEmpty, let fault = faults.first { throw fault }
        guard try take(document, spec) else {
            throw faults.first ?? ImportFault("no bars in this JSON: no array of rows with open, high, low and close")
        }
        rows += faults.map { .failure($0) }
    }

    /// Finds the rows, the outermost first; whether there are any.
    private mutating func take(_ document: ImportJSON, _ spec: ColumnSpec?) throws(ImportFault) -> Bool {
        var level = [document]
        for _ in 0..<8 {
            for value in level { if try takeRows(value, spec) { return true } }
            level = level.flatMap { value -> [ImportJSON] in
                switch value {
                case .scalar: []
                case .array(let items, _): Array(items.prefix(100))
                case .object(let members, _): members.map(\.value)
                }
            }
        }
        return false
    }

    private mutating func takeRows(_ value: ImportJSON, _ spec: ColumnSpec?) throws(ImportFault) -> Bool {
        switch value {
        case .scalar: return false
        case .array(let items, _):
            guard let first = items.first else { return false }
            switch first {
            case .array(let fields, _) where fields.count >= 5 && fields.allSatisfy({ $0.text != nil }):
                names = spec?.header ?? names(ofPlaces: fields.count)
                for item in items { add(fieldsOf: item) }
                return true
            case .object where items.contains(where: { JSONRows.isBar($0, spec) }):
                for item in items { add(object: item, time: nil) }
                return true
            default: return false
            }
        case .object(let members, let line):
            if JSONRows.isBar(value, spec) {
                add(object: value, time: nil)
                return true
            }
            return try takeColumns(value, members, line) || takeKeyed(members, spec)
        }
    }

    /// More than seven values are an exchange's candles; the first six are the usual columns.
    private func names(ofPlaces count: Int) -> [String] {
        guard count > places else { return Array(JSONRows.usual.prefix(count)) }
        return Array(JSONRows.usual.prefix(6)) + (6..<count).map { "value \($0 + 1)" }
    }

    /// `{"t":[...],"o":[...],...}`, or pandas' `{"columns":[...],"index":[...],"data":[[...]]}`, or its object of
    /// objects.
    private mutating func takeColumns(
        _ value: ImportJSON, _ members: [(name: String, value: ImportJSON)], _ line: Int
    ) throws(ImportFault) -> Bool {
        if case .array(let columns, _)? = value["columns"], case .array(let data, _)? = value["data"] {
            let index: [ImportJSON] = if case .array(let items, _)? = value["index"] { items } else { [] }
            names = columns.compactMap(\.text)
            if !index.isEmpty { names.append("index") }
            for (row, item) in data.enumerated() {
                guard case .array(let fields, let line) = item else { continue }
                add(
                    ImportRow(
                        line: line, fields: (fields + (row < index.count ? [index[row]] : [])).map { $0.text ?? "" }))
            }
            return true
        }
        guard ImportColumns.isHeader(members.map(\.name)) else { return false }
        var columns: [(name: String, texts: [String])] = []
        var keys: [String] = []
        for member in members {
            switch member.value {
            case .array(let items, _): columns.append((member.name, items.map { $0.text ?? "" }))
            case .object(let entries, _):
                if keys.isEmpty { keys = entries.map(\.name) }
                columns.append((member.name, entries.map { $0.value.text ?? "" }))
            case .scalar: continue
            }
        }
        guard let count = columns.first(where: { ImportColumns.plain($0.name).hasPrefix("o") })?.texts.count else {
            return false
        }
        columns = columns.filter { $0.texts.count == count }
        if keys.count == count { columns.append(("index", keys)) }
        names = columns.map(\.name)
        for row in 0..<count { add(ImportRow(line: line, fields: columns.map { $0.texts[row] })) }
        return count > 0
    }

    /// `{"2026-06-08":{"open":...},...}`
    private mutating func takeKeyed(
        _ members: [(name: String, value: ImportJSON)], _ spec: ColumnSpec?
    ) -> Bool {
        guard let first = members.first, JSONRows.isBar(first.value, spec),
            WrittenTime(first.name) != nil
                || WrittenNumber(first.name) != nil
        else { return false }
        for member in members { add(object: member.value, time: member.name) }
        return true
    }

    /// Whether a value is an object with prices, or has one within it.
    private static func isBar(_ value: ImportJSON, _ spec: ColumnSpec?) -> Bool {
        guard case .object(let members, _) = flat(value) else { return false }
        let names = members.filter { $0.value.text != nil }.map(\.name)
        return ImportColumns.isHeader(names) || spec.map { names.contains(where: $0.names(_:)) } ?? false
    }

    /// The members of an object within, as `{"symbol":...,"bar":{...}}` has them.
    private static func flat(_ value: ImportJSON) -> ImportJSON {
        guard case .object(let members, let line) = value else { return value }
        return .object(
            members.flatMap { member -> [(name: String, value: ImportJSON)] in
                guard member.name == "bar", case .object(let inner, _) = member.value else { return [member] }
                return inner
            }, line: line)
    }

    private mutating func add(_ row: ImportRow) { rows.append(.success(row)) }

    private mutating func add(fieldsOf item: ImportJSON) {
        guard case .array(let fields, let line) = item else {
            return rows.append(.failure(ImportFault("row \(rows.count + 1) is not an array")))
        }
        add(ImportRow(line: line, fields: fields.map { $0.text ?? "" }))
    }

    private mutating func add(object item: ImportJSON, time: String?) {
        guard case .object(let members, let line) = JSONRows.flat(item) else {
            return rows.append(.failure(ImportFault("row \(rows.count + 1) is not an object")))
        }
        var fields = [String](repeating: "", count: names.count)
        let all = members + (time.map { [(name: "index", value: .scalar($0))] } ?? [])
        for (name, value) in all {
            guard let text = value.text else { continue }
            if let index = indices[name] {
                fields[index] = text
            } else {
                indices[name] = names.count
                names.append(name)
                fields.append(text)
            }
        }
        add(ImportRow(line: line, fields: fields))
    }
}
