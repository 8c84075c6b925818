/// The mark before the fraction of a number.
public enum DecimalMark: String, CaseIterable, Sendable {
    /// `24,000.10`
    case point
    /// `24.000,10`
    case comma
}

/// Reads numbers as people and programs write them: grouped in thousands or in lakhs and crores, with a decimal point
/// or comma, with a suffix such as `M` or `Cr`.
struct ImportNumbers {
    let decimal: DecimalMark

    /// Returns the number; `nil` for anything else, such as hexadecimal digits or an infinity.
    func value(_ text: String) -> Double? { plain(text).flatMap(ImportNumbers.parsed) }

    /// The same with a suffix of thousands, millions, billions, lakhs or crores, as for volumes.
    func value(suffixed text: String) -> Double? {
        if let value = value(text) { return value }
        guard let start = text.firstIndex(where: \.isLetter) else { return nil }
        let suffix = text[start...].lowercased().filter { $0 != "." && $0 != " " }
        guard let exponent = ImportNumbers.exponents[suffix],
            let mantissa = plain(text[..<start].filter { $0 != " " }), !mantissa.contains(where: { "eE".contains($0) })
        else { return nil }
        return ImportNumbers.parsed(mantissa + "e\(exponent)")
    }

    /// Whether a text means that a number is missing.
    static func isMissing(_ text: String) -> Bool {
        text.isEmpty || (text.utf8.count <= 4 && missing.contains(text.lowercased()))
    }

    private static let missing: Set<String> = ["-", "--", "—", "null", "none", "nan", "na", "n/a", "#n/a", "nil"]

    private static let exponents: [String: Int] = [
        "k": 3, "m": 6, "mn": 6, "mln": 6, "b": 9, "bn": 9, "t": 12, "l": 5, "lac": 5, "lakh": 5, "lakhs": 5, "cr": 7,
        "crore": 7, "crores": 7,
    ]

    private static func parsed(_ text: String) -> Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The number without grouping and with a point; `nil` if it is not well formed.
    private func plain(_ text: String) -> String? {
        var isPlain = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                continue
            case UInt8(ascii: ".") where decimal == .point: continue
            default: isPlain = false
            }
        }
        return isPlain ? (text.isEmpty ? nil : text) : ungrouped(text)
    }

    private func ungrouped(_ text: String) -> String? {
        var rest = text[...]
        var sign = ""
        func takeSign() {
            if let first = rest.first, "+-−".contains(first) {
                sign = first == "+" ? "" : "-"
                rest.removeFirst()
            }
        }
        takeSign()
        for currency in ["₹", "$", "€", "£", "Rs."] where rest.hasPrefix(currency) {
            rest = rest.dropFirst(currency.count).drop(while: \.isWhitespace)
            takeSign()
        }
        let mark: Character = decimal == .point ? "." : ","
        let parts = rest.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let groups = whole.split(omittingEmptySubsequences: false) { character in
            character == (decimal == .point ? "," : ".") || " \u{A0}\u{202F}\u{2009}'’".contains(character)
        }
        guard ImportNumbers.areGroups(groups) else { return nil }
        var digits = groups.joined()
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy(ImportNumbers.isDigit), !(digits + parts[1]).isEmpty else { return nil }
            digits += "." + parts[1]
        }
        return digits.isEmpty ? nil : sign + digits
    }

    /// `1 234 567` or `12 34 567`: three digits at the end, two or three before.
    private static func areGroups(_ groups: [Substring]) -> Bool {
        guard groups.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else { return false }
        guard groups.count > 1 else { return true }
        return groups.last?.utf8.count == 3 && (1...3).contains(groups[0].utf8.count)
            && groups.dropFirst().dropLast().allSatisfy { (2...3).contains($0.utf8.count) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// What the numbers of a whole file say of its decimal mark.
struct DecimalEvidence {
    private var commaLine: Int?
    private var pointLine: Int?
    /// A price such as `24,000`, which may be a thousand times a number with three decimals.
    private var ambiguous: (line: Int, text: String)?

    /// Takes in a number of the file.
    mutating func add(_ text: String, line: Int, isPrice: Bool) {
        guard text.utf8.contains(UInt8(ascii: ",")) else {
            if pointLine == nil, isPrice, let point = text.lastIndex(of: ".") {
                let isOnly = text.firstIndex(of: ".") == point
                if isOnly, text[point...].utf8.count != 4 { pointLine = line }
            }
            return
        }
        let comma = text.lastIndex(of: ",") ?? text.startIndex
        let decimals = text[text.index(after: comma)...].prefix(while: \.isNumber).count
        if let point = text.lastIndex(of: ".") {
            if point > comma { pointLine = pointLine ?? line } else { commaLine = commaLine ?? line }
        } else if text.firstIndex(of: ",") != comma {
            pointLine = pointLine ?? line
        } else if decimals != 3 {
            commaLine = commaLine ?? line
        } else if isPrice, ambiguous == nil {
            ambiguous = (line, text)
        }
    }

    /// Returns the mark that the numbers agree on.
    /// - Parameter separatesByComma: Whether commas divide the fields, so that one within a quoted field groups digits.
    /// - Throws: `ImportFault` naming `--decimal` where they contradict each other or do not say.
    func mark(separatesByComma: Bool) throws(ImportFault) -> DecimalMark {
        switch (pointLine, commaLine) {
        case (let point?, let comma?):
            throw ImportFault(
                "line \(point) has a decimal point and line \(comma) a decimal comma; use --decimal point or "
                    + "--decimal comma")
        case (nil, _?): return .comma
        case (_?, nil): return .point
        case (nil, nil):
            guard let ambiguous, !separatesByComma else { return .point }
            throw ImportFault(
                "'\(ambiguous.text)' may be grouped thousands or have three decimals; use --decimal point or "
                    + "--decimal comma", line: ambiguous.line)
        }
    }
}
