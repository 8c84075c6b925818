import CZlib

@testable import NSE

/// A zip of one small file, in which a test breaks what it is about.
struct ZipText {
    var name = "file.csv"
    var content: [UInt8]
    var isDeflated = true
    /// How many files the directory says there are.
    var members: UInt16 = 1
    var flags: UInt16 = 0
    var method: UInt16?
    var checksum: UInt32?
    var size: UInt32?
    var comment: [UInt8] = []
    /// What the header before the file says of its length, which some writers leave out.
    var headerSize: UInt32?

    init(_ text: String) { content = Array(text.utf8) }

    init(_ bytes: [UInt8]) { content = bytes }

    var bytes: [UInt8] {
        let packed = isDeflated ? ZipText.deflated(content) : content
        let length = UInt32(packed.count)
        let tail =
            number(method ?? (isDeflated ? 8 : 0)) + number(UInt32(0))
            + number(checksum ?? Inflation.checksum(content))
        let file =
            number(UInt32(0x0403_4B50)) + number(UInt16(20)) + number(flags) + tail
            + number(headerSize ?? length) + number(headerSize ?? UInt32(content.count))
            + number(UInt16(name.utf8.count)) + number(UInt16(0)) + Array(name.utf8) + packed
        let directory =
            number(UInt32(0x0201_4B50)) + number(UInt16(20)) + number(UInt16(20)) + number(flags) + tail
            + number(length) + number(size ?? UInt32(content.count)) + number(UInt16(name.utf8.count))
            + [UInt8](repeating: 0, count: 12) + number(UInt32(0)) + Array(name.utf8)
        return file + directory + number(UInt32(0x0605_4B50)) + number(UInt32(0)) + number(members) + number(members)
            + number(UInt32(directory.count)) + number(UInt32(file.count)) + number(UInt16(comment.count)) + comment
    }

    private func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func deflated(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var input = content
        return [UInt8](unsafeUninitializedCapacity: content.count + 1024) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = uInt(buffer.count)
                _ = deflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
    }
}
