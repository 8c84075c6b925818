/// A zip archive of one file, stored without compression (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16).
enum StoredZip {
    static func archive(name: String, content: [UInt8]) -> [UInt8] {
        let name = Array(name.utf8)
        let size = UInt32(content.count)
        var entry: [UInt8] = []
        // Version 2.0, no flags, stored, midnight of 1980-01-01.
        entry.append(numbers: [20, 0, 0, 0, 0x21] as [UInt16])
        entry.append(numbers: [CyclicRedundancyCheck.of(content), size, size] as [UInt32])
        entry.append(numbers: [UInt16(name.count), 0] as [UInt16])
        var bytes: [UInt8] = Array("PK\u{3}\u{4}".utf8) + entry + name + content
        let directory = UInt32(bytes.count)
        bytes += Array("PK\u{1}\u{2}".utf8)
        bytes.append(numbers: [20] as [UInt16])
        bytes += entry
        // No comment, the first disk, no attributes; the entry begins at 0.
        bytes.append(numbers: [0, 0, 0] as [UInt16])
        bytes.append(numbers: [0, 0] as [UInt32])
        bytes += name
        let length = UInt32(bytes.count) - directory
        bytes += Array("PK\u{5}\u{6}".utf8)
        bytes.append(numbers: [0, 0, 1, 1] as [UInt16])
        bytes.append(numbers: [length, directory] as [UInt32])
        bytes.append(numbers: [0] as [UInt16])
        return bytes
    }
}

extension [UInt8] {
    /// Little-endian, as everything in a zip is.
    fileprivate mutating func append<Number: FixedWidthInteger>(numbers: [Number]) {
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }
}
