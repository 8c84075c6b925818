import JSON
import MarketData

/// Reads `timescale_update` and `du` from the bytes, beginning after `"p":[`. Every skipped byte is checked; a
/// spelling that is not the server's usual one is left to the general way.
enum ChartUpdateReader {
    static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> ChartUpdate {
        cursor.skipSpace()
        var update = ChartUpdate(session: SessionID(rawValue: try cursor.readString()), blocks: [])
        try cursor.expect(UInt8(ascii: ","), "the blocks of an update are missing")
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            update.blocks.append(try readBlock(&cursor, id: key.text))
        }
        cursor.skipSpace()
        while cursor.take(UInt8(ascii: ",")) {
            cursor.skipSpace()
            if cursor.current == UInt8(ascii: "{"), update.scale == nil {
                update.scale = try readScale(&cursor)
            } else {
                try cursor.skipValue()
            }
            cursor.skipSpace()
        }
        update.serverTime = try readTail(&cursor)
        return update
    }

    /// Reads what follows the parameters: `],"t":…,"t_ms":…}` and the end.
    static func readTail(_ cursor: inout JSONCursor) throws(JSONFault) -> Timestamp? {
        try cursor.expect(UInt8(ascii: "]"), "the parameters do not end")
        var clock = ServerClock()
        while cursor.take(UInt8(ascii: ",")) {
            cursor.skipSpace()
            let key = try cursor.readKey()
            try cursor.expect(UInt8(ascii: ":"), "expected a colon")
            if key.isEqual(to: "t_ms") {
                clock.milliseconds = try cursor.readNumber()
            } else if key.isEqual(to: "t") {
                clock.seconds = try cursor.readNumber()
            } else if key.isEqual(to: "m") || key.isEqual(to: "p") {
                throw cursor.fault("a message says twice what it is")
            } else {
                try cursor.skipValue()
            }
            cursor.skipSpace()
        }
        try cursor.expect(UInt8(ascii: "}"), "the message does not end")
        try cursor.expectEnd()
        return clock.time
    }

    private static func readBlock(_ cursor: inout JSONCursor, id: String) throws(JSONFault) -> ChartBlock {
        var block = ChartBlock(id: id, kind: .other)
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if key.isEqual(to: "s") {
                block.kind = .series
                block.bars = try readBars(&cursor)
            } else if key.isEqual(to: "t") {
                block.turnaround = try cursor.readString()
            } else if key.isEqual(to: "lbs") {
                block.barCloseTime = try readBarCloseTime(&cursor)
            } else if key.isEqual(to: "st") {
                throw cursor.fault("studies are rare and read the general way")
            } else {
                if block.kind == .other, key.isEqual(to: "plots") { block.kind = .drawing }
                try cursor.skipValue()
            }
        }
        return block
    }

    /// Reads `[{"i":0,"v":[time,open,high,low,close,volume,openInterest]},…]`, the last two items optional.
    private static func readBars(_ cursor: inout JSONCursor) throws(JSONFault) -> [SeriesBar] {
        var bars: [SeriesBar] = []
        guard cursor.take("[") else { throw cursor.fault("expected a list of bars") }
        if cursor.take(UInt8(ascii: "]")) { return bars }
        bars = PlainBarReader.read(&cursor)
        if bars.isEmpty || cursor.take(UInt8(ascii: ",")) {
            // One that is written in another way, and what follows it.
            repeat { bars.append(try readBar(&cursor)) } while cursor.take(UInt8(ascii: ","))
        }
        guard cursor.take(UInt8(ascii: "]")) else { throw cursor.fault("expected the end of the bars") }
        return bars
    }

    /// Reads a bar whose numbers may be written in any way.
    @inline(never)
    private static func readBar(_ cursor: inout JSONCursor) throws(JSONFault) -> SeriesBar {
        guard cursor.take("{\"i\":") else { throw cursor.fault("expected a bar") }
        let index = try cursor.readInteger()
        guard cursor.take(",\"v\":[") else { throw cursor.fault("expected the values of a bar") }
        let seconds = try cursor.readNumber()
        let open = try readNext(&cursor)
        let high = try readNext(&cursor)
        let low = try readNext(&cursor)
        let close = try readNext(&cursor)
        let volume: Double? = cursor.current == UInt8(ascii: ",") ? try readNext(&cursor) : nil
        let interest: Double? = cursor.current == UInt8(ascii: ",") ? try readNext(&cursor) : nil
        guard cursor.take("]}") else { throw cursor.fault("expected the end of a bar") }
        guard
            let bar = SeriesBar(
                index: index, seconds: seconds, open, high, low, close, volume: volume, openInterest: interest)
        else { throw cursor.fault("a bar has no time or price") }
        return bar
    }

    private static func readNext(_ cursor: inout JSONCursor) throws(JSONFault) -> Double {
        guard cursor.take(UInt8(ascii: ",")) else { throw cursor.fault("a bar has too few values") }
        return try cursor.readNumber()
    }

    private static func readBarCloseTime(_ cursor: inout JSONCursor) throws(JSONFault) -> Timestamp? {
        var time: Timestamp?
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if key.isEqual(to: "bar_close_time") {
                time = Timestamp(wireSeconds: try cursor.readNumber())
            } else {
                try cursor.skipValue()
            }
        }
        return time
    }

    private static func readScale(_ cursor: inout JSONCursor) throws(JSONFault) -> TimeScale {
        var scale = TimeScale()
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if key.isEqual(to: "index") {
                scale.index = try cursor.readInteger()
            } else if key.isEqual(to: "zoffset") {
                scale.zeroOffset = try cursor.readInteger()
            } else if key.isEqual(to: "changes") {
                scale.changes = 0
                try cursor.readArray { (cursor) throws(JSONFault) in
                    scale.changes += 1
                    try cursor.skipValue()
                }
            } else {
                try cursor.skipValue()
            }
        }
        return scale
    }
}

/// Reads bars of plain numbers in one go.
///
/// Nothing is read beyond the end: the text ends with `}`, which is not part of a number and occurs in none of the
/// texts that are compared before the last one of a bar.
enum PlainBarReader {
    /// The bars at the cursor, up to one that is written in another way, or as many as there is room for. The cursor
    /// is then after the last of them, before a comma or the end of the list.
    static func read(_ cursor: inout JSONCursor) -> [SeriesBar] {
        guard let bytes = cursor.bytes.baseAddress, cursor.position < cursor.bytes.count,
            cursor.bytes[cursor.bytes.count - 1] == UInt8(ascii: "}")
        else { return [] }
        var length = cursor.position
        while bytes[length] != UInt8(ascii: "}") { length += 1 }
        length -= cursor.position
        // As many as there can be where none is much shorter than the first.
        let room = (cursor.bytes.count - cursor.position) / max(length - 4, 24) + 1
        var position = bytes + cursor.position
        let end = bytes + cursor.bytes.count
        let bars = [SeriesBar](unsafeUninitializedCapacity: room) { room, count in
            count = read(&position, end, into: room)
        }
        cursor.position = position - bytes
        return bars
    }

    @inline(never)
    private static func read(
        _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
        into room: UnsafeMutableBufferPointer<SeriesBar>
    ) -> Int {
        var count = 0
        var place = position
        while count < room.count {
            guard take("{\"i\":", &place), let index = PlainNumber.integer(&place), take(",\"v\":[", &place),
                let seconds = PlainNumber.double(&place), let time = Timestamp(wireSeconds: seconds),
                take(",", &place), let open = PlainNumber.double(&place),
                take(",", &place), let high = PlainNumber.double(&place),
                take(",", &place), let low = PlainNumber.double(&place),
                take(",", &place), let close = PlainNumber.double(&place)
            else { return count }
            var volume: Double?
            var interest: Double?
            if take(",", &place) {
                volume = PlainNumber.double(&place)
                if volume == nil { return count }
                if take(",", &place) {
                    interest = PlainNumber.double(&place)
                    if interest == nil { return count }
                }
            }
            guard take("]}", &place) else { return count }
            room.initializeElement(
                at: count,
                to: SeriesBar(
                    index: index, time: time, open: open, high: high, low: low, close: close, volume: volume,
                    openInterest: interest))
            count += 1
            position = place
            guard place < end, take(",", &place) else { return count }
        }
        return count
    }
}

extension SeriesBar {
    /// What the server writes for a number that it does not know.
    static let unknown = 1e100

    /// A bar from the numbers on the wire; `nil` where time or a price is not a number. An unknown volume is `nil`.
    @inline(__always)
    init?(
        index: Int,
        seconds: Double,
        _ open: Double,
        _ high: Double,
        _ low: Double,
        _ close: Double,
        volume: Double?,
        openInterest: Double?
    ) {
        guard let time = Timestamp(wireSeconds: seconds), abs(open) < SeriesBar.unknown,
            abs(high) < SeriesBar.unknown, abs(low) < SeriesBar.unknown, abs(close) < SeriesBar.unknown
        else { return nil }
        self.init(
            index: index,
            time: time,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: SeriesBar.known(volume),
            openInterest: SeriesBar.known(openInterest)
        )
    }

    @inline(__always)
    private static func known(_ number: Double?) -> Double? {
        guard let number, abs(number) < unknown else { return nil }
        return number
    }

    /// Reads `{"i":…,"v":[…]}` of any spelling.
    init(_ value: JSONValue) throws(MessageFault) {
        guard let index = value["i"]?.integer, let values = value["v"]?.array else {
            throw MessageFault("a bar has no index or values")
        }
        let numbers = values.compactMap(\.double)
        // Volume and open interest may be null; time and prices may not.
        guard values.count >= 5, values.prefix(5).allSatisfy({ $0.double != nil }),
            values.dropFirst(5).allSatisfy({ $0.double != nil || $0.isNull })
        else { throw MessageFault("a bar has a missing value or one that is not a number") }
        let bar = SeriesBar(
            index: index,
            seconds: numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            volume: values.dropFirst(5).first?.double,
            openInterest: values.dropFirst(6).first?.double
        )
        guard let bar else { throw MessageFault("a bar has no time or price") }
        self = bar
    }
}
