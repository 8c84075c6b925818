import CZlib

/// A zip of one file, as the exchange gives its daily files away (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
///
/// The directory at the end is believed and not the header before the file, which may leave the sizes out.
struct ZipFile {
    /// The name of the file in it.
    let name: String
    private let isDeflated: Bool
    private let packed: ArraySlice<UInt8>
    private let size: Int
    private let checksum: UInt32

    /// Finds the one file in the bytes of a zip.
    init(_ bytes: [UInt8]) throws(ZipFault) {
        guard let end = ZipFile.endOfDirectory(bytes) else { throw .notAZip }
        let count = bytes.number16(end + 10)
        guard count == 1 else { throw .members(count) }
        let entry = bytes.number32(end + 16)
        guard entry + 46 <= end, bytes.number32(entry) == 0x0201_4B50 else {
            throw .damaged("its directory is not where it should be")
        }
        guard bytes.number16(entry + 8) & 1 == 0 else { throw .unsupported("encryption") }
        let method = bytes.number16(entry + 10)
        guard method == 0 || method == 8 else { throw .unsupported("the compression method \(method)") }
        let length = bytes.number32(entry + 20)
        size = bytes.number32(entry + 24)
        guard length != 0xFFFF_FFFF, size != 0xFFFF_FFFF else { throw .unsupported("sizes beyond 4 GB") }
        guard size <= ZipFile.largest else { throw .tooLarge(size) }
        let nameLength = bytes.number16(entry + 28)
        guard entry + 46 + nameLength <= end else { throw .damaged("the name of its file is cut off") }
        name = String(decoding: bytes[entry + 46..<entry + 46 + nameLength], as: UTF8.self)
        checksum = UInt32(truncatingIfNeeded: bytes.number32(entry + 16))
        isDeflated = method == 8
        packed = try ZipFile.content(bytes, header: bytes.number32(entry + 42), length: length, before: end)
    }

    /// The file.
    /// - Throws: `ZipFault.damaged` where size or checksum (CRC-32) are not those that the directory states.
    func content() throws(ZipFault) -> [UInt8] {
        let content = isDeflated ? try Inflation.inflate(packed, to: size) : Array(packed)
        guard content.count == size else { throw .damaged("\(content.count) bytes came out where \(size) should") }
        guard Inflation.checksum(content) == checksum else { throw .damaged("its checksum is wrong") }
        return content
    }

    /// A day's file has some 8 MB.
    private static let largest = 128 << 20

    private static func content(
        _ bytes: [UInt8], header: Int, length: Int, before end: Int
    ) throws(ZipFault) -> ArraySlice<UInt8> {
        guard header + 30 <= end, bytes.number32(header) == 0x0403_4B50 else {
            throw .damaged("the header of its file is not where it should be")
        }
        let start = header + 30 + bytes.number16(header + 26) + bytes.number16(header + 28)
        guard start + length <= end else { throw .damaged("its file is cut off") }
        return bytes[start..<start + length]
    }

    /// Where the end-of-directory record begins; a comment of up to 65,535 bytes may follow it.
    private static func endOfDirectory(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let earliest = max(0, bytes.count - 22 - 65_535)
        for start in stride(from: bytes.count - 22, through: earliest, by: -1)
        where bytes.number32(start) == 0x0605_4B50 && start + 22 + bytes.number16(start + 20) == bytes.count {
            return start
        }
        return nil
    }
}

extension [UInt8] {
    /// Two bytes, the lowest first.
    fileprivate func number16(_ start: Int) -> Int { Int(self[start]) | Int(self[start + 1]) << 8 }

    /// Four bytes, the lowest first.
    fileprivate func number32(_ start: Int) -> Int { number16(start) | number16(start + 2) << 16 }
}

/// Why bytes are not a zip with the one file that should be in it.
enum ZipFault: Error, Hashable {
    /// The directory at the end is missing: it is not a zip file, or it is truncated.
    case notAZip
    /// It holds this number of files instead of one.
    case members(Int)
    /// Something that these files never use, such as encryption.
    case unsupported(String)
    /// The file in it would be larger than any real one, in bytes.
    case tooLarge(Int)
    /// Its header contradicts its content.
    case damaged(String)

    /// In plain text.
    var words: String {
        switch self {
        case .notAZip: "it is not a zip file, or it was cut off"
        case .members(let count): "the zip holds \(count) files where one is expected"
        case .unsupported(let what): "the zip uses \(what)"
        case .tooLarge(let bytes): "the file in the zip has \(bytes) bytes, which is too large"
        case .damaged(let what): "the zip is damaged: \(what)"
        }
    }
}

/// Deflate (RFC 1951) and CRC-32 by the system's zlib.
enum Inflation {
    /// Inflates a raw deflate stream that holds exactly a number of bytes.
    static func inflate(_ packed: ArraySlice<UInt8>, to size: Int) throws(ZipFault) -> [UInt8] {
        var stream = z_stream()
        // Negative window bits mean raw deflate, without the header of zlib.
        let version = ZLIB_VERSION
        guard inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged("zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var input = Array(packed)
        var status = Z_OK
        // One byte more, to detect a stream that is too long.
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = uInt(buffer.count)
                status = CZlib.inflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
        guard status == Z_STREAM_END else {
            throw .damaged("its file cannot be inflated (zlib \(status))")
        }
        return output
    }

    /// The CRC-32 of bytes.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32(0, buffer.baseAddress, uInt(buffer.count)))
        }
    }
}
