import MarketData
import NIOCore

/// What a column of an Arrow table holds.
public enum ArrowType: Hashable, Sendable {
    case float64
    case int64
    case bool
    case utf8
    /// Days since 1970-01-01.
    case date32
    /// Seconds since 1970, UTC, shown in a zone (an IANA name).
    case timestamp(zone: String)
}

/// One column of an Arrow table: its field and its buffers, laid out as Arrow's columnar format demands.
public struct ArrowColumn: Sendable {
    let name: String
    let type: ArrowType
    /// Whether the schema allows values to be missing; where it does not, none may be.
    let isNullable: Bool
    /// Metadata of the field.
    let unit: String?
    let length: Int
    let nullCount: Int
    /// The bitmap of present values (empty where all are), then the values; text has its offsets between them.
    let buffers: [ByteBuffer]

    private init(
        _ name: String, _ type: ArrowType, isNullable: Bool, unit: String?, validity: Bitmap, values: [ByteBuffer]
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.unit = unit
        length = validity.count
        nullCount = validity.zeros
        buffers = [validity.zeros == 0 ? ByteBuffer() : validity.buffer] + values
    }

    /// Numbers; unknown and infinite ones are null.
    static func numbers(
        _ name: String, unit: String? = nil, isNullable: Bool = true, _ values: some Collection<Double?>
    ) -> ArrowColumn {
        fixed(name, .float64, isNullable: isNullable, unit: unit, values, none: 0) { value in
            value.isFinite ? value.bitPattern : nil
        }
    }

    /// Whole numbers.
    static func integers(_ name: String, unit: String? = nil, _ values: some Collection<Int64?>) -> ArrowColumn {
        fixed(name, .int64, isNullable: true, unit: unit, values, none: 0) { $0 }
    }

    /// Instants, to the second.
    static func times(
        _ name: String, zone: String, isNullable: Bool = true, _ values: some Collection<Timestamp?>
    ) -> ArrowColumn {
        fixed(name, .timestamp(zone: zone), isNullable: isNullable, unit: nil, values, none: Int64(0)) { $0.seconds }
    }

    /// Days.
    static func days(_ name: String, _ values: some Collection<CalendarDate?>) -> ArrowColumn {
        fixed(name, .date32, isNullable: true, unit: nil, values, none: Int32(0)) { Int32(exactly: $0.daysSinceEpoch) }
    }

    /// Flags.
    static func flags(_ name: String, _ values: some Collection<Bool>) -> ArrowColumn {
        var (validity, bits) = (Bitmap(capacity: values.count), Bitmap(capacity: values.count))
        for value in values {
            validity.append(true)
            bits.append(value)
        }
        return ArrowColumn(name, .bool, isNullable: false, unit: nil, validity: validity, values: [bits.buffer])
    }

    /// Texts, 2 GB of them at most.
    static func texts(_ name: String, _ values: some Collection<String?>) -> ArrowColumn {
        var validity = Bitmap(capacity: values.count)
        var (offsets, bytes) = (ByteBuffer(), ByteBuffer())
        offsets.reserveCapacity(4 * (values.count + 1))
        offsets.writeInteger(Int32(0), endianness: .little)
        for value in values {
            validity.append(value != nil)
            if let value { bytes.writeString(value) }
            offsets.writeInteger(Int32(clamping: bytes.readableBytes), endianness: .little)
        }
        return ArrowColumn(name, .utf8, isNullable: true, unit: nil, validity: validity, values: [offsets, bytes])
    }

    private static func fixed<Element, Word: FixedWidthInteger>(
        _ name: String, _ type: ArrowType, isNullable: Bool, unit: String?, _ elements: some Collection<Element?>,
        none: Word, _ word: (Element) -> Word?
    ) -> ArrowColumn {
        var validity = Bitmap(capacity: elements.count)
        var words: [Word] = []
        words.reserveCapacity(elements.count)
        for element in elements {
            let value = element.flatMap(word)
            validity.append(value != nil)
            words.append((value ?? none).littleEndian)
        }
        let values = words.withUnsafeBytes { ByteBuffer(bytes: $0) }
        return ArrowColumn(
            name, type, isNullable: isNullable || validity.zeros > 0, unit: unit, validity: validity, values: [values])
    }
}

/// Bits from the least significant of each byte, as Arrow packs them.
private struct Bitmap {
    private(set) var count = 0
    private(set) var zeros = 0
    /// All bytes but the last.
    private var bytes: [UInt8] = []
    private var last: UInt8 = 0

    init(capacity: Int) { bytes.reserveCapacity(capacity / 8) }

    var buffer: ByteBuffer { ByteBuffer(bytes: count % 8 == 0 ? bytes : bytes + [last]) }

    mutating func append(_ bit: Bool) {
        if bit { last |= 1 << (count % 8) } else { zeros += 1 }
        count += 1
        if count % 8 == 0 {
            bytes.append(last)
            last = 0
        }
    }
}
