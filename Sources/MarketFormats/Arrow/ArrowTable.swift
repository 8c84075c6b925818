public import NIOCore

/// A table, and its encoding as an Arrow IPC stream: the schema, one record batch, the end.
///
/// Source: "Arrow Columnar Format", section "Serialization and Interprocess Communication", format version 1.0
/// (metadata version V5), and the schemas Message.fbs and Schema.fbs beside it.
public struct ArrowTable: Sendable {
    /// Columns of the same length.
    public let columns: [ArrowColumn]
    /// The schema's metadata, by key.
    public let metadata: [(key: String, value: String)]

    /// A table from its parts; the columns must be of the same length.
    public init(columns: [ArrowColumn], metadata: [(key: String, value: String)] = []) {
        self.columns = columns
        self.metadata = metadata
    }

    /// The number of rows.
    public var length: Int { columns.first?.length ?? 0 }

    /// The table as bytes of the stream format.
    public func stream() -> ByteBuffer {
        let (buffers, bodyLength) = layout()
        var stream = ByteBuffer()
        stream.reserveCapacity(bodyLength + 4096)
        stream.write(message: schemaMessage())
        stream.write(message: batchMessage(buffers, bodyLength))
        for column in columns {
            for buffer in column.buffers {
                stream.writeImmutableBuffer(buffer)
                stream.writeRepeatingByte(0, count: buffer.padding)
            }
        }
        stream.writeInteger(ArrowTable.continuation)
        stream.writeInteger(UInt32(0))
        return stream
    }

    fileprivate static let continuation = UInt32.max

    /// Where each buffer lies in the body, and how long the body is.
    private func layout() -> (buffers: [(Int64, Int64)], length: Int) {
        var offset = 0
        var buffers: [(Int64, Int64)] = []
        for buffer in columns.flatMap(\.buffers) {
            buffers.append((Int64(offset), Int64(buffer.readableBytes)))
            offset += buffer.readableBytes + buffer.padding
        }
        return (buffers, offset)
    }

    private func schemaMessage() -> [UInt8] {
        var builder = FlatBufferBuilder()
        let fields = columns.map { builder.field($0) }
        let list = builder.vector(fields)
        let pairs = builder.pairs(metadata)
        let schema = builder.table([.short(Endianness.little), .reference(list), .reference(pairs)])
        return builder.message(Header.schema, schema, bodyLength: 0)
    }

    private func batchMessage(_ buffers: [(Int64, Int64)], _ bodyLength: Int) -> [UInt8] {
        var builder = FlatBufferBuilder()
        let places = builder.vector(pairs: buffers)
        let nodes = builder.vector(pairs: columns.map { (Int64($0.length), Int64($0.nullCount)) })
        let batch = builder.table([.long(Int64(length)), .reference(nodes), .reference(places)])
        return builder.message(Header.recordBatch, batch, bodyLength: bodyLength)
    }
}

/// Numbers of Message.fbs and Schema.fbs.
private enum Header {
    static let schema: UInt8 = 1
    static let recordBatch: UInt8 = 3
}

private enum Endianness {
    static let little: Int16 = 0
}

extension FlatBufferBuilder {
    /// The message around a header.
    fileprivate mutating func message(_ type: UInt8, _ header: Offset, bodyLength: Int) -> [UInt8] {
        let version5: Int16 = 4
        let root = table([.short(version5), .byte(type), .reference(header), .long(Int64(bodyLength))])
        return finish(root)
    }

    fileprivate mutating func field(_ column: ArrowColumn) -> Offset {
        let metadata = column.unit.map { pairs([("unit", $0)]) }
        let children = vector([])
        let (kind, type) = self.type(column.type)
        let name = string(column.name)
        return table([
            .reference(name), .bool(column.isNullable), .byte(kind), .reference(type), nil, .reference(children),
            metadata.map { .reference($0) },
        ])
    }

    /// The number of a type in the union `Type`, and its table.
    private mutating func type(_ type: ArrowType) -> (UInt8, Offset) {
        switch type {
        case .int64: return (2, table([.int(64), .bool(true)]))
        case .float64: return (3, table([.short(2)]))
        case .utf8: return (5, table([]))
        case .bool: return (6, table([]))
        case .date32: return (8, table([.short(0)]))
        case .timestamp(let zone):
            let name = string(zone)
            return (10, table([.short(0), .reference(name)]))
        }
    }

    fileprivate mutating func pairs(_ pairs: [(key: String, value: String)]) -> Offset {
        let tables = pairs.map { pair in
            let (key, value) = (string(pair.key), string(pair.value))
            return table([.reference(key), .reference(value)])
        }
        return vector(tables)
    }
}

extension ByteBuffer {
    /// Zeros that follow a buffer in a body, up to the 64 bytes that the format recommends.
    fileprivate var padding: Int { (64 - readableBytes % 64) % 64 }

    /// Writes the frame of a message: its mark, the length of its metadata, the metadata.
    fileprivate mutating func write(message: [UInt8]) {
        writeInteger(ArrowTable.continuation)
        writeInteger(UInt32(message.count), endianness: .little)
        writeBytes(message)
    }
}
