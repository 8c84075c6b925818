import MarketData

/// The texts of one line of a file of bars, by what they mean.
struct BarFileRow {
    typealias Fault = BarFileColumns.Fault

    private var texts = [Substring?](repeating: nil, count: BarFileColumns.Role.allCases.count)

    /// A line of csv.
    /// - Throws: `Fault` where it has other fields than the header.
    init(fields: [Substring], columns: BarFileColumns) throws(Fault) {
        guard fields.count == columns.roles.count else {
            throw Fault("\(fields.count) fields, where the header names \(columns.roles.count)")
        }
        for (role, field) in zip(columns.roles, fields) {
            if let role { texts[role.rawValue] = field }
        }
    }

    /// A line of ndjson.
    /// - Throws: `Fault` where it is no flat object, or lacks a name.
    init(json: Substring) throws(Fault) {
        guard let members = FlatJSON.members(of: json) else { throw Fault("this is no JSON object of plain values") }
        for (name, text) in members {
            guard let role = try BarFileColumns.role(of: name) else { continue }
            guard texts[role.rawValue] == nil else { throw Fault("'\(role.name)' is there twice") }
            texts[role.rawValue] = text
        }
        if let lacking = BarFileColumns.needed.first(where: { texts[$0.rawValue] == nil }) {
            throw Fault("'\(lacking.name)' is missing")
        }
    }

    func text(_ role: BarFileColumns.Role) -> Substring { texts[role.rawValue] ?? "" }

    func number(_ role: BarFileColumns.Role) throws(Fault) -> Double {
        guard let value = Double(text(role)), value.isFinite else {
            throw Fault("\(role.name) '\(text(role))' is no number")
        }
        return value
    }

    func numberIfAny(_ role: BarFileColumns.Role) throws(Fault) -> Double? {
        text(role).isEmpty ? nil : try number(role)
    }

    /// `nil` where the file does not say.
    func isFinal() throws(Fault) -> Bool? {
        switch texts[BarFileColumns.Role.final.rawValue]?.lowercased() {
        case nil: nil
        case "true": true
        case "false": false
        default: throw Fault("final '\(text(.final))' is neither true nor false")
        }
    }
}
