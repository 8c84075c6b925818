/// Walks over JSON text (RFC 8259) and stops where it is none, to say in which line.
struct JSONScanner {
    private let bytes: [UInt8]
    private(set) var position = 0
    private var isFaulty = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skipBlanks() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    /// Goes behind one value, or stays where the text stops being one.
    mutating func skipValue(depth: Int = 0) {
        skipBlanks()
        guard !isFaulty, depth < 64 else { return fail() }
        switch current {
        case UInt8(ascii: "{"): skipMembers(until: UInt8(ascii: "}"), depth: depth, haveNames: true)
        case UInt8(ascii: "["): skipMembers(until: UInt8(ascii: "]"), depth: depth, haveNames: false)
        case UInt8(ascii: "\""): skipText()
        default: skipWord()
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func fail() { isFaulty = true }

    private mutating func skipMembers(until end: UInt8, depth: Int, haveNames: Bool) {
        position += 1
        skipBlanks()
        if take(end) { return }
        while !isFaulty {
            if haveNames {
                skipBlanks()
                guard current == UInt8(ascii: "\"") else { return fail() }
                skipText()
                skipBlanks()
                guard take(UInt8(ascii: ":")) else { return fail() }
            }
            skipValue(depth: depth + 1)
            skipBlanks()
            if isFaulty || take(end) { return }
            guard take(UInt8(ascii: ",")) else { return fail() }
        }
    }

    private mutating func skipText() {
        var end = position + 1
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return fail() }
        position = end + 1
    }

    /// A number, `true`, `false` or `null`.
    private mutating func skipWord() {
        let word = bytes[position...].prefix { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E")].contains(byte)
        }
        let text = String(decoding: word, as: UTF8.self)
        guard ["true", "false", "null"].contains(text) || Double(text) != nil else { return fail() }
        position += word.count
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }
}
