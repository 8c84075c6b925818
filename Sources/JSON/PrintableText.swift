extension String {
    /// The text as a terminal, a log or a page may show it: without control characters, escape sequences (ECMA-48) and
    /// marks that change the direction of writing. Line breaks and tabs become spaces.
    ///
    /// Adapters clean upstream text with it, because escape sequences could control the terminal that prints the text.
    public var printable: String {
        guard unicodeScalars.contains(where: String.isUnprintable) else { return self }
        var text = ""
        var rest = unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar.value {
            case 0x1B: String.skipEscapeSequence(&rest)
            case 0x9B: String.skipControlSequence(&rest)
            case 0x09, 0x0A, 0x0D: text.unicodeScalars.append(" ")
            default: if !String.isUnprintable(scalar) { text.unicodeScalars.append(scalar) }
            }
        }
        return text
    }

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        // Marks, embeddings, overrides and isolates of direction; line and paragraph separators.
        case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// Steps over what follows an escape character.
    private static func skipEscapeSequence(_ rest: inout Substring.UnicodeScalarView) {
        guard let kind = rest.popFirst() else { return }
        switch kind {
        case "[": skipControlSequence(&rest)
        case "]", "P", "X", "^", "_":
            // A string for the terminal, up to its end: BEL or ESC backslash.
            while let scalar = rest.popFirst(), scalar.value != 0x07, scalar.value != 0x9C {
                if scalar.value == 0x1B {
                    if rest.first == "\\" { rest.removeFirst() }
                    return
                }
            }
        default: break
        }
    }

    /// Steps over parameters up to the final byte of a control sequence.
    private static func skipControlSequence(_ rest: inout Substring.UnicodeScalarView) {
        while let scalar = rest.first, (0x20..<0x40).contains(scalar.value) { rest.removeFirst() }
        if let last = rest.first, (0x40..<0x7F).contains(last.value) { rest.removeFirst() }
    }
}
