import CZlib

/// Deflate (RFC 1951) and CRC-32 by the system's zlib.
enum Inflation {
    /// Inflates a raw deflate stream that holds so many bytes, no more and no fewer.
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
        // One byte more, so that a stream that goes on is noticed.
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
