import MarketData
import NIOCore
import Testing

@testable import MarketFormats

@Suite("Arrow")
struct ArrowTests {
    private static let provenance = Provenance(
        source: .mock, feed: "mock seed 1", mode: .simulated, delaySeconds: 0, asOf: Timestamp(seconds: 1_795_320_900))

    private static func series(_ bars: [Bar], interval: String = "5m") throws -> BarSeries {
        BarSeries(
            request: BarRequest(
                symbol: try Symbol("NSE:NIFTY"), interval: try Interval(interval), span: .count(max(1, bars.count))),
            bars: bars, provenance: provenance)
    }

    private static func bars(_ count: Int) -> [Bar] {
        (0..<count).map { index in
            Bar(
                time: Timestamp(seconds: 1_795_320_900 + Int64(index) * 300), open: 100 + Double(index), high: 110,
                low: 90, close: 105, volume: index == 1 ? nil : Double(index) * 10, isFinal: index < count - 1)
        }
    }

    @Test("writes a schema, a batch and an end, all aligned to eight bytes")
    func framesMessages() throws {
        let stream = try ArrowTests.series(ArrowTests.bars(3)).encoded(as: .arrow)
        let reader = try StreamReader(stream)
        #expect(reader.schema.byte(1) == 1)
        #expect(reader.batch.byte(1) == 3)
        #expect(reader.schema.short(0) == 4)
        #expect(stream.readableBytes % 8 == 0)
        #expect(reader.end == [0xFFFF_FFFF, 0])
    }

    @Test("names the columns, their types and whether they may be null")
    func describesColumns() throws {
        let reader = try StreamReader(try ArrowTests.series(ArrowTests.bars(3)).encoded(as: .arrow))
        let fields = reader.schema.table(2).tables(1)
        #expect(fields.map { $0.text(0) } == ["time", "open", "high", "low", "close", "volume", "final"])
        #expect(fields.map { $0.byte(2) } == [10, 3, 3, 3, 3, 3, 6])
        #expect(fields.map { $0.byte(1) } == [0, 0, 0, 0, 0, 1, 0])
        #expect(fields[0].table(3).text(1) == "Asia/Kolkata")
    }

    @Test("counts rows and nulls, and places every buffer")
    func placesBuffers() throws {
        let reader = try StreamReader(try ArrowTests.series(ArrowTests.bars(3)).encoded(as: .arrow))
        let batch = reader.batch.table(2)
        #expect(batch.long(0) == 3)
        #expect(batch.pairs(1).map(\.1) == [0, 0, 0, 0, 0, 1, 0])
        let buffers = batch.pairs(2)
        #expect(buffers.map(\.1) == [0, 24, 0, 24, 0, 24, 0, 24, 0, 24, 1, 24, 0, 1])
        #expect(buffers.allSatisfy { $0.0 % 64 == 0 })
        #expect(reader.body(buffers[3]).readDoubles() == [100, 101, 102])
        #expect(Array(reader.body(buffers[10]).readableBytesView) == [0b101])
        #expect(Array(reader.body(buffers[13]).readableBytesView) == [0b011])
    }

    @Test("carries the provenance and the response without its rows as metadata")
    func carriesProvenance() throws {
        let reader = try StreamReader(try ArrowTests.series(ArrowTests.bars(3)).encoded(as: .arrow))
        let pairs = reader.schema.table(2).tables(2).map { ($0.text(0), $0.text(1)) }
        let metadata = Dictionary(uniqueKeysWithValues: pairs)
        #expect(metadata["source"] == "mock")
        #expect(metadata["mode"] == "simulated")
        let heading = try #require(metadata["bhav"])
        #expect(heading.contains(#""symbol":"NSE:NIFTY""#))
        #expect(heading.contains(#""bars":[]"#))
    }

    @Test("keeps the columns of an empty response", arguments: ["5m", "1d"])
    func keepsColumnsWithoutRows(interval: String) throws {
        let reader = try StreamReader(try ArrowTests.series([], interval: interval).encoded(as: .arrow))
        #expect(reader.batch.table(2).long(0) == 0)
        let names = reader.schema.table(2).tables(1).map { $0.text(0) }
        #expect(
            names == ["time", "open", "high", "low", "close", "volume", "final"]
                + (interval == "1d" ? ["tradingDay"] : []))
    }

    @Test("writes text with offsets, and null for what is unknown")
    func writesText() {
        let column = ArrowColumn.texts("reason", ["é", nil, "", "ab"])
        #expect(column.nullCount == 1)
        #expect(Array(column.buffers[0].readableBytesView) == [0b1101])
        var offsets = column.buffers[1]
        #expect(
            offsets.readMultipleIntegers(endianness: .little, as: (Int32, Int32, Int32, Int32, Int32).self)! == (
                0, 2, 2, 2, 4
            ))
        #expect(String(buffer: column.buffers[2]) == "éab")
    }

    @Test("writes numbers that are not finite as null")
    func refusesInfinity() {
        let column = ArrowColumn.numbers("open", isNullable: false, [1, .infinity, .nan])
        #expect(column.nullCount == 2)
        #expect(column.isNullable)
    }

    @Test("packs more than eight flags, least significant bit first")
    func packsFlags() {
        let column = ArrowColumn.flags("final", [true, false, false, false, false, false, false, true, true])
        #expect(Array(column.buffers[1].readableBytesView) == [0b1000_0001, 0b1])
    }
}

/// Reads what Arrow's own readers read of a stream: the frames, and tables of FlatBuffers by slot.
private struct StreamReader {
    let schema: Table
    let batch: Table
    let end: [UInt32]
    private let bodyBytes: ByteBuffer

    init(_ stream: ByteBuffer) throws {
        var stream = stream
        schema = try StreamReader.message(&stream)
        batch = try StreamReader.message(&stream)
        bodyBytes = try required(stream.readSlice(length: Int(batch.long(3))))
        end = [try required(stream.readInteger()), try required(stream.readInteger())]
        guard stream.readableBytes == 0 else { throw Malformed() }
    }

    func body(_ place: (Int64, Int64)) -> ByteBuffer {
        bodyBytes.getSlice(at: bodyBytes.readerIndex + Int(place.0), length: Int(place.1)) ?? ByteBuffer()
    }

    private static func message(_ stream: inout ByteBuffer) throws -> Table {
        guard stream.readInteger(as: UInt32.self) == .max else { throw Malformed() }
        let length = Int(try required(stream.readInteger(endianness: .little, as: UInt32.self)))
        guard length % 8 == 0 else { throw Malformed() }
        let bytes = Array(try required(stream.readBytes(length: length)))
        return Table(bytes: bytes, start: Int(Table.integer(bytes, 0, UInt32.self)))
    }
}

private struct Malformed: Error {}

private func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Malformed() }
    return value
}

private struct Table {
    let bytes: [UInt8]
    let start: Int

    static func integer<Word: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int, _: Word.Type) -> Word {
        bytes[place..<place + MemoryLayout<Word>.size].reversed().reduce(0) { $0 << 8 | Word(truncatingIfNeeded: $1) }
    }

    private func place(_ slot: Int) -> Int? {
        let fields = start - Int(Table.integer(bytes, start, Int32.self))
        guard 4 + 2 * slot < Int(Table.integer(bytes, fields, UInt16.self)) else { return nil }
        let offset = Int(Table.integer(bytes, fields + 4 + 2 * slot, UInt16.self))
        return offset == 0 ? nil : start + offset
    }

    private func target(_ place: Int) -> Int { place + Int(Table.integer(bytes, place, UInt32.self)) }

    func byte(_ slot: Int) -> UInt8 { place(slot).map { bytes[$0] } ?? 0 }
    func short(_ slot: Int) -> Int16 { place(slot).map { Table.integer(bytes, $0, Int16.self) } ?? 0 }
    func long(_ slot: Int) -> Int64 { place(slot).map { Table.integer(bytes, $0, Int64.self) } ?? 0 }
    func table(_ slot: Int) -> Table { Table(bytes: bytes, start: place(slot).map(target) ?? 0) }

    func text(_ slot: Int) -> String {
        guard let text = place(slot).map(target) else { return "" }
        let length = Int(Table.integer(bytes, text, UInt32.self))
        return String(decoding: bytes[text + 4..<text + 4 + length], as: UTF8.self)
    }

    func tables(_ slot: Int) -> [Table] {
        guard let list = place(slot).map(target) else { return [] }
        return (0..<Int(Table.integer(bytes, list, UInt32.self))).map { index in
            Table(bytes: bytes, start: target(list + 4 + 4 * index))
        }
    }

    func pairs(_ slot: Int) -> [(Int64, Int64)] {
        guard let list = place(slot).map(target) else { return [] }
        return (0..<Int(Table.integer(bytes, list, UInt32.self))).map { index in
            let pair = list + 4 + 16 * index
            return (Table.integer(bytes, pair, Int64.self), Table.integer(bytes, pair + 8, Int64.self))
        }
    }
}

extension ByteBuffer {
    fileprivate func readDoubles() -> [Double] {
        var copy = self
        var doubles: [Double] = []
        while let bits = copy.readInteger(endianness: .little, as: UInt64.self) {
            doubles.append(Double(bitPattern: bits))
        }
        return doubles
    }
}
